import { createdOrUpdated } from './created-or-updated.ts';
import { dueQuery } from './due.ts';
import { followLink } from './follow-link.ts';
import { advance, windowQuery } from './window.ts';

/** The decisions on which it hangs that nothing is lost or repeated; each is one function. */
export interface Strategy {
  /** What the window asks for. */
  readonly query: typeof windowQuery;
  /** What is asked for of deadlines. */
  readonly dueQuery: typeof dueQuery;
  /** Where the place moves after a finished read. */
  readonly advance: typeof advance;
  /** What an unseen version means. */
  readonly classify: typeof createdOrUpdated;
  /** How deletions are told. */
  readonly follow: typeof followLink;
}

/** The decisions that are right. Others serve to prove that the tests would notice. */
export const standardStrategy: Strategy = {
  query: windowQuery,
  dueQuery,
  advance,
  classify: createdOrUpdated,
  follow: followLink,
};
