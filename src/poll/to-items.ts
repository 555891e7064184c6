import type { ChangeType } from '../model/definition.ts';
import type { PollItem } from '../model/plan.ts';
import type { Table } from '../model/table.ts';
import { deterministicId } from '../run/deterministic-id.ts';
import { shapeRow } from '../run/shape-row.ts';
import { type ColumnChange, hasChangedTo, watchedColumns } from './column-fingerprints.ts';
import type { PollContext, PollRequest } from './poll-context.ts';
import type { RowFacts } from './row-facts.ts';

/** A row version that was not seen before, and its classification. */
export interface UnseenVersion {
  readonly facts: RowFacts;
  readonly change: ChangeType;
  readonly columnChange: ColumnChange;
}

/** Creates a function that turns an unseen version into an item; undefined if the trigger does not report it. */
export function createItemMapper(
  { trigger, table }: PollContext,
  { ignoreChangesBy }: PollRequest,
): (fresh: UnseenVersion) => PollItem | undefined {
  const { changes, changedTo } = trigger.watch;
  const watched = watchedColumns(trigger.watch, table);
  const ignored = ignoreChangesBy?.toLowerCase();
  return ({ facts, change, columnChange }) => {
    if (!changes.includes(change)) return undefined;
    if (ignored !== undefined && facts.modifiedBy === ignored) return undefined;
    // A created row has no earlier values to compare with.
    if (change === 'updated' && columnChange !== 'changed') return undefined;
    if (!hasChangedTo(changedTo, watched, facts)) return undefined;
    return toItem(trigger.id, table, { facts, change });
  };
}

/**
 * A row as an item. The same trigger, row, version and kind of change give the same id. The id of a created row does not
 * depend on the version, since a row is created only once.
 */
export function toItem(
  trigger: string,
  table: Table,
  { facts, change }: Pick<UnseenVersion, 'facts' | 'change'>,
): PollItem {
  const { id, version, createdMs, modifiedMs, row } = facts;
  return {
    id: deterministicId(trigger, id, change === 'created' ? '' : String(version), change),
    change,
    at: new Date(change === 'created' ? createdMs : modifiedMs).toISOString(),
    row: shapeRow(table, row),
  };
}

/** A passed deadline as an item. Its id depends on row and deadline: a postponed deadline is another item. */
export function toDueItem(
  trigger: string,
  table: Table,
  { facts, atMs }: { readonly facts: RowFacts; readonly atMs: number },
): PollItem {
  const at = new Date(atMs).toISOString();
  return {
    id: deterministicId(trigger, facts.id, at, 'due'),
    change: 'due',
    at,
    row: shapeRow(table, facts.row),
  };
}

/** A deletion as an item; only the id of the row is known. `atMs` is the time at which the deletion was read. */
export function toDeletedItem(
  trigger: string,
  table: Table,
  deleted: { id: string; atMs: number },
): PollItem {
  const name = table.columns.find(({ logicalName }) => logicalName === table.key)?.name ?? table.key;
  return {
    id: deterministicId(trigger, deleted.id, '', 'deleted'),
    change: 'deleted',
    at: new Date(deleted.atMs).toISOString(),
    row: { [name]: deleted.id },
  };
}
