import { expect } from 'chai';
import type { PollItem } from 'dynamics365-connector';
import type { Claim, ClaimLimits, DeliveryLimits, OutboxEvent, WorkerStore } from '../src/worker-store.ts';
import { leaseDurationMs, recoveryWindowMs } from '../src/worker-store.ts';
import { endPoll } from './fixture.ts';

/** A store under test, with control of its clock. */
export interface StoreUnderTest {
  readonly store: WorkerStore;
  /** Moves the clock of the store forward; back if the number is negative. */
  advanceTime(ms: number): Promise<void>;
  /** Replaces a text in all rows of a table by one that is not JSON. */
  damage(table: string, column: string): Promise<void>;
  /** Sets a time in all rows of a table to the end of the year 9999. */
  postpone(table: string, column: string): Promise<void>;
}

export const createItem = (id: string): PollItem => ({
  id,
  change: 'created',
  epoch: 0,
  sequence: 1,
  at: '2026-01-15T09:00:00.000Z',
  row: { id: 'row', title: 'The kettle ü 漢' },
});
const createEvent = (rowId: string, id: string): OutboxEvent => ({ rowId, item: createItem(id) });
const unlimited: ClaimLimits = { maxClaims: 100, maxPerConnection: 100 };

/** Describes the behavior of both drivers of the worker store. */
export function describeWorkerStore(name: string, open: () => Promise<StoreUnderTest>): void {
  describe(`worker store: ${name}`, () => {
    let store: WorkerStore;
    let advanceTime: StoreUnderTest['advanceTime'];
    let damage: StoreUnderTest['damage'];
    let postpone: StoreUnderTest['postpone'];
    const commit = (claim: Claim, events: readonly OutboxEvent[] = [], dueInMs = 60_000) =>
      endPoll(store, { claim, events, checkpoint: { v: 1 }, writes: new Map(), dueInMs });
    const claimIds = async (limits = unlimited) =>
      (await store.claimDuePolls(limits)).map(({ subscription }) => subscription).sort();
    const claimOne = async (): Promise<Claim> => {
      const claims = await store.claimDuePolls(unlimited);
      expect(claims).to.have.length(1);
      return claims[0]!;
    };
    const claimDeliveries = (limits: Partial<DeliveryLimits> = {}) =>
      store.claimDeliveries({
        maxDeliveries: 100,
        maxPerTarget: 100,
        inFlight: new Map(),
        proved: new Map(['a', 'slow'].map((target) => [target, 100])),
        ...limits,
      });
    const statusOf = async (id: string) => (await store.status()).find((each) => each.id === id)!;
    beforeEach(async () => {
      ({ store, advanceTime, damage, postpone } = await open());
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
      await endPoll(store, { claim, events: [createEvent('r', 'e1')], checkpoint: {}, writes, dueInMs: 0 });
      expect((await store.state.get('poll/x'))?.value).to.equal('one');
      expect(await store.state.keys('poll/')).to.deep.equal(['poll/x', 'poll/y']);
      expect((await claimDeliveries()).map((each) => each.item?.id)).to.deep.equal(['e1']);
      const next = await claimOne();
      const removed = new Map([['poll/x', undefined]]);
      await endPoll(store, { claim: next, events: [], checkpoint: {}, writes: removed, dueInMs: 0 });
      expect(await store.state.keys('poll/')).to.deep.equal(['poll/y']);
    });

    it('claims the due subscriptions of a feed together, and only by one worker', async () => {
      const feed = { connection: 'contoso', trigger: 'case.created', feed: 'contoso/case' };
      await store.syncSubscriptions(['a', 'b', 'c'].map((id) => ({ id, ...feed })));
      const claims = await store.claimDuePolls({ maxClaims: 100, maxPerConnection: 1 });
      expect(claims.map(({ subscription }) => subscription).sort()).to.deep.equal(['a', 'b', 'c']);
      expect(new Set(claims.map((claim) => claim.feed))).to.deep.equal(new Set(['contoso/case']));
      await store.resume('a');
      expect(await store.claimDuePolls(unlimited), 'while the feed is polled').to.deep.equal([]);
    });

    it('commits the polls of a feed together, each with its own result', async () => {
      const feed = { connection: 'contoso', trigger: 'case.created', feed: 'contoso/case' };
      await store.syncSubscriptions(['a', 'b'].map((id) => ({ id, ...feed })));
      const [a, b] = [...(await store.claimDuePolls(unlimited))].sort((one, other) =>
        one.subscription.localeCompare(other.subscription),
      );
      const failure = { code: 'INPUT_INVALID', message: 'The filter is invalid.' } as const;
      const results = [
        { claim: a!, events: [createEvent('r', 'e1')], checkpoint: { v: 1 }, dueInMs: 60_000 },
        { claim: b!, failure, pauseReason: failure.code, dueInMs: 0 },
      ];
      expect(await store.commitPolls({ results, writes: new Map([['feed/x', 'read']]) })).to.equal(true);
      expect((await store.state.get('feed/x'))?.value).to.equal('read');
      expect(await statusOf('a')).to.include({ state: 'active', events: 1, polls: 1 });
      expect(await statusOf('b')).to.include({ state: 'paused', events: 0, pausedBy: 'INPUT_INVALID' });
    });

    it('stores nothing of a feed if another worker has claimed one of its subscriptions', async () => {
      const feed = { connection: 'contoso', trigger: 'case.created', feed: 'contoso/case' };
      await store.syncSubscriptions(['a', 'b'].map((id) => ({ id, ...feed })));
      const zombies = await store.claimDuePolls(unlimited);
      await endPoll(store, { claim: zombies[0]!, dueInMs: 0 });
      const results = zombies.map((claim) => ({
        claim,
        events: [createEvent('r', claim.subscription)],
        checkpoint: {},
        dueInMs: 0,
      }));
      expect(await store.commitPolls({ results, writes: new Map([['feed/x', 'late']]) })).to.equal(false);
      expect(await store.state.get('feed/x')).to.equal(undefined);
      expect((await statusOf('b')).events).to.equal(0);
    });

    it('rejects the commit of an expired claim and stores nothing of it', async () => {
      const zombie = await claimOne();
      await advanceTime(leaseDurationMs + 1000);
      const claim = await claimOne();
      expect(claim.epoch).to.be.greaterThan(zombie.epoch);
      const late = { claim: zombie, checkpoint: { v: 9 }, writes: new Map([['k', 'v']]), dueInMs: 0 };
      expect(await endPoll(store, { ...late, events: [createEvent('r', 'zombie')] })).to.equal(false);
      expect(await endPoll(store, { claim: zombie, dueInMs: 0, pauseReason: 'RECONNECT_NEEDED' })).to.equal(
        false,
      );
      expect(await store.state.get('k')).to.equal(undefined);
      expect(await claimDeliveries()).to.deep.equal([]);
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
      await endPoll(store, { claim: await claimOne(), dueInMs: 7000, failure });
      const reason = 'UNAVAILABLE The organization is not available.';
      expect(await statusOf('a')).to.deep.include({ failures: 1, failure, state: 'failing', reason });
      expect((await statusOf('a')).nextAttemptInMs).to.be.within(6000, 7000);
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
        { ...createSubscription('d'), everyMs: 1_800_000 },
      ]);
      for (const claim of await store.claimDuePolls(unlimited)) {
        const dueInMs = claim.subscription === 'a' ? 0 : 1_800_000;
        if (claim.subscription === 'd') await commit(claim, [], 1_800_000);
        else await endPoll(store, { claim, dueInMs, failure });
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
      await endPoll(store, { claim: await claimOne(), dueInMs: 0, pauseReason: 'RECONNECT_NEEDED' });
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
      expect(await claimDeliveries()).to.deep.equal([]);
      await store.resume('a');
      await store.resume('a');
      expect(await claimIds()).to.deep.equal(['a']);
      expect(await claimDeliveries()).to.have.length(1);
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
      await endPoll(store, { claim: throttled, dueInMs: 20_000, blockConnectionMs: 20_000 });
      expect(other?.subscription).to.equal('c');
      await commit(other!, [], 0);
      expect(await claimIds()).to.deep.equal(['c']);
      await advanceTime(21_000);
      expect(await claimIds()).to.deep.equal(['a', 'b']);
    });

    it('a wake makes a subscription due before its schedule, which goes on', async () => {
      await commit(await claimOne(), [], 300_000);
      await advanceTime(5000);
      await store.wake(['a', 'unknown']);
      const claim = await claimOne();
      expect(claim.wakes).to.equal(1);
      expect(claim.scheduledInMs).to.be.within(250_000, 295_000);
      await commit(claim, [], claim.scheduledInMs);
      expect(await store.claimDuePolls(unlimited)).to.deep.equal([]);
      await advanceTime(295_000);
      expect((await claimOne()).scheduledInMs).to.be.at.most(0);
    });

    it('many wakes are one poll, and no poll follows another one at once', async () => {
      const claim = await claimOne();
      await commit(claim, [], 300_000);
      for (let count = 0; count < 5; count++) await store.wake(['a']);
      await advanceTime(1200);
      await commit(await claimOne(), [], 300_000);
      await advanceTime(5000);
      expect(await store.claimDuePolls(unlimited)).to.deep.equal([]);
    });

    it('a wake during a poll makes the subscription due again after it', async () => {
      const claim = await claimOne();
      await store.wake(['a']);
      await commit(claim, [], 300_000);
      await advanceTime(1200);
      const next = await claimOne();
      expect(next.scheduledInMs).to.be.within(250_000, 300_000);
    });

    it('wakes neither a paused subscription nor one that fails', async () => {
      const feed = { connection: 'contoso', trigger: 'case.created' };
      await store.syncSubscriptions(['a', 'b'].map((id) => ({ id, ...feed })));
      const failure = { code: 'NETWORK', message: 'No answer.' } as const;
      for (const claim of await store.claimDuePolls(unlimited))
        await (claim.subscription === 'a'
          ? endPoll(store, { claim, failure, dueInMs: 60_000 })
          : commit(claim));
      await store.pause('b');
      await advanceTime(2000);
      await store.wake(['a', 'b']);
      expect(await store.claimDuePolls(unlimited)).to.deep.equal([]);
    });

    it('keeps the longer interval of a subscription with push, and its figures', async () => {
      const push = { wakes: 3, lost: 1, unannounced: 2, problem: 'Webhooks were lost.' };
      const claim = await claimOne();
      const intervalMs = 300_000;
      await endPoll(store, { claim, events: [], checkpoint: {}, dueInMs: 290_000, intervalMs, push });
      await store.reschedule();
      expect(await store.claimDuePolls(unlimited), 'repaired').to.deep.equal([]);
      await advanceTime(250_000);
      expect(await store.status({ stalledOnly: true })).to.deep.equal([]);
      expect(await statusOf('a')).to.deep.include({ state: 'push-degraded', reason: push.problem, push });
      await advanceTime(50_000);
      expect((await claimOne()).intervalMs).to.equal(intervalMs);
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
      const first = await claimDeliveries();
      expect(first.map((each) => each.item?.id)).to.deep.equal(['e1', 'e3']);
      expect(first[0]).to.include({ subscription: 'a', trigger: 'case.created', attempt: 1 });
      expect(first[0]!.item).to.deep.equal(createItem('e1'));
      await store.acknowledge(first[0]!);
      expect((await claimDeliveries()).map((each) => each.item?.id)).to.deep.equal(['e2']);
      expect(await statusOf('a')).to.include({ events: 3, delivered: 1, waiting: 2 });
    });

    it('delivers a rejected event again before the next event of its row', async () => {
      await commit(await claimOne(), [createEvent('r', 'e1'), createEvent('r', 'e2')], 0);
      const [first] = await claimDeliveries();
      await store.reject(first!, { retryInMs: 5000, reason: 'down', deadLetter: false });
      expect(await claimDeliveries()).to.deep.equal([]);
      await advanceTime(5100);
      const [again] = await claimDeliveries();
      expect(again).to.deep.include({ sequence: first!.sequence, attempt: 2 });
    });

    it('a dead letter does not block later events, and can be replayed', async () => {
      await commit(await claimOne(), [createEvent('r', 'e1'), createEvent('r', 'e2')], 0);
      const [first] = await claimDeliveries();
      await store.reject(first!, { retryInMs: 0, reason: 'never', deadLetter: true });
      const [second] = await claimDeliveries();
      expect(second!.item?.id).to.equal('e2');
      await store.acknowledge(second!);
      expect(await statusOf('a')).to.include({ dead: 1, waiting: 0 });
      expect(await store.replayDeadLetters({ subscription: 'a' }, 'stored')).to.equal(1);
      expect((await claimDeliveries()).map((each) => each.item?.id)).to.deep.equal(['e1']);
    });

    it('delivers an event again after its claim expires, and ignores the late outcome of the first attempt', async () => {
      await commit(await claimOne(), [createEvent('r', 'e1')], 0);
      const [zombie] = await claimDeliveries();
      await advanceTime(leaseDurationMs + 1000);
      const [again] = await claimDeliveries();
      expect(again!.attempt).to.equal(2);
      await store.reject(zombie!, { retryInMs: 0, reason: 'late', deadLetter: true });
      await store.acknowledge(zombie!);
      expect(await statusOf('a')).to.include({ waiting: 1, delivered: 0, dead: 0 });
    });

    it('gives each target a share of the deliveries, so that one target does not delay another', async () => {
      const events = Array.from({ length: 40 }, (_, i) => createEvent(`row${i}`, `slow${i}`));
      await store.syncSubscriptions([createSubscription('slow'), createSubscription('good')]);
      for (const claim of await store.claimDuePolls(unlimited))
        await commit(claim, claim.subscription === 'slow' ? events : [createEvent('r', 'good')]);
      const limits = { maxDeliveries: 16, maxPerTarget: 12 };
      const first = await claimDeliveries(limits);
      expect(first.filter(({ target }) => target === 'slow').length).to.be.within(7, 8);
      expect(first.filter(({ target }) => target === 'good')).to.have.length(1);
      const inFlight = new Map([
        ['slow', 8],
        ['good', 1],
      ]);
      expect(await claimDeliveries({ ...limits, inFlight }), 'the rest stays free').to.deep.equal([]);
    });

    it('gives a blocked target no events, then one as a probe, and all after a success', async () => {
      const events = ['1', '2', '3', '4'].map((id) => createEvent(`row${id}`, id));
      await commit(await claimOne(), events, 3_600_000);
      const [first, second, third] = await claimDeliveries({ maxPerTarget: 3 });
      const rejection = { retryInMs: 600_000, reason: 'down', deadLetter: false };
      const blockTargetMs = (failures: number) => (failures < 2 ? 0 : failures * 10_000);
      await store.reject(first!, { ...rejection, blockTargetMs });
      await store.reject(second!, { ...rejection, blockTargetMs });
      await store.reject(third!, { ...rejection, blockTargetMs: () => 3_600_000 });
      expect(await claimDeliveries(), 'while blocked').to.deep.equal([]);
      const status = await statusOf('a');
      expect(status).to.include({ state: 'failing', reason: 'a: down' });
      expect(status.nextAttemptInMs).to.be.within(15_000, 20_000);
      await advanceTime(21_000);
      const [probe, ...others] = await claimDeliveries();
      expect(probe?.item?.id).to.equal('4');
      expect(others).to.deep.equal([]);
      expect(await claimDeliveries(), 'during the probe').to.deep.equal([]);
      await store.reject(probe!, { ...rejection, blockTargetMs });
      await advanceTime(29_000);
      expect(await claimDeliveries(), 'after a failed probe').to.deep.equal([]);
      await advanceTime(600_000);
      const [next] = await claimDeliveries();
      await store.acknowledge(next!);
      expect(await claimDeliveries()).to.have.length(3);
      expect((await statusOf('a')).state).not.to.equal('failing');
    });

    it('a success after a single failure keeps the schedule of the failed event', async () => {
      await commit(await claimOne(), [createEvent('r', 'slow'), createEvent('s', 'fast')], 3_600_000);
      const [slow, fast] = await claimDeliveries();
      const rejection = { retryInMs: 600_000, reason: 'timeout', deadLetter: false };
      await store.reject(slow!, { ...rejection, blockTargetMs: () => 5000 });
      await store.acknowledge(fast!);
      await advanceTime(60_000);
      expect(await claimDeliveries()).to.deep.equal([]);
      await advanceTime(600_000);
      expect(await claimDeliveries()).to.have.length(1);
    });

    it('delivers events of one row in order over all subscriptions with the same target', async () => {
      const target = 'webhook https://example.com';
      const subscriptions = ['created', 'updated'].map((id) => ({ ...createSubscription(id), target }));
      await store.syncSubscriptions(subscriptions);
      const claims = new Map(
        (await store.claimDuePolls(unlimited)).map((claim) => [claim.subscription, claim]),
      );
      await commit(claims.get('created')!, [createEvent('r', 'c1')]);
      await commit(claims.get('updated')!, [createEvent('r', 'u1')]);
      const [first, ...others] = await claimDeliveries();
      expect(first).to.include({ subscription: 'created', target });
      expect(others).to.deep.equal([]);
      await store.acknowledge(first!);
      expect((await claimDeliveries()).map((each) => each.item?.id)).to.deep.equal(['u1']);
    });

    it('sends waiting events to the new target of their subscription', async () => {
      await commit(await claimOne(), [createEvent('r', 'e1')]);
      await store.syncSubscriptions([{ ...createSubscription('a'), target: 'another' }]);
      expect((await claimDeliveries()).map(({ target }) => target)).to.deep.equal(['another']);
    });

    it('an event of a paused subscription does not block another subscription with the same target', async () => {
      await store.syncSubscriptions(['a', 'b'].map((id) => ({ ...createSubscription(id), target: 't' })));
      for (const claim of await store.claimDuePolls(unlimited))
        await commit(claim, [createEvent('r', claim.subscription)]);
      await store.pause('a');
      const [only] = await claimDeliveries();
      expect(only?.subscription).to.equal('b');
    });

    it('a process claims nothing of an origin that it does not have, and no foreign event keeps a place', async () => {
      const shared = { ...createSubscription('shared'), target: 'a' };
      await store.syncSubscriptions([
        createSubscription('a'),
        { ...createSubscription('b'), target: 'first' },
      ]);
      await store.syncSubscriptions([{ ...shared, feed: 'api/feed' }], 'api');
      for (const claim of await store.claimDuePolls(unlimited))
        await commit(claim, [createEvent('r', claim.subscription)], 0);
      expect(await claimIds({ ...unlimited, maxClaims: 1, origins: ['api'] })).to.deep.equal(['shared']);
      expect(await claimIds({ ...unlimited, origins: ['api'] })).to.deep.equal([]);
      expect(await claimIds({ ...unlimited, origins: ['file'] })).to.deep.equal(['a', 'b']);
      const ids = async (origins: DeliveryLimits['origins']) =>
        (await claimDeliveries({ maxDeliveries: 1, origins })).map(({ subscription }) => subscription);
      expect(await ids(['api'])).to.deep.equal(['shared']);
      expect(await ids(['api'])).to.deep.equal([]);
      expect([...(await ids(['file'])), ...(await ids(['file', 'api']))].sort()).to.deep.equal(['a', 'b']);
    });

    it('an event that another process has is due again soon, as if it had not been claimed', async () => {
      await commit(await claimOne(), [createEvent('r', 'e1')]);
      const [delivery] = await claimDeliveries();
      await store.release(delivery!, 1000);
      expect(await claimDeliveries()).to.deep.equal([]);
      await advanceTime(1100);
      const [again] = await claimDeliveries();
      expect(again).to.include({ attempt: 1, refusals: 0 });
      await store.release(delivery!, 1000);
      expect(await statusOf('a')).to.include({ state: 'active', waiting: 1 });
    });

    it('pauses a subscription whose target is gone, and delivers the event after a resume', async () => {
      await commit(await claimOne(), [createEvent('r', 'e1')], 0);
      const [delivery] = await claimDeliveries();
      await store.reject(delivery!, {
        retryInMs: 0,
        reason: '410',
        deadLetter: false,
        pauseReason: 'TARGET_GONE',
      });
      expect(await claimDeliveries()).to.deep.equal([]);
      expect(await store.claimDuePolls(unlimited)).to.deep.equal([]);
      expect(await statusOf('a')).to.include({ state: 'paused', reason: 'TARGET_GONE 410' });
      await store.resume('a');
      expect(await claimDeliveries()).to.have.length(1);
    });

    it('keeps the trace of a poll with its events, beside the item and through all attempts', async () => {
      const trace = '00-0af7651916cd43dd8448eb211c80319c-b7ad6b7169203331-01';
      const event = createEvent('r', 'e1');
      await commit(await claimOne(), [{ ...event, trace }, createEvent('s', 'e2')]);
      const [first, second] = await claimDeliveries();
      expect(first).to.deep.include({ trace, item: event.item });
      expect(second).to.not.have.property('trace');
      await store.reject(first!, { retryInMs: 0, reason: 'never', deadLetter: true });
      expect((await store.events()).map(({ item }) => item)).to.deep.include(event.item);
      await store.replayDeadLetters({ subscription: 'a' }, 'stored');
      expect((await claimDeliveries())[0]).to.deep.include({ trace, item: event.item });
    });

    it('returns an event that cannot be read without its item', async () => {
      await commit(await claimOne(), [createEvent('r', 'e1')]);
      await damage('outbox', 'item');
      const [delivery] = await claimDeliveries();
      expect(delivery).to.include({ subscription: 'a', item: undefined });
      await store.reject(delivery!, { retryInMs: 0, reason: 'unreadable', deadLetter: true });
      expect((await store.events())[0]).to.include({ item: 'not JSON', reason: 'unreadable' });
    });

    it('returns a claim without its checkpoint if that cannot be read', async () => {
      const failure = { code: 'UNAVAILABLE', message: 'down' } as const;
      await commit(await claimOne(), [], 0);
      await endPoll(store, { claim: await claimOne(), dueInMs: 0, failure });
      await damage('subscription', 'checkpoint');
      await damage('subscription', 'failure');
      const claim = await claimOne();
      expect(claim).to.include({ subscription: 'a', unreadable: true });
      expect(claim.checkpoint).to.equal(undefined);
      expect((await statusOf('a')).failure?.code).to.equal('UNEXPECTED');
    });

    it('counts the events of a subscription in the outbox', async () => {
      await commit(await claimOne(), [createEvent('r', 'e1'), createEvent('s', 'e2')], 0);
      expect((await claimOne()).outboxed).to.equal(2);
    });

    it('counts the events in the outbox, dead letters included, up to a number', async () => {
      expect(await store.countOutbox(10)).to.equal(0);
      await commit(
        await claimOne(),
        [createEvent('r', 'e1'), createEvent('s', 'e2'), createEvent('t', 'e3')],
        0,
      );
      const [first] = await claimDeliveries();
      await store.reject(first!, { reason: 'x', retryInMs: 0, deadLetter: true });
      expect(await store.countOutbox(10)).to.equal(3);
      expect(await store.countOutbox(2)).to.equal(2);
    });

    it('polls and delivers at once after the clock was put back by a day', async () => {
      const day = 86_400_000;
      await store.syncSubscriptions(['a', 'b', 'c', 'd'].map((id) => createSubscription(id, id)));
      const claims = new Map(
        (await store.claimDuePolls(unlimited)).map((claim) => [claim.subscription, claim]),
      );
      await commit(claims.get('a')!, [createEvent('r', 'e1'), createEvent('s', 'e2')]);
      await endPoll(store, { claim: claims.get('b')!, dueInMs: 300_000, blockConnectionMs: 300_000 });
      await endPoll(store, {
        claim: claims.get('c')!,
        dueInMs: 600_000,
        failure: { code: 'UNEXPECTED', message: '' },
      });
      const [rejected] = await claimDeliveries({ maxPerTarget: 1 });
      const blockTargetMs = () => 60_000;
      await store.reject(rejected!, { retryInMs: 60_000, reason: 'down', deadLetter: false, blockTargetMs });
      await advanceTime(-day);
      await store.reschedule();
      expect(await claimIds(), 'd has a lease of a worker that died').to.deep.equal(['a', 'b', 'c', 'd']);
      expect(await claimDeliveries(), 'a probe').to.have.length(1);
      expect((await store.status()).every(({ polledAgoMs = 0 }) => polledAgoMs >= 0)).to.equal(true);
    });

    it('does not believe a stored time that is further away than it can be set to', async () => {
      const blockTargetMs = () => 60_000;
      const rejection = { retryInMs: 60_000, reason: 'down', deadLetter: false, blockTargetMs };
      await commit(await claimOne(), [createEvent('r', 'e1')]);
      const [delivery] = await claimDeliveries();
      await store.reject(delivery!, rejection);
      const times: readonly (readonly [string, string])[] = [
        ['subscription', 'next_due_at'],
        ['subscription', 'leased_until'],
        ['connection', 'blocked_until'],
        ['outbox', 'due_at'],
        ['target', 'blocked_until'],
      ];
      for (const [table, column] of times) await postpone(table, column);
      await store.reschedule();
      expect(await claimIds()).to.deep.equal(['a']);
      expect(await claimDeliveries(), 'a probe').to.have.length(1);
    });

    it('does not believe a due time that is later than the interval of its subscription', async () => {
      await commit(await claimOne(), [], 5 * 3_600_000);
      expect(await store.reschedule()).to.equal(1);
      const failure = { code: 'UNEXPECTED', message: '' } as const;
      await endPoll(store, { claim: await claimOne(), dueInMs: 8 * 3_600_000, failure });
      expect(await store.reschedule(), 'the delay after a failure').to.equal(0);
      expect(await claimIds()).to.deep.equal([]);
    });

    it('resume: ends the blocks of the connection and of the target', async () => {
      await commit(await claimOne(), [createEvent('r', 'e1')], 0);
      await endPoll(store, { claim: await claimOne(), dueInMs: 300_000, blockConnectionMs: 300_000 });
      const [delivery] = await claimDeliveries();
      const blockTargetMs = () => 300_000;
      await store.reject(delivery!, { retryInMs: 600_000, reason: 'down', deadLetter: false, blockTargetMs });
      expect(await store.resume('a')).to.equal(true);
      const claim = await claimOne();
      expect(claim.resumed).to.equal(true);
      expect(await claimDeliveries()).to.have.length(1);
      await commit(claim, [], 0);
      expect((await claimOne()).resumed, 'after the first poll').to.equal(false);
    });

    it('a subscription is stalled after three missed intervals', async () => {
      await commit(await claimOne(), [], 60_000);
      await advanceTime(180_000);
      expect(await statusOf('a')).to.include({ state: 'active' });
      await advanceTime(66_000);
      const { state, reason } = await statusOf('a');
      expect(state).to.equal('stalled');
      expect((await store.status({ stalledOnly: true })).map(({ id }) => id)).to.deep.equal(['a']);
      expect(reason).to.match(/^No poll for 4 min \(interval: 60 s\): no worker runs/);
      await store.syncSubscriptions([{ id: 'a', connection: 'contoso', trigger: 'case.created' }]);
      expect(await statusOf('a'), 'after a restart of the worker').to.include({ state: 'stalled' });
      await store.syncSubscriptions([{ id: 'a', connection: 'contoso', trigger: 'case.updated' }]);
      expect(await statusOf('a'), 'with another trigger').to.include({ state: 'active' });
      expect(await store.status({ stalledOnly: true })).to.deep.equal([]);
    });

    it('shows what the feed of a subscription does', async () => {
      const claim = await claimOne();
      const feedState = { kind: 'baselining', done: 5, total: 9 } as const;
      await endPoll(store, { claim, events: [], checkpoint: {}, writes: new Map(), dueInMs: 0, feedState });
      expect(await statusOf('a')).to.include({ state: 'baselining', reason: '5 of 9 rows read.' });
      await commit(await claimOne());
      expect(await statusOf('a')).to.include({ state: 'active' });
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
      const deliveries = await claimDeliveries();
      expect(deliveries.map((each) => each.item?.id).sort()).to.deep.equal(ids.map((id) => `e-${id}`).sort());
      await Promise.all(deliveries.map((delivery) => store.acknowledge(delivery)));
      expect(await claimDeliveries()).to.deep.equal([]);
    });
  });
}

const createSubscription = (id: string, connection = 'contoso') => ({
  id,
  connection,
  trigger: 'case.created',
});
