import { expect } from 'chai';
import { createEvent, createSubscription, withWorker } from './fixture.ts';

describe('worker: audit', () => {
  it('what a handler writes is written in the name of its subscription', async () => {
    const actors: string[] = [];
    const audit = {
      write: () => {},
      runAs<T>(actor: string, work: () => T): T {
        actors.push(actor);
        return work();
      },
    };
    let polled = false;
    const poll = async () => {
      const events = polled ? [] : [createEvent('r1', 'event-1')];
      polled = true;
      return { events, checkpoint: {} as never, hasMore: false };
    };
    const subscriptions = [createSubscription({ id: 'case-log' })];
    await withWorker({ subscriptions, poll, audit }, ({ runUntil }) => runUntil(() => actors.length > 0));
    expect(actors).to.deep.equal(['subscription case-log']);
  });
});
