import { hasChangedTo, watchedColumns } from './changed-to.ts';
import { dueColumnOf, dueMsOf } from './due.ts';
import type { Feed, FeedSubscription } from './feed.ts';
import type { ChangedEntry, DeletedEntry, DueEntry, FeedEntry, LoggedEntry } from './feed-log.ts';
import { findMatching } from './find-existing.ts';
import { compileFilter } from './match-filter.ts';
import type { RowFacts } from './row-facts.ts';
import type { Strategy } from './strategy.ts';

/** An entry that a subscription reports. */
export type SelectedChange = RowChangeSelected | DeletionSelected;

interface RowChangeSelected extends Omit<LoggedEntry, 'entry'> {
  readonly change: 'created' | 'updated' | 'left' | 'due';
  readonly entry: ChangedEntry | DueEntry;
  /** For `due`: the deadline in milliseconds, and the wire name of its column. */
  readonly dueMs: number;
  readonly dueColumn?: string;
  /** For a row that did not change itself: when its filter was evaluated before. */
  readonly evaluatedAfterMs?: number | undefined;
  /** Whether it is unknown that a watched column changed. */
  readonly isUncertain?: boolean;
}

interface DeletionSelected extends Omit<LoggedEntry, 'entry'> {
  readonly change: 'deleted';
  readonly entry: DeletedEntry;
}

/** When a subscription was activated, and the decisions of the feed. */
export interface SelectOptions {
  readonly activatedMs: number;
  readonly strategy: Strategy;
}

/** The changes among these entries that a subscription watches, without its filter. */
export function selectWatched(
  { table }: Feed,
  { trigger, ignoreChangesBy }: FeedSubscription,
  logged: readonly LoggedEntry[],
  { activatedMs, strategy }: SelectOptions,
): readonly SelectedChange[] {
  const { watch } = trigger;
  const columns = watchedColumns(watch, table);
  const wireNames = columns.map(({ wireName }) => wireName);
  const due = dueColumnOf(watch, table);
  const ignored = ignoreChangesBy?.toLowerCase();
  const select = ({ entry, ...position }: LoggedEntry): SelectedChange | undefined => {
    if (due !== undefined) return selectDue(entry, due, position, activatedMs);
    if (entry.kind === 'deleted')
      return watch.changes.includes('deleted') ? { change: 'deleted', ...position, entry } : undefined;
    if (entry.kind !== 'changed' || (ignored !== undefined && entry.modifiedBy === ignored)) return undefined;
    const change = strategy.classify(entry, watch.changes);
    if (change === undefined) return undefined;
    const columnChange = strategy.compareColumns(entry, wireNames);
    if (columnChange === 'same' || !hasChangedTo(watch.changedTo, columns, entry.row)) return undefined;
    return { change, ...position, entry, dueMs: 0, isUncertain: columnChange === 'uncertain' };
  };
  return logged.map(select).filter((selected) => selected !== undefined);
}

/** A deadline that passed: by its time, or because the row was changed after it. */
function selectDue(
  entry: FeedEntry,
  column: string,
  position: Omit<LoggedEntry, 'entry'>,
  activatedMs: number,
): SelectedChange | undefined {
  if (entry.kind === 'deleted' || (entry.kind === 'due' && entry.column !== column)) return undefined;
  const dueMs = dueMsOf(entry.row, column);
  if (dueMs === undefined || dueMs <= activatedMs || dueMs > entry.atMs) return undefined;
  return { change: 'due', ...position, entry, dueMs, dueColumn: column };
}

/** All changed rows, as changes with which they may have left the filter of a subscription. */
export function selectLeaving(
  { ignoreChangesBy }: FeedSubscription,
  logged: readonly LoggedEntry[],
): readonly SelectedChange[] {
  const ignored = ignoreChangesBy?.toLowerCase();
  return logged.flatMap(({ entry, ...position }) =>
    entry.kind !== 'changed' || (ignored !== undefined && entry.modifiedBy === ignored)
      ? []
      : [{ change: 'left' as const, ...position, entry, dueMs: 0 }],
  );
}

/** Changes whose row matches a filter, and the others. */
export interface FilteredChanges {
  readonly matching: readonly SelectedChange[];
  readonly others: readonly SelectedChange[];
}

/**
 * Separates the changes whose row matches the filter. If only Dataverse can judge it, one request for each hundred rows
 * reads those that match now; then the changes of one row count as one, with its present values.
 */
export async function applyFilter(
  feed: Feed,
  filter: string | undefined,
  selected: readonly SelectedChange[],
): Promise<FilteredChanges> {
  if (filter === undefined || selected.length === 0) return { matching: selected, others: [] };
  const local = compileFilter(filter, feed.table);
  if (local !== undefined && selected.every((each) => hasColumns(each, local.columns))) {
    const matches = ({ change, entry }: SelectedChange) => change === 'deleted' || local.matches(entry.row);
    return { matching: selected.filter(matches), others: selected.filter((each) => !matches(each)) };
  }
  const merged = mergePerRow(selected);
  const ids = merged.filter(({ change }) => change !== 'deleted').map(({ entry }) => entry.id);
  const found = await findMatching(feed, filter, ids);
  const present = merged.map((each) => withPresentRow(each, found.get(each.entry.id)));
  return {
    matching: present.filter((each) => each !== undefined),
    others: merged.filter((_, index) => present[index] === undefined),
  };
}

/** Whether Dataverse sent all of these columns; it does not have those that the organization lacks. */
function hasColumns({ change, entry }: SelectedChange, columns: ReadonlySet<string>): boolean {
  return change === 'deleted' || [...columns].every((column) => entry.row[column] !== undefined);
}

function mergePerRow(selected: readonly SelectedChange[]): readonly SelectedChange[] {
  const merged = new Map<string, SelectedChange>();
  for (const next of selected) {
    const key = next.change === 'due' ? `${next.entry.id} ${next.dueMs}` : next.entry.id;
    const before = merged.get(key);
    // The first entry of a deadline: reported deadlines are compared by the numbers of their entries.
    if (before?.change === 'due') continue;
    merged.delete(key);
    const isStillNew = before?.change === 'created' && next.change === 'updated';
    merged.set(key, isStillNew ? { ...next, change: 'created' } : next);
  }
  return [...merged.values()];
}

/** The change with the row as it is now. A deadline that has moved meanwhile is reported with the row's next change. */
function withPresentRow(selected: SelectedChange, present: RowFacts | undefined): SelectedChange | undefined {
  if (selected.change === 'deleted') return selected;
  if (present === undefined) return undefined;
  const { dueColumn, dueMs, entry } = selected;
  if (dueColumn !== undefined && dueMsOf(present.row, dueColumn) !== dueMs) return undefined;
  return { ...selected, entry: { ...entry, row: present.row } };
}
