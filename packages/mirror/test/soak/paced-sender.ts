import { setTimeout as sleep } from 'node:timers/promises';
import type { HttpSender } from 'dynamics365-connector';

/**
 * A sender through which an organization gives no more rows a second, whatever the size of its pages is. It begins with a
 * page when it receives the request, as a server does: what the client does meanwhile delays no page.
 */
export function createPacedSender(send: HttpSender, rowsPerSecond: number): HttpSender {
  let freeAt = 0;
  return async (request) => {
    const rows = Number(/maxpagesize=(\d+)/.exec(request.headers.prefer ?? '')?.[1] ?? 0);
    freeAt = Math.max(freeAt, performance.now()) + (1000 * rows) / rowsPerSecond;
    const readyAt = freeAt;
    const response = await send(request);
    await sleep(Math.max(0, readyAt - performance.now()));
    return response;
  };
}
