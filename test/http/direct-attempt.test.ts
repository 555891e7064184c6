import { getEventListeners } from 'node:events';
import { expect } from 'chai';
import { createDirectPipeline } from '../../src/http/create-pipeline.ts';
import type { HttpSender } from '../../src/model/http.ts';
import { Secret } from '../../src/model/secret.ts';
import { createFakeClock } from '../support/fake-clock.ts';
import { createLocalLimiter } from '../support/limiter.ts';
import { basePath, caseRequest, origin } from './fixture.ts';

/** A transport whose policies are never asked: they would fail. */
async function openTransport(
  send: HttpSender,
  { hasToken = true, signal = undefined as AbortSignal | undefined } = {},
) {
  const clock = createFakeClock();
  const limiter = createLocalLimiter(clock);
  (await limiter.acquire({ deadline: clock.now() + 60_000 }))();
  const token = { token: new Secret('token-1'), expiresAt: Number.POSITIVE_INFINITY };
  const transport = createDirectPipeline({
    services: { send, clock, random: () => 0.5, log: () => {} },
    origin,
    basePath,
    tokens: {
      peekToken: () => (hasToken ? token : undefined),
      getToken: () => Promise.reject(new Error('the policies were asked for a token')),
    },
    findLimiter: Object.assign(() => Promise.reject(new Error('the policies were asked for a limiter')), {
      current: () => limiter,
    }),
    retry: { maxAttempts: 1, budgetMs: 90_000 },
    timeoutMs: 60_000,
    errorRules: [],
  });
  return {
    start: () => transport.startDirectly({ ...caseRequest, signal }),
    finish: transport.finish,
    /** How many requests the limiter admits at once. */
    places: () => Array.from({ length: 9 }, () => limiter.tryAcquire(clock.now())).filter(Boolean).length,
    ...{ limiter, clock },
  };
}

const answer =
  (status: number, text: string, type = 'application/json'): HttpSender =>
  async () => ({
    status,
    headers: { 'content-type': type },
    body: (async function* () {
      yield new TextEncoder().encode(text);
    })(),
  });

describe('direct attempt', () => {
  it('returns the response of an ordinary request without the policies', async () => {
    const { start } = await openTransport(answer(200, '{"title":"x"}'));
    expect(await start()?.response).to.deep.include({ status: 200, body: { title: 'x' }, attempts: 1 });
  });

  it('gives its place in the rate limiter back, so that one request after the other is admitted', async () => {
    const { start } = await openTransport(answer(204, ''));
    for (let n = 0; n < 9; n++) expect((await start()?.response)?.status).to.equal(204);
  });

  it('leaves an error status, a body that is not JSON and a broken connection to the policies', async () => {
    const unusual: readonly HttpSender[] = [
      answer(404, '{}'),
      answer(304, ''),
      answer(200, '<html>', 'text/html'),
      answer(200, '{"title":'),
      () => Promise.reject(new Error('reset')),
    ];
    for (const send of unusual) {
      const { start } = await openTransport(send);
      expect(await start()?.response).to.equal(undefined);
    }
  });

  it('ends at the deadline, also with a sender that ignores its signal', async () => {
    const { start, clock } = await openTransport(() => new Promise(() => {}));
    const attempt = start();
    expect(await attempt?.response).to.equal(undefined);
    expect(clock.slept).to.deep.equal([60_000]);
    expect(() => attempt?.outcome()).to.throw('No complete response within 60 s.');
  });

  it('ends when the caller cancels, gives its place back and leaves no listener', async () => {
    const controller = new AbortController();
    const { signal } = controller;
    const { start, finish, places } = await openTransport(() => new Promise(() => {}), { signal });
    const attempt = start();
    controller.abort();
    expect(await attempt?.response).to.equal(undefined);
    expect(getEventListeners(signal, 'abort')).to.deep.equal([]);
    const error = await finish(attempt!).catch((reason: unknown) => reason);
    expect(error).to.include({ code: 'ABORTED' });
    expect(places()).to.equal((await openTransport(answer(204, ''))).places());
  });

  it('is not started without a token at hand, without room, or for a call that was canceled', async () => {
    const send = answer(200, '{}');
    expect((await openTransport(send, { hasToken: false })).start()).to.equal(undefined);
    const signal = AbortSignal.abort();
    expect((await openTransport(send, { signal })).start()).to.equal(undefined);
    const { start, limiter, clock } = await openTransport(send);
    const releases = [1, 2].map(() => limiter.tryAcquire(clock.now()));
    expect(start()).to.equal(undefined);
    for (const release of releases) release?.();
    expect(start()).to.not.equal(undefined);
  });
});
