import type { ServerResponse } from 'node:http';

/** Aborts when the caller hangs up before the answer is sent. */
export function hangUpOf(outgoing: Pick<ServerResponse, 'once' | 'writableFinished'>): AbortSignal {
  const controller = new AbortController();
  outgoing.once('close', () => {
    if (!outgoing.writableFinished) controller.abort('the caller has hung up');
  });
  return controller.signal;
}
