import { expect } from 'chai';
import type { FeedReadResult, OpenedSubscription } from 'dynamics365-connector/host';
import { caseTable } from '../../../../test/feed/fixtures.ts';
import { nextFeedPush, type PushedRead, toPushFigures } from '../../src/push/count-unannounced.ts';
import type { ConnectionPush, FeedPush } from '../../src/push/push-state.ts';

const minute = 60_000;
const start = Date.UTC(2026, 0, 15, 9);
const healthy: ConnectionPush = { checkedAtMs: 0, tables: {}, lost: {}, jobs: { untilMs: 0, ids: [] } };

const watching = (columns: readonly string[] = []): OpenedSubscription =>
  ({
    table: caseTable,
    trigger: { id: 'x', watch: { changes: ['created', 'updated'], columns, where: [], intervalMs: minute } },
    params: {},
  }) as OpenedSubscription;

/** A read with one changed row, minutes after the start. */
function readOf({
  atMin = 10,
  changedMin = 5,
  wokenMin = 0,
  isNew = false,
  changedColumns = [] as readonly string[],
  isShort = false,
  isByWebhook = false,
  columns = [] as readonly string[],
  connection = healthy as ConnectionPush | undefined,
} = {}): PushedRead {
  const readAtMs = start + atMin * minute;
  const modifiedMs = start + changedMin * minute;
  const entry = { kind: 'changed', id: '1', createdMs: 0, modifiedMs, atMs: readAtMs, isNew, changedColumns };
  const head = { readAtMs, wokenAtMs: start + wokenMin * minute };
  const read = { head, entries: [entry], isShort } as unknown as FeedReadResult;
  return { read, subscriptions: [watching(columns)], connection, isByWebhook, webhookDelayMs: minute };
}

const before: FeedPush = { sinceMs: start, wakes: 4, unannounced: 2 };

describe('changes that no webhook told of', () => {
  it('are counted if a poll on schedule finds them after the last webhook', () => {
    const next = nextFeedPush(before, readOf());
    expect(next).to.deep.include({
      wakes: 4,
      unannounced: 3,
      missed: { atMs: start + 10 * minute, count: 1 },
    });
    expect(toPushFigures(next, readOf()).problem).to.include('1 change that no webhook told of');
  });

  const expected: Readonly<Record<string, Parameters<typeof readOf>[0]>> = {
    'a webhook came after them: it may have been theirs': { wokenMin: 6 },
    'they are so young that their webhook may be on its way': { changedMin: 9.5 },
    'they are from before the registration': { changedMin: -1 },
    'no step sends the columns that changed': { columns: ['priority'], changedColumns: ['title'] },
    'the read was caused by a webhook': { isShort: true },
    'the webhooks were known not to work': { connection: { ...healthy, problem: 'x' } },
  };
  for (const [title, read] of Object.entries(expected)) {
    it(`are not counted if ${title}`, () => {
      expect(nextFeedPush(before, readOf(read)).unannounced).to.equal(2);
    });
  }

  it('are counted if a watched column changed, or the row is new', () => {
    const columns = ['priority'];
    expect(nextFeedPush(before, readOf({ columns, changedColumns: ['prioritycode'] })).unannounced).to.equal(
      3,
    );
    expect(nextFeedPush(before, readOf({ columns, isNew: true })).unannounced).to.equal(3);
  });

  it('have beside them the polls that webhooks caused: not those that a repair caused', () => {
    expect(nextFeedPush(before, readOf({ isShort: true })).wakes).to.equal(4);
    expect(nextFeedPush(before, readOf({ isShort: true, isByWebhook: true })).wakes).to.equal(5);
  });

  it('shorten the interval for a quarter of an hour', () => {
    const missed = { ...before, missed: { atMs: start, count: 2 } };
    expect(toPushFigures(missed, readOf({ atMin: 14 })).problem).to.include('2 changes');
    expect(toPushFigures(missed, readOf({ atMin: 15 })).problem).to.equal(undefined);
  });

  it('count from the first read after the registration on', () => {
    const fresh = { ...before, sinceMs: 0 };
    expect(nextFeedPush(fresh, readOf())).to.deep.include({ sinceMs: start + 10 * minute, unannounced: 2 });
  });

  it('a connection that may not read its registration is trusted once a webhook has come', () => {
    const connection = { ...healthy, isUnverified: true };
    expect(toPushFigures({ ...before, wakes: 0 }, readOf({ connection })).problem).to.include(
      'Nothing tells',
    );
    expect(toPushFigures(before, readOf({ connection })).problem).to.equal(undefined);
  });
});
