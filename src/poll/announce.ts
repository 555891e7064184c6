import type { Change } from '../model/definition.ts';
import type { PollItem } from '../model/plan.ts';
import type { Table } from '../model/table.ts';
import { namedId } from '../run/ids.ts';
import { shapeRow } from '../run/shape-row.ts';
import type { PollContext, PollRequest } from './poll-context.ts';
import type { RowFacts } from './row-facts.ts';
import { hasBecome, type Sight, watchedColumns } from './shadow.ts';

/** A version that was not seen before, and what is known of it. */
export interface Fresh {
  readonly facts: RowFacts;
  readonly change: Change;
  readonly sight: Sight;
}

/** Decides which fresh versions are events of this trigger, and puts them into words. */
export function createAnnouncer(
  { trigger, table }: PollContext,
  { ignoreChangesBy }: PollRequest,
): (fresh: Fresh) => PollItem | undefined {
  const { changes, becomes } = trigger.watch;
  const watched = watchedColumns(trigger.watch, table);
  const ignored = ignoreChangesBy?.toLowerCase();
  return ({ facts, change, sight }) => {
    if (!changes.includes(change)) return undefined;
    if (ignored !== undefined && facts.modifiedBy === ignored) return undefined;
    // A new row has no past to compare with: what it was born with counts where new rows are watched.
    if (change === 'updated' && sight !== 'changed') return undefined;
    if (!hasBecome(becomes, watched, facts)) return undefined;
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
  { facts, change }: Pick<Fresh, 'facts' | 'change'>,
): PollItem {
  const { id, version, createdMs, modifiedMs, row } = facts;
  return {
    id: namedId(trigger, id, change === 'created' ? '' : String(version), change),
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
  return { id: namedId(trigger, facts.id, at, 'due'), change: 'due', at, row: shapeRow(table, facts.row) };
}

/** The item of a deletion, of which only the record's id is known, and that we learned of it `atMs`. */
export function toDeletedItem(trigger: string, table: Table, gone: { id: string; atMs: number }): PollItem {
  const name = table.columns.find(({ column }) => column === table.key)?.name ?? table.key;
  return {
    id: namedId(trigger, gone.id, '', 'deleted'),
    change: 'deleted',
    at: new Date(gone.atMs).toISOString(),
    row: { [name]: gone.id },
  };
}
