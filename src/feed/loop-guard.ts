import { ConnectorError } from '../errors/connector-error.ts';
import type { ChangedEntry } from './feed-log.ts';

/** Rows that a subscription reported again within a minute: the time of the first of these items, and their number. */
export type RecentItems = Readonly<Record<string, readonly [sinceMs: number, items: number]>>;

/** A row that a subscription reported too often. */
export interface DetectedLoop {
  readonly rowId: string;
  /** The number of items within a minute. */
  readonly items: number;
}

/** A row that is reported more often within a minute is most likely changed by what its items start. */
export const defaultMaxRowItems = 30;

const minuteMs = 60_000;

/** The time between two changes of a row; undefined if it is a minute or more. */
export function timeSinceLast(beforeMs: number, afterMs: number): number | undefined {
  return afterMs - beforeMs < minuteMs ? Math.max(0, afterMs - beforeMs) : undefined;
}

/**
 * Counts the items of each row within a minute. Items of rows whose change before is older are not counted, so that the
 * result stays small: a count can be one too low. It depends on nothing but its parameters, so a repeated derivation
 * counts the same.
 */
export function countRowItems(
  before: RecentItems,
  reported: readonly ChangedEntry[],
  maxRowItems: number,
): { readonly recent: RecentItems; readonly loop?: DetectedLoop } {
  const counts = new Map(Object.entries(before));
  let loop: DetectedLoop | undefined;
  for (const { id, modifiedMs, sinceLastMs } of reported) {
    const counted = countItem(counts.get(id), modifiedMs, sinceLastMs);
    if (counted === undefined) counts.delete(id);
    else counts.set(id, counted);
    const items = counted?.[1] ?? 1;
    if (items > maxRowItems && items > (loop?.items ?? 0)) loop = { rowId: id, items };
  }
  const nowMs = Math.max(0, ...reported.map(({ modifiedMs }) => modifiedMs));
  const recent = [...counts].filter(([, [sinceMs]]) => nowMs - sinceMs < minuteMs);
  return { recent: Object.fromEntries(recent), loop };
}

function countItem(
  before: RecentItems[string] | undefined,
  modifiedMs: number,
  sinceLastMs: number | undefined,
): RecentItems[string] | undefined {
  if (sinceLastMs === undefined) return undefined;
  const [sinceMs, items] = before ?? [modifiedMs - sinceLastMs, 0];
  return modifiedMs - sinceMs < minuteMs ? [sinceMs, items + 1] : [modifiedMs, 1];
}

/** LOOP_DETECTED for a subscription that reported a row too often. */
export function loopError(trigger: string, { rowId, items }: DetectedLoop): ConnectorError {
  const message = `${trigger}: the row ${rowId} was reported ${items} times within a minute.`;
  return new ConnectorError('LOOP_DETECTED', message, { operation: trigger });
}
