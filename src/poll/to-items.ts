import type { ChangeType } from '../model/definition.ts';
import type { PollItem } from '../model/plan.ts';
import type { Table } from '../model/table.ts';
import { deterministicId } from '../run/deterministic-id.ts';
import { shapeRow } from '../run/shape-row.ts';
import { type ColumnChange, hasChangedTo, watchedColumns } from './column-fingerprints.ts';
import type { PollContext, PollRequest } from './poll-context.ts';
import type { RowFacts } from './row-facts.ts';

/** A version that was not seen before, and what is known of it. */
export interface UnseenVersion {
  readonly facts: RowFacts;
  readonly change: ChangeType;
  readonly columnChange: ColumnChange;
}

/** Decides which fresh versions are events of this trigger, and puts them into words. */
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
    // A new row has no past to compare with: what it was born with counts where new rows are watched.
    if (change === 'updated' && columnChange !== 'changed') return undefined;
    if (!hasChangedTo(changedTo, watched, facts)) return undefined;
    return toItem(trigger.id, table, { facts, change });
  };
}

/**
 * A row as an item. Its id names the change: the same trigger, record, version and kind give the same id. A record is
 * created once, whatever version of it is seen by then.
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

/** A deadline that came. Its id names row and deadline: moved to another time, it is another event. */
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

/** The item of a deletion, of which only the record's id is known, and that we learned of it `atMs`. */
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
