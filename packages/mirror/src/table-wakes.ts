import type { Clock } from 'dynamics365-connector';

/** Ends the waits of tables whose rows have changed. */
export interface TableWakes {
  wake(table: string): void;
  /** Waits for an interval, or less if the table was woken since its last wait. */
  wait(everyMs: number, signal: AbortSignal, table: string): Promise<void>;
}

/** Many hints come together: a bulk write sends one for each row. */
const quietMs = 500;

export function createTableWakes(clock: Clock): TableWakes {
  const woken = new Map<string, AbortController>();
  const wakeOf = (table: string) => {
    const known = woken.get(table) ?? new AbortController();
    woken.set(table, known);
    return known;
  };
  return {
    wake: (table) => wakeOf(table).abort(),
    async wait(everyMs, signal, table) {
      const { signal: wake } = wakeOf(table);
      await clock.sleep(everyMs, AbortSignal.any([signal, wake])).catch(() => {});
      if (wake.aborted) await clock.sleep(Math.min(quietMs, everyMs), signal).catch(() => {});
      woken.delete(table);
    },
  };
}
