import { expect } from 'chai';
import fc from 'fast-check';
import { advanceCursor, type windowQuery } from '../../src/poll/cursor.ts';
import { dueQuery } from '../../src/poll/due.ts';
import { type Strategy, standardStrategy } from '../../src/poll/strategy.ts';
import { minute } from './fixtures.ts';
import { dueHistories, runDueHistory } from './run-due-history.ts';

/** `HISTORIES=2000 npm test -- test/engine/poll` plays more. */
const histories = Number(process.env.HISTORIES ?? 300);
/** So many must do to find out a poller that goes wrong; always the same ones. */
const mostHistories = 50;

async function isFoundOut(wrong: Partial<Strategy>): Promise<boolean> {
  const run = await fc.check(
    fc.asyncProperty(dueHistories(), async (history) => {
      await runDueHistory(history, { ...standardStrategy, ...wrong });
    }),
    { numRuns: mostHistories, endOnFailure: true, seed: 2026 },
  );
  return run.failed;
}

describe('deadlines, over random histories', () => {
  it('are told each once, none too early, none of a finished task, and none is lost', async () => {
    await fc.assert(
      fc.asyncProperty(dueHistories(), async (history) => {
        await runDueHistory(history);
      }),
      { numRuns: histories },
    );
  }).timeout(histories * 100);
});

describe(`a poller of deadlines that goes wrong is found out within ${mostHistories} histories`, () => {
  it('when it looks at deadlines alone, not at rows that changed after theirs', async () => {
    const query: typeof windowQuery = (_, __, key) => ({
      filter: 'modifiedon ge 2999-01-01T00:00:00Z',
      orderBy: `modifiedon asc,${key} asc`,
    });
    expect(await isFoundOut({ query })).to.equal(true);
  });

  it('when it looks at rows that changed alone', async () => {
    const never: typeof dueQuery = (columns) => dueQuery(columns, 0, 1000);
    expect(await isFoundOut({ dueQuery: never })).to.equal(true);
  });

  it('when it asks for what is later than the last deadline, not the same or later', async () => {
    const later: typeof dueQuery = (columns, fromMs, untilMs) => {
      const right = dueQuery(columns, fromMs, untilMs);
      return { ...right, filter: right.filter.replace(' ge ', ' gt ') };
    };
    expect(await isFoundOut({ dueQuery: later })).to.equal(true);
  });

  it('when it does not look back for late commits', async () => {
    const noOverlap: typeof advanceCursor = (place, sweep) => advanceCursor(place, sweep, 0);
    expect(await isFoundOut({ advance: noOverlap })).to.equal(true);
  });

  it('when it goes by its own clock, which is fast', async () => {
    const fast: typeof advanceCursor = (place, sweep, overlapMs) =>
      advanceCursor(place, { ...sweep, startedMs: sweep.startedMs + 20 * minute }, overlapMs);
    expect(await isFoundOut({ advance: fast })).to.equal(true);
  });
});
