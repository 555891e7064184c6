import { classifyChange } from './classify-change.ts';
import { advanceCursor, windowQuery } from './cursor.ts';
import { dueQuery } from './due.ts';
import { followDeltaLink } from './follow-delta-link.ts';

/** The decisions on which it hangs that nothing is lost or repeated; each is one function. */
export interface Strategy {
  /** What the window asks for. */
  readonly query: typeof windowQuery;
  /** What is asked for of deadlines. */
  readonly dueQuery: typeof dueQuery;
  /** Where the place moves after a finished read. */
  readonly advance: typeof advanceCursor;
  /** What an unseen version means. */
  readonly classify: typeof classifyChange;
  /** How deletions are told. */
  readonly follow: typeof followDeltaLink;
}

/** The decisions that are right. Others serve to prove that the tests would notice. */
export const standardStrategy: Strategy = {
  query: windowQuery,
  dueQuery,
  advance: advanceCursor,
  classify: classifyChange,
  follow: followDeltaLink,
};
