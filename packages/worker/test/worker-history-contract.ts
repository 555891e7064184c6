import { expect } from 'chai';
import type { EventQuery } from '../src/worker-history.ts';
import type { ClaimedDelivery, WorkerStore } from '../src/worker-store.ts';
import { createEvent, endPoll } from './fixture.ts';
import { createItem, type StoreUnderTest } from './worker-store-contract.ts';

const dayMs = 86_400_000;

/** Describes what both drivers of the worker store remember for operators. */
export function describeWorkerHistory(name: string, open: () => Promise<StoreUnderTest>): void {
  describe(`worker history: ${name}`, () => {
    let store: WorkerStore;
    let advanceTime: StoreUnderTest['advanceTime'];
    beforeEach(async () => {
      ({ store, advanceTime } = await open());
      await store.syncSubscriptions(
        ['a', 'b'].map((id) => ({ id, connection: 'contoso', trigger: 'case.created' })),
      );
    });
    afterEach(() => store.close());

    /** Stores events of new rows, and claims them. */
    const addEvents = async (subscription: string, ids: readonly string[]) => {
      await store.resume(subscription);
      const claims = await store.claimDuePolls({ maxClaims: 100, maxPerConnection: 100 });
      const claim = claims.find((each) => each.subscription === subscription)!;
      for (const other of claims)
        if (other !== claim) await endPoll(store, { claim: other, dueInMs: 60_000 });
      const events = ids.map((id) => ({ ...createEvent(`row-${id}`, id), item: createItem(id) }));
      await endPoll(store, { claim, events, checkpoint: {}, dueInMs: 60_000 });
      return await claimDeliveries();
    };
    const claimDeliveries = () =>
      store.claimDeliveries({
        ...{ maxDeliveries: 100, maxPerTarget: 100, inFlight: new Map() },
        proved: new Map(['a', 'b'].map((target) => [target, 100])),
      });
    const kill = (delivery: ClaimedDelivery) =>
      store.reject(delivery, { retryInMs: 0, reason: `no ${delivery.rowId}`, deadLetter: true });
    const itemIds = async (query?: EventQuery) =>
      (await store.events(query)).map(({ item }) => (typeof item === 'string' ? item : item.id));
    const statusOf = async (id: string) => (await store.status()).find((each) => each.id === id)!;

    it('lists events that wait, are dead or delivered, newest first and page by page', async () => {
      const [first, second] = await addEvents('a', ['1', '2', '3']);
      await addEvents('b', ['4']);
      await store.acknowledge(first!);
      await kill(second!);
      expect(await itemIds()).to.deep.equal(['4', '3', '2', '1']);
      expect(await itemIds({ subscription: 'a' })).to.deep.equal(['3', '2', '1']);
      expect(await itemIds({ subscription: 'a', order: 'oldest', limit: 2 })).to.deep.equal(['1', '2']);
      expect(await itemIds({ state: 'waiting' })).to.deep.equal(['4', '3']);
      expect(await itemIds({ state: 'dead' })).to.deep.equal(['2']);
      expect(await itemIds({ state: 'delivered', subscription: 'a' })).to.deep.equal(['1']);
      expect(await itemIds({ state: 'delivered', subscription: 'b' })).to.deep.equal([]);
      const [newest, next] = await store.events({ limit: 2 });
      expect(newest!.sequence).to.be.greaterThan(next!.sequence);
      expect(await itemIds({ after: next!.sequence, limit: 1 })).to.deep.equal(['2']);
      expect(await itemIds({ after: next!.sequence, order: 'oldest' })).to.deep.equal(['4']);
      expect(await itemIds({ sequences: [first!.sequence, second!.sequence] })).to.deep.equal(['2', '1']);
    });

    it('tells the times and attempts of an event', async () => {
      const [delivered, waiting] = await addEvents('a', ['1', '2']);
      await advanceTime(2000);
      await store.acknowledge(delivered!);
      await store.reject(waiting!, { retryInMs: 60_000, reason: 'later', deadLetter: false });
      await advanceTime(10_000);
      const [second, first] = await store.events();
      expect(first).to.deep.include({ state: 'delivered', attempts: 1, rowId: 'row-1', target: 'a' });
      expect(first).to.deep.include({ subscription: 'a', trigger: 'case.created', item: createItem('1') });
      expect(first!.deliveredAgoMs).to.be.within(10_000, 70_000);
      expect(first!.storedAgoMs! - first!.deliveredAgoMs!).to.be.within(2000, 60_000);
      expect(second).to.include({ state: 'waiting', attempts: 1 });
      expect(second!.dueInMs).to.be.within(-60_000, 50_000);
      expect(second!.deliveredAgoMs).to.equal(undefined);
    });

    it('forgets a row: its events go, and events of other rows lose its name', async () => {
      const id = '8d1f0c7a-5b1e-4c39-9d55-0a3c1c5d7e90';
      const [claim] = await store.claimDuePolls({ maxClaims: 1, maxPerConnection: 1 });
      const own = { rowId: id.toUpperCase(), item: createItem('own') };
      const row = { id: 'case', title: 'Printer', customer: { table: 'contact', id, name: 'Anna' } };
      const referring = { rowId: 'case', item: { ...createItem('referring'), row } };
      const other = { rowId: 'other', item: createItem('other') };
      await endPoll(store, {
        claim: claim!,
        events: [own, referring, other],
        checkpoint: {},
        dueInMs: 60_000,
      });
      for (const delivery of await claimDeliveries())
        if (delivery.rowId === 'case') await store.acknowledge(delivery);
      expect(await store.forgetRow(id)).to.deep.equal({ deleted: 1, changed: 1 });
      expect(await itemIds({ order: 'oldest' })).to.deep.equal(['referring', 'other']);
      const [delivered] = await store.events({ state: 'delivered' });
      expect((delivered!.item as { row: object }).row).to.deep.equal({
        id: 'case',
        title: 'Printer',
        customer: { table: 'contact', id },
      });
      const { events, waiting, dead, delivered: count } = await statusOf(claim!.subscription);
      expect({ events, waiting, dead, count }).to.deep.equal({ events: 3, waiting: 1, dead: 0, count: 1 });
      expect(await store.forgetRow(id)).to.deep.equal({ deleted: 0, changed: 0 });
    });

    it('deletes dead letters that are old', async () => {
      const [first] = await addEvents('a', ['1']);
      await kill(first!);
      await advanceTime(2 * dayMs);
      const [second] = await addEvents('a', ['2']);
      await kill(second!);
      expect(await store.deleteOldDeadLetters(dayMs)).to.equal(1);
      expect(await itemIds({ state: 'dead' })).to.deep.equal(['2']);
      expect(await statusOf('a')).to.include({ events: 2, dead: 1, delivered: 0 });
      expect(await store.deleteOldDeadLetters(dayMs)).to.equal(0);
    });

    it('lists dead letters with item and reason; one of them is replayed, one forgotten', async () => {
      for (const delivery of await addEvents('a', ['1', '2', '3'])) await kill(delivery);
      await advanceTime(60_000);
      const letters = await store.events({ state: 'dead', order: 'oldest' });
      expect(letters.map(({ reason }) => reason)).to.deep.equal(['no row-1', 'no row-2', 'no row-3']);
      expect(letters[0]).to.deep.include({ subscription: 'a', attempts: 1, item: createItem('1') });
      expect(letters[0]!.deadForMs).to.be.within(60_000, 120_000);
      const [first, second] = letters.map(({ sequence }) => sequence);
      expect(await store.forgetDeadLetters({ sequences: [first!] })).to.equal(1);
      expect(await store.replayDeadLetters({ sequences: [second!] }, 'reread')).to.equal(1);
      expect(await store.replayDeadLetters({ sequences: [second!] }, 'reread'), 'again').to.equal(0);
      expect(await statusOf('a')).to.include({ dead: 1, waiting: 1, delivered: 0 });
      const [replayed] = await claimDeliveries();
      expect(replayed).to.deep.include({ sequence: second, attempt: 1, replay: 'reread' });
      await store.acknowledge(replayed!);
      expect(await store.forgetDeadLetters({})).to.equal(1);
      expect(await statusOf('a')).to.include({ events: 3, dead: 0, delivered: 1 });
    });

    it('keeps delivered events until they are too old, and they do not count toward the outbox', async () => {
      for (const delivery of await addEvents('a', ['1', '2'])) await store.acknowledge(delivery);
      expect(await store.countOutbox(100)).to.equal(0);
      expect(await statusOf('a')).to.include({ events: 2, delivered: 2, waiting: 0 });
      await advanceTime(2 * dayMs);
      for (const delivery of await addEvents('a', ['3'])) await store.acknowledge(delivery);
      expect(await store.deleteOldHistory(3 * dayMs)).to.equal(0);
      expect(await store.deleteOldHistory(dayMs)).to.equal(2);
      expect(await itemIds({ state: 'delivered' })).to.deep.equal(['3']);
      expect(await store.deleteOldHistory(0)).to.be.oneOf([0, 1]);
    });

    it('keeps no delivered event if that is not wanted', async () => {
      const [delivery] = await addEvents('a', ['1']);
      await store.acknowledge(delivery!, { keep: false });
      expect(await itemIds()).to.deep.equal([]);
      expect(await statusOf('a')).to.include({ events: 1, delivered: 1 });
    });

    it('keeps an event once when its delivery is acknowledged twice', async () => {
      const [delivery] = await addEvents('a', ['1']);
      await Promise.all([store.acknowledge(delivery!), store.acknowledge(delivery!)]);
      await store.acknowledge(delivery!);
      expect(await itemIds()).to.deep.equal(['1']);
    });

    it('records the status once a minute, and forgets it after seven days', async () => {
      const [first] = await addEvents('a', ['1', '2']);
      await Promise.all([store.recordStatus(), store.recordStatus()]);
      await store.acknowledge(first!);
      await store.pause('a');
      await advanceTime(60_000);
      await store.recordStatus();
      const history = await store.statusHistory('a');
      // The clock of a database goes on: a minute can begin between two calls.
      const minutes = history.map(({ agoMs }) => Math.round(agoMs / 60_000));
      expect(new Set(minutes).size).to.equal(history.length);
      const [oldest, newest] = [history[0]!, history.at(-1)!];
      expect(oldest).to.include({ state: 'active', events: 2, delivered: 0, waiting: 2, dead: 0, lateMs: 0 });
      expect(newest).to.include({ state: 'paused', events: 2, delivered: 1, waiting: 1 });
      await advanceTime(2 * dayMs);
      expect(await store.statusHistory('a')).to.deep.equal([]);
      expect(await store.statusHistory('a', { sinceMs: 3 * dayMs })).to.have.length(history.length);
      await advanceTime(6 * dayMs);
      await store.deleteOldHistory(dayMs);
      expect(await store.statusHistory('a', { sinceMs: 30 * dayMs })).to.deep.equal([]);
    });

    it('records how late polls are', async () => {
      await addEvents('a', []);
      await advanceTime(90_000);
      await store.recordStatus();
      const [sample] = await store.statusHistory('a');
      expect(sample!.lateMs).to.be.within(29_000, 120_000);
    });

    it('deletes all events and the history of one subscription', async () => {
      const [first, second] = await addEvents('a', ['1', '2', '3']);
      await addEvents('b', ['4']);
      await store.acknowledge(first!);
      await kill(second!);
      await store.recordStatus();
      await store.deleteEvents('a');
      expect(await itemIds()).to.deep.equal(['4']);
      expect(await store.statusHistory('a')).to.deep.equal([]);
      expect(await store.statusHistory('b')).to.not.be.empty;
    });
  });
}
