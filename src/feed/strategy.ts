import { changeOf, columnChangeOf, isNewRow } from './classify-change.ts';
import { compareRecent } from './compare-recent.ts';
import { advanceCursor, keepCursor, windowQuery } from './cursor.ts';
import { dueQuery } from './due.ts';
import { followDeltaLink } from './follow-delta-link.ts';
import { isOwnChange } from './is-own-change.ts';

/** The decisions that ensure that no change is lost or repeated; each is one function. */
export interface Strategy {
  /** The query of the window. */
  readonly query: typeof windowQuery;
  /** The query for deadlines. */
  readonly dueQuery: typeof dueQuery;
  /** The cursor after a completed read. */
  readonly advance: typeof advanceCursor;
  /** The cursor after a wake. */
  readonly afterWake: typeof keepCursor;
  /** Whether an unknown version is that of a new row. */
  readonly isNew: typeof isNewRow;
  /** The kind of change as which a subscription reports an entry. */
  readonly classify: typeof changeOf;
  /** Whether a watched column has changed. */
  readonly compareColumns: typeof columnChangeOf;
  /** Whether a change is only our own. */
  readonly isOwnChange: typeof isOwnChange;
  /** Whether recorded rows are what they were, or the organization was restored. */
  readonly compareRecent: typeof compareRecent;
  /** How deletions are read. */
  readonly follow: typeof followDeltaLink;
}

/** The strategy of every read. Mutants of it show that the tests detect a wrong decision. */
export const standardStrategy: Strategy = {
  query: windowQuery,
  dueQuery,
  advance: advanceCursor,
  afterWake: keepCursor,
  isNew: isNewRow,
  classify: changeOf,
  compareColumns: columnChangeOf,
  isOwnChange,
  compareRecent,
  follow: followDeltaLink,
};
