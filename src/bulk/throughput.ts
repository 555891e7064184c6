import type { WriteJob } from './write-job.ts';

/** How much a job sends at once. It learns from the outcomes. */
export interface Throughput {
  /** Rows of the next chunk. */
  size(): number;
  /** Requests at the same time. */
  concurrency(): number;
  /** A deadlock: from now on, one request at a time. */
  deadlocked(): void;
  /** A message with this many rows succeeded within this time. */
  succeeded(rows: number, ms: number): void;
  /** A message with this many rows was refused because of one of them. */
  refused(rows: number): void;
  /** A message with this many rows was too large or took too long. */
  tooLarge(rows: number): void;
}

/** Rows of the first bulk message. */
const firstRows = 500;
/** Rows of a bulk message at most: larger ones take long, and one invalid row makes the whole message fail. */
export const maxRows = 4000;
/** Smaller messages are not worth their overhead. */
export const minRows = 50;
/** A message that takes longer is large enough: Dataverse ends a request after two minutes. */
const maxQuickMs = 10_000;
const defaultConcurrency = 4;

/**
 * The throughput of a job: 500 rows in the first message, and 4 requests at a time. The size doubles with a full message
 * that succeeds quickly, and halves with one that is refused; it does not grow back to a size that was too large.
 * https://learn.microsoft.com/power-apps/developer/data-platform/optimize-performance-create-update
 */
export function createThroughput({ concurrency = defaultConcurrency }: WriteJob): Throughput {
  let size = firstRows;
  let largest = maxRows;
  let width = concurrency;
  const shrink = (rows: number) => {
    size = Math.max(minRows, Math.min(size, Math.ceil(rows / 2)));
  };
  return {
    size: () => size,
    concurrency: () => width,
    deadlocked: () => {
      width = 1;
    },
    succeeded: (rows, ms) => {
      if (rows >= size && ms <= maxQuickMs) size = Math.min(largest, size * 2);
    },
    refused: shrink,
    tooLarge: (rows) => {
      shrink(rows);
      largest = Math.min(largest, size);
    },
  };
}
