import { setTimeout as wait } from 'node:timers/promises';
import type { Clock } from '../model/world.ts';

/** Node fires a timer at once when it is set further ahead than this. */
const longestTimerMs = 2 ** 31 - 1;

/** The clock of this machine. */
export const systemClock: Clock = {
  now: () => Date.now(),
  async sleep(ms, signal) {
    try {
      let left = ms;
      do {
        await wait(Math.min(left, longestTimerMs), undefined, { signal });
        left -= longestTimerMs;
      } while (left > 0);
    } catch (error) {
      throw signal?.aborted ? signal.reason : error;
    }
  },
};
