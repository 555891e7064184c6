import { classifyChange } from './classify-change.ts';
import { advanceCursor, windowQuery } from './cursor.ts';
import { dueQuery } from './due.ts';
import { followDeltaLink } from './follow-delta-link.ts';

/** The decisions that ensure that no change is lost or repeated; each is one function. */
export interface Strategy {
  /** The query of the window. */
  readonly query: typeof windowQuery;
  /** The query for deadlines. */
  readonly dueQuery: typeof dueQuery;
  /** The cursor after a completed read. */
  readonly advance: typeof advanceCursor;
  /** The kind of change of an unseen version. */
  readonly classify: typeof classifyChange;
  /** How deletions are read. */
  readonly follow: typeof followDeltaLink;
}

/** The strategy of every poll. Mutants of it show that the tests detect a wrong decision. */
export const standardStrategy: Strategy = {
  query: windowQuery,
  dueQuery,
  advance: advanceCursor,
  classify: classifyChange,
  follow: followDeltaLink,
};
