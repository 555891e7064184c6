import type { DeliverEvent } from '../subscription.ts';

/** Writes each event as one line of JSON. The event is delivered when the stream has written the line. */
export function createStdoutDelivery(stream: NodeJS.WritableStream): DeliverEvent {
  return ({ subscription, trigger, item, replay }) =>
    new Promise((resolve, reject) => {
      const line = JSON.stringify({ subscription, trigger, ...item, ...(replay && { replayed: true }) });
      stream.write(`${line}\n`, (error) => (error ? reject(error) : resolve()));
    });
}
