import type { DeliverEvent } from '../subscription.ts';

/** Writes each event as one line of JSON; it has arrived when the stream has taken it. */
export function createStdoutDelivery(stream: NodeJS.WritableStream): DeliverEvent {
  return ({ subscription, trigger, item }) =>
    new Promise((resolve, reject) => {
      const line = JSON.stringify({ subscription, trigger, ...item });
      stream.write(`${line}\n`, (error) => (error ? reject(error) : resolve()));
    });
}
