import { expect } from 'chai';
import { type DeletionState, loadDeletionState, saveDeletionState } from '../../src/feed/deletion-state.ts';
import { readIdLists, saveIdList } from '../../src/feed/known-ids.ts';
import {
  confirmDeletions,
  noDeletions,
  readDeletions,
  restartKeyScan,
} from '../../src/feed/read-deletions.ts';
import type { RowQuery, WireRow } from '../../src/feed/row-reader-port.ts';
import { unreadRow } from '../../src/feed/row-records.ts';
import { type Answer, idOf, openRead, rowOf, start } from './scripted-read.ts';
import { requestError } from './simulated-org.ts';

const overlapMs = 600_000;
const link = { url: 'link', atMs: start };
const deleted = (n: number): WireRow => ({ '@odata.context': 'x/$deletedEntity', id: idOf(n) });
const entry = (n: number, atMs = start) => ({ kind: 'deleted', id: idOf(n), atMs });
const added = (...numbers: readonly number[]) => ({ lists: [], added: numbers.map(idOf), removed: [] });

/** A read with this state of deletions. */
function open(
  state: Partial<DeletionState>,
  answers: readonly (Answer | Error)[] = [],
  options: Parameters<typeof openRead>[1] = {},
) {
  const opened = openRead(answers, options);
  const { feed, buffer } = opened.read;
  saveDeletionState(feed, buffer, { reported: {}, ...state });
  return { ...opened, stateAfter: async () => await loadDeletionState(feed, buffer) };
}

/** A row that this read has recorded. */
const recorded = (n: number) => ({ id: idOf(n), version: BigInt(n), lastMs: start });

describe('feed: the deletions of a delta link', () => {
  it('are reported once each, and the ids of the table follow', async () => {
    const rows = [rowOf(1), deleted(2), deleted(3), { no: 'key' }];
    const { read, asked, dead, stateAfter, recordOf } = open(
      { link, knownIds: added(2, 3, 4), reported: { [idOf(3)]: start - 5 } },
      [{ rows, deltaLink: 'newer' }],
    );
    expect(await readDeletions(read)).to.deep.equal({
      entries: [entry(2)],
      hasMore: false,
      areTracked: true,
    });
    expect([asked, dead]).to.deep.equal([['link'], [{ no: 'key' }]]);
    expect(await stateAfter()).to.deep.equal({
      link,
      newerLink: { url: 'newer', atMs: start },
      knownIds: { lists: [], added: [idOf(4), idOf(1)], removed: [idOf(2), idOf(3)] },
      reported: { [idOf(2)]: start, [idOf(3)]: start - 5 },
    });
    expect((await recordOf(2))?.isDeleted).to.equal(true);
  });

  it('are read if the ids of the table are not known', async () => {
    const { read, stateAfter } = open({ link }, [{ rows: [rowOf(1), deleted(2)], deltaLink: 'newer' }]);
    expect((await readDeletions(read)).entries).to.deep.equal([entry(2)]);
    expect((await stateAfter()).knownIds).to.deep.equal({ lists: [], added: [idOf(1)], removed: [idOf(2)] });
  });

  it('are confirmed if the link has a change of the row, too: it may have been created again', async () => {
    const rows = [deleted(1), rowOf(1), deleted(2), rowOf(2), deleted(3), rowOf(3), deleted(4)];
    const { read, asked, stateAfter } = open({ link, reported: { [idOf(3)]: start } }, [
      { rows, deltaLink: 'newer' },
      { rows: [rowOf(1)] },
    ]);
    expect((await readDeletions(read)).entries).to.deep.equal([entry(2), entry(4)]);
    expect((asked[1] as RowQuery).filter).to.equal(`incidentid eq ${idOf(1)} or incidentid eq ${idOf(2)}`);
    expect((await stateAfter()).knownIds).to.deep.equal({
      lists: [],
      added: [idOf(1)],
      removed: [idOf(2), idOf(3), idOf(4)],
    });
  });

  it('are all confirmed if the link is read in parts: another part may have the change', async () => {
    const following = { page: 'b', startedMs: start - 5 };
    const { read, asked, stateAfter } = open({ link, following, reported: { [idOf(3)]: start } }, [
      { rows: [deleted(1), deleted(2), deleted(3)], deltaLink: 'newer' },
      { rows: [rowOf(1)] },
    ]);
    expect((await readDeletions(read)).entries).to.deep.equal([entry(2)]);
    expect(asked[0]).to.equal('b');
    expect((asked[1] as RowQuery).filter).to.equal(`incidentid eq ${idOf(1)} or incidentid eq ${idOf(2)}`);
    expect(await stateAfter()).to.not.have.property('following');
  });

  it('can be reported again if a read has found the row meanwhile', async () => {
    const { read, stateAfter } = open({ link, knownIds: added(), reported: { [idOf(1)]: start - 5 } }, [
      { rows: [deleted(1)], deltaLink: 'newer' },
    ]);
    read.recorded.push(recorded(1), recorded(2));
    expect((await readDeletions(read)).entries).to.deep.equal([entry(1)]);
    expect((await stateAfter()).knownIds).to.deep.equal({ lists: [], added: [idOf(2)], removed: [idOf(1)] });
  });
});

describe('feed: the delta link of the next read', () => {
  it('is the page at which a limit stopped this one', async () => {
    const { read, stateAfter } = open({ link, newerLink: link }, [{ rows: [deleted(1)], nextLink: 'b' }], {
      pages: 1,
    });
    const { entries, hasMore } = await readDeletions(read);
    expect({ entries, hasMore }).to.deep.equal({ entries: [entry(1)], hasMore: true });
    expect(await stateAfter()).to.deep.include({
      link,
      newerLink: link,
      following: { page: 'b', startedMs: start },
    });
  });

  it('stays until the newer one is one overlap old', async () => {
    for (const [ageMs, url] of [
      [overlapMs - 1, 'link'],
      [overlapMs, 'second'],
    ] as const) {
      const newerLink = { url: 'second', atMs: start - ageMs };
      const { read, stateAfter } = open({ link, newerLink }, [{ deltaLink: 'third' }]);
      await readDeletions(read);
      const state = await stateAfter();
      expect([state.link?.url, state.newerLink?.url], String(ageMs)).to.deep.equal(
        url === 'link' ? ['link', 'second'] : ['second', 'third'],
      );
    }
  });

  it('lets deletions be forgotten that it cannot return: those of one overlap before it', async () => {
    const newerLink = { url: 'second', atMs: start - overlapMs };
    const oldestMs = newerLink.atMs - overlapMs;
    const reported = { [idOf(1)]: oldestMs - 1, [idOf(2)]: oldestMs };
    const { read, stateAfter } = open({ link, newerLink, reported }, [{ deltaLink: 'third' }]);
    await readDeletions(read);
    expect((await stateAfter()).reported).to.deep.equal({ [idOf(2)]: oldestMs });
    const early = open({ link, newerLink: { ...newerLink, atMs: start - 1 }, reported }, [
      { deltaLink: 'third' },
    ]);
    await readDeletions(early.read);
    expect((await early.stateAfter()).reported).to.deep.equal(reported);
  });

  it('is replaced by a scan of all keys if the organization refuses it', async () => {
    const state = { link, knownIds: added(1), reported: { [idOf(2)]: start } };
    const { read, stateAfter } = open(state, [requestError('0x0', 'expired', 410)]);
    expect(await readDeletions(read)).to.deep.equal({ entries: [], hasMore: true, areTracked: true });
    const { link: _, ...rest } = state;
    expect(await stateAfter()).to.deep.equal({ ...rest, scan: { lists: [] } });
  });

  it('waits for a second scan of all keys when its time has come', async () => {
    for (const newerLink of [undefined, { url: 'second', atMs: start - 1 }, { url: 'second', atMs: 0 }]) {
      const due = open({ link, newerLink, rescanAtMs: start }, [{ deltaLink: 'third' }]);
      expect((await readDeletions(due.read)).hasMore).to.equal(true);
      const scanning = await due.stateAfter();
      expect([scanning.scan, scanning.rescanAtMs]).to.deep.equal([{ lists: [] }, undefined]);
      const early = open({ link, newerLink, rescanAtMs: start + 1 }, [{ deltaLink: 'third' }]);
      expect((await readDeletions(early.read)).hasMore).to.equal(false);
      const waiting = await early.stateAfter();
      expect([waiting.scan, waiting.rescanAtMs]).to.deep.equal([undefined, start + 1]);
    }
  });
});

describe('feed: a scan of all keys', () => {
  const scan = { lists: [] };

  it('comes before the delta link, and reports the rows that it and a further read do not find', async () => {
    const state = {
      link,
      newerLink: link,
      scan,
      knownIds: added(1, 2, 3, 4),
      reported: { [idOf(1)]: start, [idOf(4)]: start },
    };
    const { read, asked, stateAfter } = open(state, [
      { rows: [rowOf(1)], deltaLink: 'd' },
      { rows: [rowOf(2)] },
    ]);
    expect(await readDeletions(read)).to.deep.equal({
      entries: [entry(3)],
      hasMore: false,
      areTracked: false,
    });
    expect((asked[1] as RowQuery).filter).to.equal(
      [2, 3, 4].map((n) => `incidentid eq ${idOf(n)}`).join(' or '),
    );
    const { knownIds, ...rest } = await stateAfter();
    expect(rest).to.deep.equal({ link, newerLink: link, reported: { [idOf(3)]: start, [idOf(4)]: start } });
    expect(knownIds).to.deep.include({ added: [idOf(2)], removed: [] });
    expect(await readIdLists(read, knownIds?.lists ?? [])).to.deep.equal(new Set([idOf(1)]));
  });

  it('is followed by a second one an overlap later if it is the first one', async () => {
    const { read, stateAfter } = open({ scan }, [{ rows: [rowOf(1)], deltaLink: 'd' }]);
    expect((await readDeletions(read)).entries).to.deep.equal([]);
    expect(await stateAfter()).to.deep.include({
      link: { url: 'd', atMs: start },
      rescanAtMs: start + overlapMs,
      reported: {},
    });
  });

  it('stops at its limit, and reports nothing before its end', async () => {
    const state = { link, scan, knownIds: added(2), reported: { [idOf(1)]: start } };
    const { read, stateAfter } = open(state, [{ rows: [rowOf(1)], nextLink: 'b' }], { pages: 1 });
    expect(await readDeletions(read)).to.deep.equal({ entries: [], hasMore: true, areTracked: false });
    const { scan: next, ...rest } = await stateAfter();
    expect([next?.page, next?.lists.length]).to.deep.equal(['b', 1]);
    expect(rest).to.deep.equal({ link, knownIds: added(2), reported: state.reported });
  });

  it('starts again if a list of its ids is lost', async () => {
    const state = { scan: { page: 'b', lists: ['lost'] }, knownIds: added(2) };
    const { read, stateAfter } = open(state, [{ rows: [rowOf(1)], deltaLink: 'd' }]);
    expect(await readDeletions(read)).to.deep.equal({ entries: [], hasMore: true, areTracked: false });
    expect(await stateAfter()).to.deep.equal({ scan, knownIds: added(2), reported: {} });
  });

  it('removes the lists of ids that it replaces', async () => {
    const { read } = open({});
    const before = saveIdList(read, [idOf(1)]);
    saveDeletionState(read.feed, read.buffer, {
      scan,
      knownIds: { ...added(), lists: [before] },
      reported: {},
    });
    await restartKeyScan(read);
    expect(await readIdLists(read, [before]), 'as long as a scan needs it').to.deep.equal(new Set([idOf(1)]));
    const { read: next } = open({}, [{ rows: [rowOf(1)], deltaLink: 'd' }]);
    const old = saveIdList(next, [idOf(1)]);
    saveDeletionState(next.feed, next.buffer, { scan, knownIds: { ...added(), lists: [old] }, reported: {} });
    await readDeletions(next);
    expect(await readIdLists(next, [old])).to.equal(undefined);
  });
});

describe('feed: deletions that a wake told of', () => {
  it('are reported if Dataverse does not find the row and they were not reported', async () => {
    const { read, asked, stateAfter, recordOf } = open(
      { link, reported: { [idOf(1)]: start }, knownIds: added(3) },
      [{ serverTimeMs: start + 5 }, { rows: [rowOf(4)] }],
    );
    read.records.set(idOf(2), { ...unreadRow, isDeleted: true });
    const ids = [idOf(1), idOf(2), 'no id', idOf(3).toUpperCase(), idOf(3), idOf(4)];
    expect(await confirmDeletions(read, ids)).to.deep.equal({
      entries: [entry(3, start + 5)],
      hasMore: false,
      areTracked: true,
    });
    expect(asked).to.deep.equal([idOf(3), idOf(4)]);
    expect(await stateAfter()).to.deep.equal({
      link,
      reported: { [idOf(1)]: start, [idOf(3)]: start + 5 },
      knownIds: { lists: [], added: [], removed: [idOf(3)] },
    });
    expect((await recordOf(3))?.isDeleted).to.equal(true);
  });

  it('are left to a scan of all keys while it runs', async () => {
    const { read, asked } = open({ link, scan: { lists: [] } });
    expect((await confirmDeletions(read, [idOf(1)])).entries).to.deep.equal([]);
    expect(asked).to.deep.equal([]);
  });

  it('are reported before the ids of the table are known', async () => {
    const { read, stateAfter } = open({ link });
    expect((await confirmDeletions(read, [idOf(1)])).entries).to.deep.equal([entry(1)]);
    expect(await stateAfter()).to.deep.equal({ link, reported: { [idOf(1)]: start } });
  });

  it('change nothing if there are none and no row was read', async () => {
    const { read, asked } = openRead([]);
    expect(await confirmDeletions(read, [])).to.equal(noDeletions);
    expect(noDeletions).to.deep.equal({ entries: [], hasMore: false, areTracked: true });
    expect([read.buffer.isEmpty, asked]).to.deep.equal([true, []]);
  });

  it('can be reported again of rows that this read has found', async () => {
    const { read, stateAfter } = open({ link, reported: { [idOf(1)]: start }, knownIds: added() });
    read.recorded.push(recorded(1));
    expect((await confirmDeletions(read, [])).entries).to.deep.equal([]);
    expect(await stateAfter()).to.deep.equal({ link, reported: {}, knownIds: added(1) });
  });
});
