import { setImmediate } from 'node:timers/promises';

/** Longest time, in milliseconds, that a document is made without a pause. */
const maxMs = 10;

/**
 * Lets other requests of the process go on while a document is made. The returned function is called between parts, and
 * waits for a turn of the event loop if the parts since the last pause took too long.
 */
export function createPauses(): () => Promise<void> {
  let pausedAt = performance.now();
  return async () => {
    if (performance.now() - pausedAt < maxMs) return;
    await setImmediate();
    pausedAt = performance.now();
  };
}

/** Maps each value, with pauses between them. */
export async function mapWithPauses<From, To>(
  values: readonly From[],
  map: (value: From) => To,
  pause: () => Promise<void>,
): Promise<readonly To[]> {
  const mapped: To[] = [];
  for (const value of values) {
    mapped.push(map(value));
    await pause();
  }
  return mapped;
}
