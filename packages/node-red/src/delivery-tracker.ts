import type { MessageHookEvent, NodeRedApi } from './node-red-api.ts';

/** Knows when everything that a message set off in the flows has come to its end. */
export interface DeliveryTracker {
  /**
   * Sends with `send`, and resolves once no node is at work on the message or what became of it: true, or false when
   * a part of it was dropped because flows were being stopped, or the signal aborts.
   */
  sendAndTrack(messageId: string, send: () => void, signal: AbortSignal): Promise<boolean>;
}

interface TrackedDelivery {
  /** Nodes that have it and are not done with it. */
  activeNodes: number;
  /** Sent while flows were being stopped, and not delivered: Node-RED drops what is for a stopped node. */
  dropped: number;
  /** How often it was looked whether it has ended. */
  idleChecks: number;
  readonly resolve: (complete: boolean) => void;
}

/** Follows messages by their ids with the runtime's own hooks. */
export function createDeliveryTracker({
  hooks,
  events,
}: Pick<NodeRedApi, 'hooks' | 'events'>): DeliveryTracker {
  const tracked = new Map<string, TrackedDelivery>();
  const flows = { stopping: false };
  const deliveryOf = ({ msg }: MessageHookEvent) => tracked.get(msg?._msgid ?? '');
  // What a node sends reaches the next one with setImmediate, which was asked for before this one. A look that was
  // asked for earlier comes too soon.
  const endIfIdle = (messageId: string, delivery: TrackedDelivery) => {
    const check = ++delivery.idleChecks;
    setImmediate(() => {
      if (delivery.idleChecks !== check || delivery.activeNodes > 0) return;
      tracked.delete(messageId);
      delivery.resolve(delivery.dropped === 0);
    });
  };
  events.on('flows:stopping', () => {
    flows.stopping = true;
  });
  events.on('flows:started', () => {
    flows.stopping = false;
  });
  hooks.add('onSend.dynamics365', (sent) => {
    if (!flows.stopping) return;
    for (const delivery of sent.map(deliveryOf)) if (delivery !== undefined) delivery.dropped++;
  });
  hooks.add('preDeliver.dynamics365', (event) => {
    const delivery = deliveryOf(event);
    if (delivery !== undefined && delivery.dropped > 0) delivery.dropped--;
  });
  hooks.add('onReceive.dynamics365', (event) => {
    const delivery = deliveryOf(event);
    if (delivery !== undefined) delivery.activeNodes++;
  });
  hooks.add('onComplete.dynamics365', (event) => {
    const delivery = deliveryOf(event);
    if (delivery === undefined) return;
    delivery.activeNodes--;
    endIfIdle(event.msg!._msgid!, delivery);
  });
  return {
    sendAndTrack: (messageId, send, signal) =>
      new Promise((resolve) => {
        const delivery: TrackedDelivery = { activeNodes: 0, dropped: 0, idleChecks: 0, resolve: resolve };
        tracked.set(messageId, delivery);
        signal.addEventListener('abort', () => {
          tracked.delete(messageId);
          resolve(false);
        });
        send();
        endIfIdle(messageId, delivery);
      }),
  };
}
