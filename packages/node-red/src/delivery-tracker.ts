import type { MessageHookEvent, NodeRedApi } from './node-red-api.ts';

/** Tracks when the flows have finished processing a message. */
export interface DeliveryTracker {
  /**
   * Calls `send` and tracks the message with this id.
   *
   * @returns true once no node is processing the message or a message passed on from it; false when a part of it was
   * dropped because the flows were stopping, or the signal aborted.
   */
  sendAndTrack(messageId: string, send: () => void, signal: AbortSignal): Promise<boolean>;
}

interface TrackedDelivery {
  /** Nodes that have received the message and are not done. */
  activeNodes: number;
  /** Messages sent while the flows were stopping and not yet delivered: Node-RED drops those for a stopped node. */
  dropped: number;
  /** Number of the latest idle check; only the latest one counts. */
  idleChecks: number;
  readonly resolve: (complete: boolean) => void;
}

/** Deliveries by message id. */
type TrackedDeliveries = Map<string, TrackedDelivery>;

/** Creates a tracker that follows messages by id with the hooks of the Node-RED runtime. */
export function createDeliveryTracker(red: Pick<NodeRedApi, 'hooks' | 'events'>): DeliveryTracker {
  const tracked: TrackedDeliveries = new Map();
  countDroppedMessages(red, tracked);
  countActiveNodes(red, tracked);
  return {
    sendAndTrack: (messageId, send, signal) =>
      new Promise((resolve) => {
        const delivery: TrackedDelivery = { activeNodes: 0, dropped: 0, idleChecks: 0, resolve };
        tracked.set(messageId, delivery);
        signal.addEventListener('abort', () => {
          tracked.delete(messageId);
          resolve(false);
        });
        send();
        completeIfIdle(tracked, messageId, delivery);
      }),
  };
}

function countDroppedMessages(
  { hooks, events }: Pick<NodeRedApi, 'hooks' | 'events'>,
  tracked: TrackedDeliveries,
): void {
  let isStopping = false;
  events.on('flows:stopping', () => {
    isStopping = true;
  });
  events.on('flows:started', () => {
    isStopping = false;
  });
  hooks.add('onSend.dynamics365', (sent) => {
    if (!isStopping) return;
    for (const event of sent) {
      const delivery = findDelivery(tracked, event);
      if (delivery !== undefined) delivery.dropped++;
    }
  });
  hooks.add('preDeliver.dynamics365', (event) => {
    const delivery = findDelivery(tracked, event);
    if (delivery !== undefined && delivery.dropped > 0) delivery.dropped--;
  });
}

function countActiveNodes({ hooks }: Pick<NodeRedApi, 'hooks'>, tracked: TrackedDeliveries): void {
  hooks.add('onReceive.dynamics365', (event) => {
    const delivery = findDelivery(tracked, event);
    if (delivery !== undefined) delivery.activeNodes++;
  });
  hooks.add('onComplete.dynamics365', (event) => {
    const delivery = findDelivery(tracked, event);
    if (delivery === undefined) return;
    delivery.activeNodes--;
    completeIfIdle(tracked, messageIdOf(event), delivery);
  });
}

/**
 * Resolves a delivery that no node is processing. Node-RED delivers a sent message with setImmediate, queued before
 * this one, so the check runs after the delivery; an older check for the same message would run too early.
 */
function completeIfIdle(tracked: TrackedDeliveries, messageId: string, delivery: TrackedDelivery): void {
  const check = ++delivery.idleChecks;
  setImmediate(() => {
    if (delivery.idleChecks !== check || delivery.activeNodes > 0) return;
    tracked.delete(messageId);
    delivery.resolve(delivery.dropped === 0);
  });
}

function findDelivery(tracked: TrackedDeliveries, event: MessageHookEvent): TrackedDelivery | undefined {
  return tracked.get(messageIdOf(event));
}

function messageIdOf({ msg }: MessageHookEvent): string {
  return msg?._msgid ?? '';
}
