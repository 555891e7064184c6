import { EventEmitter } from 'node:events';
import { expect } from 'chai';
import { createDeliveryTracker } from '../src/delivery-tracker.ts';
import type { MessageHookEvent, NodeRedApi } from '../src/node-red-api.ts';

describe('Node-RED delivery tracker', () => {
  const open = () => {
    const hooks = new Map<string, (event: MessageHookEvent) => void>();
    const add = (name: string, listener: (event: MessageHookEvent) => void) => hooks.set(name, listener);
    const red = { hooks: { add }, events: new EventEmitter() } as unknown as Pick<
      NodeRedApi,
      'hooks' | 'events'
    >;
    const emit = (name: string, msg: MessageHookEvent['msg'] = { _msgid: 'one' }) =>
      hooks.get(`${name}.dynamics365`)!({ msg });
    return { tracker: createDeliveryTracker(red), emit };
  };

  it('completes once no node is processing the message', async () => {
    const { tracker, emit } = open();
    const { signal } = new AbortController();
    const completed = tracker.sendAndTrack('one', () => emit('onReceive'), signal);
    emit('onComplete');
    expect(await completed).to.equal(true);
  });

  it('resolves to false when the signal aborts', async () => {
    const { tracker, emit } = open();
    const closing = new AbortController();
    const completed = tracker.sendAndTrack('one', () => emit('onReceive'), closing.signal);
    closing.abort();
    expect(await completed).to.equal(false);
  });
});
