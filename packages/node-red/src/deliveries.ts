import type { MessageEvent, Red } from './red.ts';

/** Knows when everything that a message set off in the flows has come to its end. */
export interface Deliveries {
  /**
   * Sends with `send`, and resolves once no node is at work on the message or what became of it: true, or false when
   * a part of it was dropped because flows were being stopped, or the signal aborts.
   */
  deliver(messageId: string, send: () => void, signal: AbortSignal): Promise<boolean>;
}

interface Delivery {
  /** Nodes that have it and are not done with it. */
  atWork: number;
  /** Sent while flows were being stopped, and not delivered: Node-RED drops what is for a stopped node. */
  dropped: number;
  /** How often it was looked whether it has ended. */
  looks: number;
  readonly end: (complete: boolean) => void;
}

/** Follows messages by their ids with the runtime's own hooks. */
export function createDeliveries({ hooks, events }: Pick<Red, 'hooks' | 'events'>): Deliveries {
  const open = new Map<string, Delivery>();
  const flows = { stopping: false };
  const about = ({ msg }: MessageEvent) => open.get(msg?._msgid ?? '');
  // What a node sends reaches the next one with setImmediate, which was asked for before this one. A look that was
  // asked for earlier comes too soon.
  const endIfIdle = (messageId: string, delivery: Delivery) => {
    const look = ++delivery.looks;
    setImmediate(() => {
      if (delivery.looks !== look || delivery.atWork > 0) return;
      open.delete(messageId);
      delivery.end(delivery.dropped === 0);
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
    for (const delivery of sent.map(about)) if (delivery !== undefined) delivery.dropped++;
  });
  hooks.add('preDeliver.dynamics365', (event) => {
    const delivery = about(event);
    if (delivery !== undefined && delivery.dropped > 0) delivery.dropped--;
  });
  hooks.add('onReceive.dynamics365', (event) => {
    const delivery = about(event);
    if (delivery !== undefined) delivery.atWork++;
  });
  hooks.add('onComplete.dynamics365', (event) => {
    const delivery = about(event);
    if (delivery === undefined) return;
    delivery.atWork--;
    endIfIdle(event.msg!._msgid!, delivery);
  });
  return {
    deliver: (messageId, send, signal) =>
      new Promise((resolve) => {
        const delivery: Delivery = { atWork: 0, dropped: 0, looks: 0, end: resolve };
        open.set(messageId, delivery);
        signal.addEventListener('abort', () => {
          open.delete(messageId);
          resolve(false);
        });
        send();
        endIfIdle(messageId, delivery);
      }),
  };
}
