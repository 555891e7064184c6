import { expect } from 'chai';
import { checkRewind } from '../../src/feed/check-rewind.ts';
import type { Cursor } from '../../src/feed/cursor.ts';
import { type DeletionState, loadDeletionState, saveDeletionState } from '../../src/feed/deletion-state.ts';
import { noDeletions } from '../../src/feed/read-deletions.ts';
import { loadRecentRows, saveRecentRows } from '../../src/feed/recent-rows.ts';
import type { RowQuery } from '../../src/feed/row-reader-port.ts';
import { type Answer, idOf, openRead, rowOf, start } from './scripted-read.ts';
import { requestError } from './simulated-org.ts';

const overlapMs = 600_000;
const times: Cursor = { readFromMs: start, newSinceMs: start };
const watermark = { version: 5n, atMs: start };
const recent = (n: number) => ({ id: idOf(n), version: BigInt(n), lastMs: start });

/** A check of a feed that remembers these rows and deletions. */
async function check(
  answers: readonly (Answer | Error)[],
  {
    rows = [],
    deletedIds = [],
    cursor = times,
    areTracked = true,
    deletions = { reported: { [idOf(7)]: start }, link: { url: 'link', atMs: start } },
    ...options
  }: Parameters<typeof openRead>[1] & {
    readonly rows?: readonly ReturnType<typeof recent>[];
    readonly deletedIds?: readonly string[];
    readonly cursor?: Cursor;
    readonly areTracked?: boolean;
    readonly deletions?: DeletionState;
  } = {},
) {
  const { read, asked } = openRead(answers, options);
  const { feed, buffer } = read;
  saveRecentRows(feed, buffer, { rows, completeFrom: 0n, deletedIds });
  saveDeletionState(feed, buffer, deletions);
  const now = { cursor, deletions: { ...noDeletions, areTracked }, outdated: [] };
  const head = await checkRewind(read, now);
  const isScanning = (await loadDeletionState(feed, buffer)).scan !== undefined;
  return { head, asked, isScanning, remembered: await loadRecentRows(feed, buffer) };
}

describe('feed: the check for a restore', () => {
  it('is not made while a restore is being read', async () => {
    const { head, asked } = await check([], { head: { rewind: { done: 0 } }, rows: [recent(1)] });
    expect([head, asked]).to.deep.equal([{}, []]);
  });

  it('takes a deleted row that is there for proof if every change up to it was read', async () => {
    const back = { rows: [rowOf(5)] };
    for (const [proof, cursor] of [
      [false, times],
      [true, { ...times, readFromMs: start + 1 }],
      [false, { ...times, readFromMs: start + 1, watermark }],
      [true, { ...times, version: 5n, watermark }],
      [false, { ...times, version: 4n, watermark }],
    ] as const) {
      const answers = 'version' in cursor ? [back, {}, back, {}] : [back, back];
      const { head } = await check(answers, { deletedIds: [idOf(5)], cursor });
      expect(
        head.epoch,
        JSON.stringify(cursor, (_, value) => String(value)),
      ).to.equal(proof ? 1 : undefined);
    }
  });

  it('reads proof twice, since a replica can lag', async () => {
    const lagging = { rows: [rowOf(4, { incidentid: idOf(5) })] };
    const { head } = await check([lagging, { rows: [rowOf(5)] }, { serverTimeMs: start }], {
      rows: [recent(5)],
    });
    expect(head).to.not.have.property('epoch');
  });

  it('changes nothing if all rows are as they were', async () => {
    const { head, asked } = await check([{ rows: [rowOf(5)] }], {
      rows: [recent(5)],
      head: { cursor: times },
    });
    expect([head, asked.length]).to.deep.equal([{}, 1]);
  });
});

describe('feed: after a restore', () => {
  const older = { rows: [rowOf(4, { incidentid: idOf(5) })] };
  const restored = [older, older, { rows: [rowOf(3)], serverTimeMs: start }];

  it('the feed forgets what it remembered, and compares all rows in the next epoch', async () => {
    const { head, remembered } = await check(restored, {
      rows: [recent(5)],
      deletedIds: [idOf(9)],
      head: { epoch: 4 },
    });
    expect(head).to.deep.include({ epoch: 5, rewind: { done: 0 }, highestVersion: 3n });
    expect(remembered).to.deep.equal({ rows: [recent(3)], completeFrom: 4n, deletedIds: [] });
  });

  it('deletions are scanned again if they are watched', async () => {
    for (const deletions of [true, false]) {
      const { isScanning } = await check(restored, {
        rows: [recent(5)],
        needs: { deletions },
        areTracked: false,
      });
      expect(isScanning).to.equal(deletions);
    }
  });
});

describe('feed: after rows are missing', () => {
  const missing = (initial: Answer | Error, head: NonNullable<Parameters<typeof openRead>[1]>['head'] = {}) =>
    check([{ rows: [rowOf(2)] }, initial], { rows: [recent(1), recent(2)], deletedIds: [idOf(9)], head });

  it('they are remembered as deleted, and the others as they are now', async () => {
    const { head, remembered, asked } = await missing({ rows: [rowOf(3)], serverTimeMs: start });
    expect(head).to.not.have.any.keys('epoch', 'rewind');
    expect(remembered.deletedIds).to.deep.equal([idOf(1), idOf(9)]);
    expect(remembered.rows).to.deep.equal([recent(3)]);
    expect((asked[0] as RowQuery).filter).to.include(idOf(9));
  });

  it('deletions are scanned again, unless a scan has found that they are missing', async () => {
    for (const areTracked of [true, false]) {
      const { isScanning } = await check([], { rows: [recent(1)], needs: { deletions: true }, areTracked });
      expect(isScanning).to.equal(areTracked);
    }
  });

  it('the time since the earliest of three is read again: last check, last read, and now', async () => {
    const nowMs = start + overlapMs;
    const at = async (checkedAtMs: number, cursor?: Cursor) =>
      (await missing({ serverTimeMs: nowMs }, { checkedAtMs, cursor })).head.cursor;
    expect((await at(nowMs - 5, times))?.readFromMs).to.equal(start - 5);
    expect((await at(nowMs + 5, { ...times, readFromMs: start - 9 }))?.readFromMs).to.equal(start - 9);
    expect((await at(nowMs + 5, { ...times, readFromMs: start + 9 }))?.readFromMs).to.equal(start);
    expect(await at(nowMs + 5)).to.deep.include({ readFromMs: start, newSinceMs: start });
  });

  it('a row is new as before: since the time of the read before, or the time that is read again', async () => {
    const nowMs = start + overlapMs;
    for (const [newSinceMs, expectedMs] of [
      [start - 9, start - 9],
      [start + 9, start],
    ] as const) {
      const { head } = await missing(
        { serverTimeMs: nowMs },
        { checkedAtMs: nowMs, cursor: { readFromMs: start, newSinceMs } },
      );
      expect(head.cursor?.newSinceMs).to.equal(expectedMs);
    }
  });

  it('versions are read from the lowest on that was not read before', async () => {
    const versionOf = async (cursor?: Cursor) =>
      (await missing({ rows: [rowOf(7)], serverTimeMs: start }, { cursor })).head.cursor?.watermark;
    expect(await versionOf({ ...times, version: 4n, watermark })).to.deep.equal({ version: 4n, atMs: start });
    expect((await versionOf({ ...times, watermark }))?.version).to.equal(5n);
    expect((await versionOf({ ...times, version: 8n, watermark }))?.version).to.equal(7n);
    expect((await versionOf())?.version).to.equal(7n);
  });

  it('times are read if the organization rejects a filter on versions', async () => {
    const { read } = openRead([]);
    const rejected = requestError('0x0', 'no', 400);
    const { head } = await check([{}, rejected, { serverTimeMs: start }], {
      rows: [recent(1)],
      head: { checkedAtMs: start, cursor: { ...times, watermark } },
    });
    expect(head.cursor).to.deep.equal({ readFromMs: start - read.overlapMs, newSinceMs: start - overlapMs });
  });
});
