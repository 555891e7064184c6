import { EventEmitter } from 'node:events';
import { expect } from 'chai';
import { createDeliveryTracker } from '../src/delivery-tracker.ts';
import type { MessageHookEvent, NodeRedApi } from '../src/node-red-api.ts';

describe('the deliveries of Node-RED', () => {
  const open = () => {
    const hooks = new Map<string, (event: MessageHookEvent) => void>();
    const add = (name: string, listener: (event: MessageHookEvent) => void) => hooks.set(name, listener);
    const red = { hooks: { add }, events: new EventEmitter() } as unknown as Pick<
      NodeRedApi,
      'hooks' | 'events'
    >;
    const tell = (name: string, msg: MessageHookEvent['msg'] = { _msgid: 'one' }) =>
      hooks.get(`${name}.dynamics365`)!({ msg });
    return { deliveries: createDeliveryTracker(red), tell };
  };

  it('end once no node is at work on the message', async () => {
    const { deliveries, tell } = open();
    const { signal } = new AbortController();
    const ended = deliveries.sendAndTrack('one', () => tell('onReceive'), signal);
    tell('onComplete');
    expect(await ended).to.equal(true);
  });

  it('are forgotten when nobody waits for them any more', async () => {
    const { deliveries, tell } = open();
    const over = new AbortController();
    const ended = deliveries.sendAndTrack('one', () => tell('onReceive'), over.signal);
    over.abort();
    expect(await ended).to.equal(false);
  });
});
