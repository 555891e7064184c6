import { expect } from 'chai';
import fc from 'fast-check';
import { changeOf, columnChangeOf } from '../../src/feed/classify-change.ts';
import { advanceCursor, type keepCursor } from '../../src/feed/cursor.ts';
import { followDeltaLink } from '../../src/feed/follow-delta-link.ts';
import { type Strategy, standardStrategy } from '../../src/feed/strategy.ts';
import { copyHistories } from './copy-history.ts';
import { runCopyHistory, testTriggers } from './run-copy-history.ts';

/** `npm run soak:feed` plays more. */
const histories = Number(process.env.HISTORIES ?? 25);
/** So many must do to find out a wrong decision; always the same ones. */
const maxHistories = 20;

async function isFoundOut(
  wrong: Partial<Strategy>,
  { seed = 2026, restores = false } = {},
): Promise<boolean> {
  const run = await fc.check(
    fc.asyncProperty(copyHistories(testTriggers.length, { restores }), async (history) => {
      await runCopyHistory(history, { ...standardStrategy, ...wrong });
    }),
    { numRuns: maxHistories, endOnFailure: true, seed },
  );
  return run.failed;
}

describe('feed: a copy of a table over random histories', () => {
  it('equals the organization’s rows for whoever applies the items of its triggers', async () => {
    await fc.assert(
      fc.asyncProperty(copyHistories(testTriggers.length), async (history) => {
        await runCopyHistory(history);
      }),
      { numRuns: histories },
    );
  }).timeout(300_000 + histories * 1000);

  it('equals them also after the organization was restored from a backup', async () => {
    await fc.assert(
      fc.asyncProperty(copyHistories(testTriggers.length, { restores: true }), async (history) => {
        await runCopyHistory(history);
      }),
      { numRuns: histories },
    );
  }).timeout(300_000 + histories * 1000);
});

describe(`mutants of the feed fail within ${maxHistories} histories`, () => {
  it('reporting a new row as created only, although it was changed since', async () => {
    const classify: typeof changeOf = (entry, changes) =>
      changeOf({ ...entry, modifiedMs: entry.createdMs }, changes);
    expect(await isFoundOut({ classify })).to.equal(true);
  });

  it('reading without an overlap', async () => {
    const noOverlap: typeof advanceCursor = (cursor, read) => advanceCursor(cursor, read, 0);
    expect(await isFoundOut({ advance: noOverlap })).to.equal(true);
  });

  it('advancing the cursor to the newest version after a wake', async () => {
    const afterWake: typeof keepCursor = (cursor, { highest, endedMs }) => {
      if (cursor.watermark === undefined || highest < cursor.watermark.version) return cursor;
      return { ...cursor, version: highest, watermark: { version: highest, atMs: endedMs } };
    };
    expect(await isFoundOut({ afterWake })).to.equal(true);
  });

  it('not reporting a change of a column whose value before is unknown', async () => {
    const compareColumns: typeof columnChangeOf = (entry, watched) =>
      columnChangeOf({ ...entry, uncertainColumns: [] }, watched);
    // The row must change between the first poll and the page of the walk that has it, which few histories do.
    expect(await isFoundOut({ compareColumns }, { seed: 1 })).to.equal(true);
  });

  it('not looking for a restore of the organization', async () => {
    expect(await isFoundOut({ compareRecent: () => 'same' }, { restores: true })).to.equal(true);
  });

  it('reporting one deletion of each read only', async () => {
    const follow: typeof followDeltaLink = async (options) => {
      const result = await followDeltaLink(options);
      return { ...result, deleted: result.deleted.slice(0, 1) };
    };
    // The check for restores would find the others: rows are missing.
    expect(await isFoundOut({ follow, compareRecent: () => 'same' })).to.equal(true);
  });
});
