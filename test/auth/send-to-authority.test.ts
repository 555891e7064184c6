import { expect } from 'chai';
import { authorityTimeoutMs, sendToAuthority } from '../../src/auth/send-to-authority.ts';
import type { HttpRequest, HttpSender } from '../../src/model/http.ts';
import { errorOf } from './support/expect-error.ts';
import { createManualClock, until } from './support/manual-clock.ts';
import { respond } from './support/scripted-authority.ts';

const request: HttpRequest = { method: 'GET', url: 'https://login.example/x', headers: {} };

describe('a request to a sign-in host', () => {
  it('ends in time, also when the sender does not listen, and tells the sender', async () => {
    const clock = createManualClock();
    let signal: AbortSignal | undefined;
    const deaf: HttpSender = (sent) => {
      signal = sent.signal;
      return new Promise(() => {});
    };
    const failed = errorOf(sendToAuthority(deaf, clock, request), 'TIMEOUT');
    await until(() => signal !== undefined);
    await clock.advance(authorityTimeoutMs - 1);
    expect(signal!.aborted).to.equal(false);
    await clock.advance(1);
    await failed;
    expect(signal!.aborted).to.equal(true);
  });

  it('counts the body’s time too', async () => {
    const clock = createManualClock();
    let started = false;
    const slow: HttpSender = async () => ({
      ...respond({ status: 200, body: '' }),
      body: (async function* () {
        started = true;
        yield new Uint8Array(1);
        await new Promise(() => {});
      })(),
    });
    const failed = errorOf(sendToAuthority(slow, clock, request), 'TIMEOUT');
    await until(() => started);
    await clock.advance(authorityTimeoutMs);
    await failed;
  });

  it('ends when the caller gives up', async () => {
    const controller = new AbortController();
    const listening: HttpSender = ({ signal }) =>
      new Promise((_, reject) => signal!.addEventListener('abort', () => reject(signal!.reason)));
    const failed = errorOf(
      sendToAuthority(listening, createManualClock(), { ...request, signal: controller.signal }),
      'ABORTED',
    );
    controller.abort();
    await failed;
  });

  it('stops reading an answer that does not end', async () => {
    let read = 0;
    const endless: HttpSender = async () => ({
      ...respond({ status: 200, body: '' }),
      body: (async function* () {
        for (;;) {
          read += 1;
          yield new Uint8Array(1024 * 1024);
        }
      })(),
    });
    await errorOf(sendToAuthority(endless, createManualClock(), request), 'RESPONSE_TOO_LARGE');
    expect(read).to.equal(5);
  });

  it('tells a slow service from a broken one, and how long to wait', async () => {
    const answer =
      (status: number, headers = {}): HttpSender =>
      async () =>
        respond({ status, body: '' }, headers);
    const clock = createManualClock();
    const busy = await errorOf(
      sendToAuthority(answer(429, { 'retry-after': '7' }), clock, request),
      'THROTTLED',
    );
    expect(busy.details.retryAfterMs).to.equal(7000);
    const vague = await errorOf(
      sendToAuthority(answer(429, { 'retry-after': 'soon' }), clock, request),
      'THROTTLED',
    );
    expect(vague.details.retryAfterMs).to.equal(undefined);
    await errorOf(sendToAuthority(answer(503), clock, request), 'UNAVAILABLE');
    expect((await sendToAuthority(answer(404), clock, request)).status).to.equal(404);
  });

  it('leaves no timer behind', async () => {
    const sleeping: AbortSignal[] = [];
    const clock = {
      now: () => 0,
      sleep(_: number, signal?: AbortSignal) {
        sleeping.push(signal!);
        return new Promise<void>((_resolve, reject) =>
          signal!.addEventListener('abort', () => reject(signal!.reason)),
        );
      },
    };
    await sendToAuthority(async () => respond({ status: 200, body: '' }), clock, request);
    expect(sleeping.map(({ aborted }) => aborted)).to.deep.equal([true]);
  });

  it('keeps letters whole that the line cut in two', async () => {
    const bytes = new TextEncoder().encode('ä€😀');
    const cut: HttpSender = async () => ({
      ...respond({ status: 200, body: '' }),
      body: (async function* () {
        for (const byte of bytes) yield Uint8Array.of(byte);
      })(),
    });
    expect((await sendToAuthority(cut, createManualClock(), request)).text).to.equal('ä€😀');
  });
});
