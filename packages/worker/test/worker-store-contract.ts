import { expect } from 'chai';
import type { PollItem } from 'dynamics365-connector';
import type { Claim, OutboxEvent, WorkerStore } from '../src/worker-store.ts';
import { leaseDurationMs, recoveryWindowMs } from '../src/worker-store.ts';

/** A store under test, with control of its clock. */
export interface StoreUnderTest {
  readonly store: WorkerStore;
  /** Moves the clock of the store forward. */
  advanceTime(ms: number): Promise<void>;
}

export const createItem = (id: string): PollItem => ({
  id,
  change: 'created',
  at: '2026-01-15T09:00:00.000Z',
  row: { id: 'row', title: 'The kettle ü 漢' },
});
const createEvent = (rowId: string, id: string): OutboxEvent => ({ rowId, item: createItem(id) });
const unlimited = { maxClaims: 100, maxPerConnection: 100 };

/** Describes the behavior of both drivers of the worker store. */
export function describeWorkerStore(name: string, open: () => Promise<StoreUnderTest>): void {
  describe(`worker store: ${name}`, () => {
    let store: WorkerStore;
    let advanceTime: StoreUnderTest['advanceTime'];
    const commit = (claim: Claim, events: readonly OutboxEvent[] = [], dueInMs = 60_000) =>
      store.commitPoll({ claim, events, checkpoint: { v: 1 }, writes: new Map(), dueInMs });
    const claimIds = async (limits = unlimited) =>
      (await store.claimDuePolls(limits)).map(({ subscription }) => subscription).sort();
    const claimOne = async (): Promise<Claim> => {
      const claims = await store.claimDuePolls(unlimited);
      expect(claims).to.have.length(1);
      return claims[0]!;
    };
    const statusOf = async (id: string) => (await store.status()).find((each) => each.id === id)!;
    beforeEach(async () => {
      ({ store, advanceTime } = await open());
      await store.syncSubscriptions([{ id: 'a', connection: 'contoso', trigger: 'case.created' }]);
    });
    afterEach(() => store.close());

    it('a new subscription is due at once, for one worker only', async () => {
      const [claim] = await store.claimDuePolls(unlimited);
      expect(claim).to.include({ subscription: 'a', failures: 0 });
      expect(claim!.checkpoint).to.equal(undefined);
      expect(await store.claimDuePolls(unlimited)).to.deep.equal([]);
    });

    it('a committed poll is due again after its interval, with its checkpoint', async () => {
      expect(await commit(await claimOne(), [], 5000)).to.equal(true);
      expect(await store.claimDuePolls(unlimited)).to.deep.equal([]);
      await advanceTime(5600);
      const claim = await claimOne();
      expect(claim.checkpoint).to.deep.equal({ v: 1 });
      expect(claim.lateMs).to.be.within(500, 10_000);
    });

    it('commits events, checkpoint and state together', async () => {
      const writes = new Map([
        ['poll/x', 'one'],
        ['poll/y', 'two'],
      ]);
      const claim = await claimOne();
      await store.commitPoll({ claim, events: [createEvent('r', 'e1')], checkpoint: {}, writes, dueInMs: 0 });
      expect((await store.state.get('poll/x'))?.value).to.equal('one');
      expect(await store.state.keys('poll/')).to.deep.equal(['poll/x', 'poll/y']);
      expect((await store.claimDeliveries(10)).map((each) => each.item.id)).to.deep.equal(['e1']);
      const next = await claimOne();
      const removed = new Map([['poll/x', undefined]]);
      await store.commitPoll({ claim: next, events: [], checkpoint: {}, writes: removed, dueInMs: 0 });
      expect(await store.state.keys('poll/')).to.deep.equal(['poll/y']);
    });

    it('rejects the commit of an expired claim and stores nothing of it', async () => {
      const zombie = await claimOne();
      await advanceTime(leaseDurationMs + 1000);
      const claim = await claimOne();
      expect(claim.epoch).to.be.greaterThan(zombie.epoch);
      const late = { claim: zombie, checkpoint: { v: 9 }, writes: new Map([['k', 'v']]), dueInMs: 0 };
      expect(await store.commitPoll({ ...late, events: [createEvent('r', 'zombie')] })).to.equal(false);
      expect(
        await store.releasePoll({ claim: zombie, dueInMs: 0, pauseReason: 'RECONNECT_NEEDED' }),
      ).to.equal(false);
      expect(await store.state.get('k')).to.equal(undefined);
      expect(await store.claimDeliveries(10)).to.deep.equal([]);
      expect(await commit(claim)).to.equal(true);
      expect(await commit(claim), 'a second commit of the same claim').to.equal(false);
    });

    it('a renewed claim does not expire', async () => {
      const claim = await claimOne();
      await advanceTime(leaseDurationMs - 5000);
      await store.renewLeases([claim]);
      await advanceTime(leaseDurationMs - 5000);
      expect(await store.claimDuePolls(unlimited)).to.deep.equal([]);
      expect(await commit(claim)).to.equal(true);
    });

    it('a failed poll is due after its delay, and failures are counted', async () => {
      const failure = { code: 'UNAVAILABLE', message: 'The organization is not available.' } as const;
      await store.releasePoll({ claim: await claimOne(), dueInMs: 7000, failure });
      expect(await statusOf('a')).to.deep.include({ failures: 1, failure, state: 'active' });
      expect(await store.claimDuePolls(unlimited)).to.deep.equal([]);
      await advanceTime(7100);
      const claim = await claimOne();
      expect(claim.failures).to.equal(1);
      await commit(claim);
      expect(await statusOf('a')).to.deep.include({ failures: 0, polls: 1, failure: undefined });
    });

    it('a success on a connection brings the failed polls of that connection forward', async () => {
      const failure = { code: 'UNAVAILABLE', message: 'The organization is not available.' } as const;
      await store.syncSubscriptions([
        createSubscription('a'),
        createSubscription('b'),
        createSubscription('c', 'fabrikam'),
        createSubscription('d'),
      ]);
      for (const claim of await store.claimDuePolls(unlimited)) {
        const dueInMs = claim.subscription === 'a' ? 0 : 1_800_000;
        if (claim.subscription === 'd') await commit(claim, [], 1_800_000);
        else await store.releasePoll({ claim, dueInMs, failure });
      }
      expect(await store.reschedule()).to.equal(0);
      await commit(await claimOne());
      expect((await statusOf('b')).dueInMs).to.be.within(-1, recoveryWindowMs);
      expect((await statusOf('c')).dueInMs, 'another connection').to.be.greaterThan(1_000_000);
      expect((await statusOf('d')).dueInMs, 'a subscription without failures').to.be.greaterThan(1_000_000);
      await advanceTime(recoveryWindowMs + 100);
      expect(await claimIds()).to.deep.equal(['b']);
      expect(await store.reschedule()).to.equal(0);
    });

    it('a pause stops polls until it is resumed, and keeps the checkpoint', async () => {
      await commit(await claimOne(), [], 0);
      await store.releasePoll({ claim: await claimOne(), dueInMs: 0, pauseReason: 'RECONNECT_NEEDED' });
      await advanceTime(100_000);
      expect(await store.claimDuePolls(unlimited)).to.deep.equal([]);
      expect(await statusOf('a')).to.include({ state: 'paused', pausedBy: 'RECONNECT_NEEDED' });
      expect(await store.resume('a')).to.equal(true);
      expect((await claimOne()).checkpoint).to.deep.equal({ v: 1 });
    });

    it('a pause by a user stops deliveries, and polls after the running one', async () => {
      const claim = await claimOne();
      expect(await store.pause('a')).to.equal(true);
      expect(await commit(claim, [createEvent('r', 'e1')], 0)).to.equal(true);
      expect(await store.claimDuePolls(unlimited)).to.deep.equal([]);
      expect(await store.claimDeliveries(10)).to.deep.equal([]);
      await store.resume('a');
      await store.resume('a');
      expect(await claimIds()).to.deep.equal(['a']);
      expect(await store.claimDeliveries(10)).to.have.length(1);
      expect(await store.pause('unknown')).to.equal(false);
      expect(await store.resume('unknown')).to.equal(false);
    });

    it('a blocked connection blocks its own subscriptions only', async () => {
      await store.syncSubscriptions(
        ['a', 'b', 'c'].map((id) => createSubscription(id, id === 'c' ? 'fabrikam' : 'contoso')),
      );
      const [first] = await store.claimDuePolls({ maxClaims: 1, maxPerConnection: 1 });
      const other =
        first!.subscription === 'c'
          ? first!
          : (await store.claimDuePolls({ maxClaims: 100, maxPerConnection: 1 }))[0];
      const throttled = first!.subscription === 'c' ? (await store.claimDuePolls(unlimited))[0]! : first!;
      await store.releasePoll({ claim: throttled, dueInMs: 20_000, blockConnectionMs: 20_000 });
      expect(other?.subscription).to.equal('c');
      await commit(other!, [], 0);
      expect(await claimIds()).to.deep.equal(['c']);
      await advanceTime(21_000);
      expect(await claimIds()).to.deep.equal(['a', 'b']);
    });

    it('limits the concurrent polls of a connection', async () => {
      await store.syncSubscriptions(
        [...'abcdef'].map((id) => createSubscription(id, id === 'f' ? 'fabrikam' : 'contoso')),
      );
      const claims = [...(await store.claimDuePolls({ maxClaims: 100, maxPerConnection: 2 }))];
      expect(claims.filter(({ subscription }) => subscription !== 'f')).to.have.length(2);
      await advanceTime(4000);
      expect((await store.claimDuePolls({ maxClaims: 100, maxPerConnection: 2 })).length).to.equal(0);
      await commit(claims.find(({ subscription }) => subscription !== 'f')!);
      await advanceTime(4000);
      expect((await store.claimDuePolls({ maxClaims: 100, maxPerConnection: 2 })).length).to.equal(1);
    });

    it('a removed subscription is inactive, and continues from its checkpoint when it returns', async () => {
      await commit(await claimOne(), [], 0);
      await store.syncSubscriptions([createSubscription('b')]);
      expect(await claimIds()).to.deep.equal(['b']);
      expect(await statusOf('a')).to.include({ state: 'inactive' });
      await store.syncSubscriptions([createSubscription('a'), createSubscription('b')]);
      expect((await claimOne()).checkpoint).to.deep.equal({ v: 1 });
    });

    it('delivers events of one row one after another, and other rows at the same time', async () => {
      await commit(
        await claimOne(),
        [createEvent('r', 'e1'), createEvent('r', 'e2'), createEvent('s', 'e3')],
        0,
      );
      const first = await store.claimDeliveries(10);
      expect(first.map((each) => each.item.id)).to.deep.equal(['e1', 'e3']);
      expect(first[0]).to.include({ subscription: 'a', trigger: 'case.created', attempt: 1 });
      expect(first[0]!.item).to.deep.equal(createItem('e1'));
      await store.acknowledge(first[0]!);
      expect((await store.claimDeliveries(10)).map((each) => each.item.id)).to.deep.equal(['e2']);
      expect(await statusOf('a')).to.include({ events: 3, delivered: 1, waiting: 2 });
    });

    it('delivers a rejected event again before the next event of its row', async () => {
      await commit(await claimOne(), [createEvent('r', 'e1'), createEvent('r', 'e2')], 0);
      const [first] = await store.claimDeliveries(10);
      await store.reject(first!, { retryInMs: 5000, reason: 'down', deadLetter: false });
      expect(await store.claimDeliveries(10)).to.deep.equal([]);
      await advanceTime(5100);
      const [again] = await store.claimDeliveries(10);
      expect(again).to.deep.include({ sequence: first!.sequence, attempt: 2 });
    });

    it('a dead letter does not block later events, and can be requeued', async () => {
      await commit(await claimOne(), [createEvent('r', 'e1'), createEvent('r', 'e2')], 0);
      const [first] = await store.claimDeliveries(10);
      await store.reject(first!, { retryInMs: 0, reason: 'never', deadLetter: true });
      const [second] = await store.claimDeliveries(10);
      expect(second!.item.id).to.equal('e2');
      await store.acknowledge(second!);
      expect(await statusOf('a')).to.include({ dead: 1, waiting: 0 });
      expect(await store.requeue('a')).to.equal(1);
      expect((await store.claimDeliveries(10)).map((each) => each.item.id)).to.deep.equal(['e1']);
    });

    it('delivers an event again after its claim expires, and ignores the late outcome of the first attempt', async () => {
      await commit(await claimOne(), [createEvent('r', 'e1')], 0);
      const [zombie] = await store.claimDeliveries(10);
      await advanceTime(leaseDurationMs + 1000);
      const [again] = await store.claimDeliveries(10);
      expect(again!.attempt).to.equal(2);
      await store.reject(zombie!, { retryInMs: 0, reason: 'late', deadLetter: true });
      await store.acknowledge(zombie!);
      expect(await statusOf('a')).to.include({ waiting: 1, delivered: 0, dead: 0 });
    });

    it('reschedule: finds nothing to schedule in normal operation', async () => {
      await store.syncSubscriptions([...'abc'].map((id) => createSubscription(id)));
      for (const claim of await store.claimDuePolls({ maxClaims: 2, maxPerConnection: 2 }))
        await commit(claim, [], 0);
      await store.pause('a');
      await store.resume('a');
      expect(await store.reschedule()).to.equal(0);
    });

    it('stores all of many concurrent commits', async () => {
      const ids = Array.from({ length: 60 }, (_, i) => `s${i}`);
      await store.syncSubscriptions(ids.map((id) => createSubscription(id)));
      const claims = await store.claimDuePolls(unlimited);
      const accepted = await Promise.all(
        claims.map((claim) => commit(claim, [createEvent('r', `e-${claim.subscription}`)])),
      );
      expect(accepted.every(Boolean)).to.equal(true);
      const deliveries = await store.claimDeliveries(100);
      expect(deliveries.map((each) => each.item.id).sort()).to.deep.equal(ids.map((id) => `e-${id}`).sort());
      await Promise.all(deliveries.map((delivery) => store.acknowledge(delivery)));
      expect(await store.claimDeliveries(100)).to.deep.equal([]);
    });
  });
}

const createSubscription = (id: string, connection = 'contoso') => ({
  id,
  connection,
  trigger: 'case.created',
});
