import type { MirrorTarget } from '../../src/target/target.ts';

/** The process ends here. */
class Crash extends Error {}

/** A target whose process ends at some transactions: before they are committed, or right after. */
export function createFailingTarget(
  target: MirrorTarget,
  crashes: () => 'before' | 'after' | undefined,
): MirrorTarget {
  return {
    ...target,
    async transaction(work) {
      const crash = crashes();
      try {
        const result = await target.transaction(async (sql) => {
          const done = await work(sql);
          if (crash === 'before') throw new Crash();
          return done;
        });
        if (crash === undefined) return result;
      } catch (error) {
        // A driver may convert the error that ends its transaction.
        if (crash === undefined) throw error;
      }
      throw new Crash();
    },
  };
}
