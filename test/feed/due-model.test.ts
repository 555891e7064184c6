import { expect } from 'chai';
import fc from 'fast-check';
import { advanceCursor, type windowQuery } from '../../src/feed/cursor.ts';
import { dueQuery } from '../../src/feed/due.ts';
import { type Strategy, standardStrategy } from '../../src/feed/strategy.ts';
import { minute } from './fixtures.ts';
import { dueHistories, runDueHistory } from './run-due-history.ts';

/** `npm run soak:feed` plays more. */
const histories = Number(process.env.HISTORIES ?? 75);
/** So many must do to find out a poller that goes wrong; always the same ones. */
const maxHistories = 50;

async function isFoundOut(wrong: Partial<Strategy>): Promise<boolean> {
  const run = await fc.check(
    fc.asyncProperty(dueHistories(), async (history) => {
      await runDueHistory(history, { ...standardStrategy, ...wrong });
    }),
    { numRuns: maxHistories, endOnFailure: true, seed: 2026 },
  );
  return run.failed;
}

describe('poll: deadlines over random histories', () => {
  it('are reported exactly once, never early, and never for a finished task', async () => {
    await fc.assert(
      fc.asyncProperty(dueHistories(), async (history) => {
        await runDueHistory(history);
      }),
      { numRuns: histories },
    );
  }).timeout(300_000 + histories * 100);
});

describe(`mutants of deadline polling fail within ${maxHistories} histories`, () => {
  it('reading deadlines only, not rows that changed after their deadline', async () => {
    const query: typeof windowQuery = (_, __, key) => ({
      filter: 'modifiedon ge 2999-01-01T00:00:00Z',
      orderBy: `modifiedon asc,${key} asc`,
    });
    expect(await isFoundOut({ query })).to.equal(true);
  });

  it('reading changed rows only', async () => {
    const never: typeof dueQuery = (columns) => dueQuery(columns, 0, 1000);
    expect(await isFoundOut({ dueQuery: never })).to.equal(true);
  });

  it('reading later deadlines only, not equal ones', async () => {
    const later: typeof dueQuery = (columns, fromMs, untilMs) => {
      const right = dueQuery(columns, fromMs, untilMs);
      return { ...right, filter: right.filter.replace(' ge ', ' gt ') };
    };
    expect(await isFoundOut({ dueQuery: later })).to.equal(true);
  });

  it('reading without an overlap', async () => {
    const noOverlap: typeof advanceCursor = (place, sweep) => advanceCursor(place, sweep, 0);
    expect(await isFoundOut({ advance: noOverlap })).to.equal(true);
  });

  it('using its own clock, which is fast', async () => {
    const fast: typeof advanceCursor = (place, sweep, overlapMs) =>
      advanceCursor(place, { ...sweep, startedMs: sweep.startedMs + 20 * minute }, overlapMs);
    expect(await isFoundOut({ advance: fast })).to.equal(true);
  });
});
