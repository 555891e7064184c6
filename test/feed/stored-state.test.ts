import { expect } from 'chai';
import { createMemoryStore } from '../../src/client/memory-store.ts';
import { ConnectorError } from '../../src/errors/connector-error.ts';
import type { ResolvedWatch } from '../../src/feed/feed.ts';
import { contextOf, feedKey, minute, type PollRequest, poll, requestOf } from './fixtures.ts';
import { SimulatedOrg } from './simulated-org.ts';

/** Changes that are in the log, and not yet reported. */
async function setUp(watch: Partial<ResolvedWatch>, request: Partial<PollRequest> = {}) {
  const org = new SimulatedOrg();
  const store = createMemoryStore();
  const context = contextOf(org.reader, watch, store);
  const pollFrom = (checkpoint?: PollRequest['checkpoint']) =>
    poll(context, requestOf({ ...request, checkpoint }));
  const ids = ['a', 'b', 'c'].map(() => org.insert({ columns: { prioritycode: 1, account: 'a' } }));
  org.wait(minute);
  let { checkpoint } = await pollFrom();
  for (let rounds = 0; rounds < 2; rounds++) {
    for (const id of ids) org.update(id, { columns: { prioritycode: 1 } });
    org.wait(minute);
    ({ checkpoint } = await pollFrom(checkpoint));
  }
  const reported = checkpoint;
  for (const id of ids) {
    org.update(id, { columns: { prioritycode: 2 } });
    org.wait(minute);
    await pollFrom(checkpoint);
  }
  org.wait(16 * minute);
  for (const id of ids) org.update(id, { columns: { prioritycode: 3 } });
  return { store, pollFrom: () => pollFrom(reported) };
}

type Subscribed = readonly [watch: Partial<ResolvedWatch>, request?: Partial<PollRequest>];

/** What a subscription stores by itself is read, too. */
const subscriptions: Readonly<Record<'in' | 'matching', Subscribed>> = {
  in: [
    { changes: ['created', 'updated', 'deleted', 'left'], columns: ['prioritycode'] },
    { filter: 'prioritycode eq 1' },
  ],
  matching: [{ changes: ['updated'] }, { filter: "account/name eq 'a'", isReevaluated: true }],
};

const otherShapes = ['{', 'null', '{}', '[null]', '""', '7', '[[1]]', '{"a":null}'];

describe('stored state of a feed', () => {
  for (const [own, [watch, request]] of Object.entries(subscriptions)) {
    it(`fails with CHECKPOINT_INVALID and the key of a value that cannot be read (${own})`, async () => {
      const { store, pollFrom } = await setUp(watch, request);
      const keys = await store.keys(feedKey);
      const stored = await store.getMany(keys);
      expect(keys).to.have.length.above(4);
      const wrong: string[] = [];
      const failed = new Set<string>();
      for (const key of keys.filter((each) => !each.includes('/ids/'))) {
        for (const text of otherShapes) {
          await store.writeMany(new Map([...stored].map(([each, { value }]) => [each, value])));
          await store.writeMany(new Map([[key, text]]));
          const error: unknown = await pollFrom().then(
            () => undefined,
            (thrown: unknown) => thrown,
          );
          if (error === undefined) continue;
          failed.add(key.slice(feedKey.length).split('/', 1)[0] ?? '');
          const isNamed =
            error instanceof ConnectorError &&
            error.code === 'CHECKPOINT_INVALID' &&
            error.message.includes(key);
          if (!isNamed) wrong.push(`${key} <- ${text}: ${error}`);
        }
      }
      expect(wrong).to.deep.equal([]);
      expect([...failed]).to.include.members(['head', 'log', 'recent', 'row', own]);
    });
  }

  it('a part of the log that is missing is read again, which the log of events says by name', async () => {
    const org = new SimulatedOrg();
    const store = createMemoryStore();
    const context = contextOf(org.reader, { changes: ['updated'] }, store);
    const ids = [org.insert(), org.insert()];
    org.wait(minute);
    const { checkpoint } = await poll(context, requestOf());
    for (const id of ids) {
      org.update(id);
      org.wait(minute);
      await poll(context, requestOf({ checkpoint }));
    }
    const [first] = await store.keys(`${feedKey}log/`);
    await store.delete(first ?? '');
    const { items } = await poll(context, requestOf({ checkpoint }));
    expect(items.map(({ row }) => row.id)).to.have.members(ids);
    expect(context.logged.map(({ event }) => event)).to.include('feed.catch-up');
  });
});
