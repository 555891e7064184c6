import type { PollItem } from '../model/plan.ts';
import { keyPropertyOf, type Table } from '../model/table.ts';
import type { RowShaper } from '../run/codec/shape-row.ts';
import { deterministicId } from '../run/deterministic-id.ts';
import type { ChangedEntry, DeletedEntry, LoggedEntry } from './feed-log.ts';

/** A change with its position in the log, from which an item is made. */
export interface ItemSource<Entry> extends Pick<LoggedEntry, 'epoch' | 'sequence'> {
  readonly entry: Entry;
  /** For a row that did not change itself: when its filter was evaluated before. */
  readonly evaluatedAfterMs?: number | undefined;
}

type RowEntry = Pick<ChangedEntry, 'id' | 'version' | 'createdMs' | 'modifiedMs' | 'modifiedBy' | 'row'>;

/**
 * A row as an item. The same trigger, row, version and kind of change give the same id. The id of a created row depends on
 * the time of its creation instead of its version: it can be created again with its id after a deletion. A row can come to
 * match a filter again without a new version.
 */
export function toItem(
  trigger: string,
  shapeRow: RowShaper,
  { entry, epoch, sequence, evaluatedAfterMs }: ItemSource<RowEntry>,
  change: 'created' | 'updated' | 'left',
): PollItem {
  const { id, version, createdMs, modifiedMs, modifiedBy, row } = entry;
  const isCreated = change === 'created';
  const evaluation = evaluatedAfterMs === undefined ? [] : [`after ${evaluatedAfterMs}`];
  return {
    id: itemId(trigger, epoch, [id, isCreated ? String(createdMs) : version, change, ...evaluation]),
    change,
    at: new Date(isCreated ? createdMs : modifiedMs).toISOString(),
    epoch,
    sequence,
    version,
    by: modifiedBy,
    row: shapeRow(row),
  };
}

/** A passed deadline as an item. Its id depends on row and deadline: a postponed deadline is another item. */
export function toDueItem(
  trigger: string,
  shapeRow: RowShaper,
  { entry, epoch, sequence }: ItemSource<RowEntry>,
  dueMs: number,
): PollItem {
  const { id, version, modifiedBy, row } = entry;
  const at = new Date(dueMs).toISOString();
  return {
    id: itemId(trigger, epoch, [id, at, 'due']),
    change: 'due',
    at,
    epoch,
    sequence,
    version,
    by: modifiedBy,
    row: shapeRow(row),
  };
}

/** A deletion as an item; only the id of the row is known. `atMs` is the time at which the deletion was read. */
export function toDeletedItem(
  trigger: string,
  table: Table,
  { entry, epoch, sequence }: ItemSource<Pick<DeletedEntry, 'id' | 'atMs'>>,
): PollItem {
  return {
    id: itemId(trigger, epoch, [entry.id, '', 'deleted']),
    change: 'deleted',
    at: new Date(entry.atMs).toISOString(),
    epoch,
    sequence,
    row: { [keyPropertyOf(table)]: entry.id },
  };
}

/** After a restore, a row can get a version, or be deleted, a second time. */
function itemId(trigger: string, epoch: number, parts: readonly string[]): string {
  return deterministicId(trigger, ...parts, ...(epoch === 0 ? [] : [String(epoch)]));
}
