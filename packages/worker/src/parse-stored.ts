import type { Checkpoint, PollItem } from 'dynamics365-connector';
import { isJsonObject, omitUndefined } from 'dynamics365-connector/host';
import type { FeedState, PollFailure, PushFigures } from './subscription-status.ts';
import type { OutboxEvent } from './worker-store.ts';

/** An event as it is stored: its item, with the trace of its poll if there is one. */
export function toStoredItem({ item, trace }: Pick<OutboxEvent, 'item' | 'trace'>): string {
  return JSON.stringify(trace === undefined ? item : { ...item, trace });
}

/** A stored event; without an item if the text is not one. */
export function parseEvent(text: string): { readonly item: PollItem | undefined; readonly trace?: string } {
  const stored = parseObject(text);
  if (typeof stored?.id !== 'string' || !isJsonObject(stored.row)) return { item: undefined };
  const { trace, ...item } = stored;
  if (trace === undefined) return { item: stored as unknown as PollItem };
  return { item: item as unknown as PollItem, ...(typeof trace === 'string' && { trace }) };
}

/** The item of a stored event; undefined if the text is not one. */
export function parseItem(text: string): PollItem | undefined {
  return parseEvent(text).item;
}

/** A stored checkpoint, or the fact that it cannot be read. There is none before the first poll. */
export function parseCheckpoint(text: string | undefined): {
  readonly checkpoint?: Checkpoint;
  readonly unreadable?: boolean;
} {
  if (text === undefined) return {};
  const checkpoint = parseObject(text);
  return checkpoint === undefined ? { unreadable: true } : { checkpoint };
}

/** A stored failure. A text that cannot be read is still a failure. */
export function parseFailure(text: string): PollFailure {
  const failure = parseObject(text);
  if (failure !== undefined) return failure as unknown as PollFailure;
  return { code: 'UNEXPECTED', message: 'The stored failure cannot be read.' };
}

/** A stored state of a feed; undefined if the text is not one. */
export function parseFeedState(text: string): FeedState | undefined {
  const state = parseObject(text);
  const isKnown = state?.kind === 'rewound' || state?.kind === 'baselining';
  return isKnown ? (state as unknown as FeedState) : undefined;
}

/** Stored figures of push; undefined if the text has none. */
export function parsePushFigures(text: string): PushFigures | undefined {
  const { wakes, lost, unannounced, problem } = parseObject(text) ?? {};
  if (![wakes, lost, unannounced].every(Number.isSafeInteger)) return undefined;
  return omitUndefined({
    ...{ wakes: Number(wakes), lost: Number(lost), unannounced: Number(unannounced) },
    problem: typeof problem === 'string' ? problem : undefined,
  });
}

function parseObject(text: string) {
  try {
    const value: unknown = JSON.parse(text);
    return isJsonObject(value) ? value : undefined;
  } catch {
    return undefined;
  }
}
