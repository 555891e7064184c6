import { expect } from 'chai';
import { authorityTimeoutMs, sendToAuthority } from '../../src/auth/send-to-authority.ts';
import type { HttpRequest, HttpSender } from '../../src/model/http.ts';
import { errorOf } from './support/expect-error.ts';
import { createManualClock, until } from './support/manual-clock.ts';
import { respond } from './support/scripted-authority.ts';

const request: HttpRequest = { method: 'GET', url: 'https://login.example/x', headers: {} };

describe('sendToAuthority', () => {
  it('throws TIMEOUT, also when the sender ignores its signal, and aborts the signal', async () => {
    const clock = createManualClock();
    let signal: AbortSignal | undefined;
    const ignoringSignal: HttpSender = (sent) => {
      signal = sent.signal;
      return new Promise(() => {});
    };
    const failed = errorOf(sendToAuthority(ignoringSignal, clock, request), 'TIMEOUT');
    await until(() => signal !== undefined);
    await clock.advance(authorityTimeoutMs - 1);
    expect(signal!.aborted).to.equal(false);
    await clock.advance(1);
    await failed;
    expect(signal!.aborted).to.equal(true);
  });

  it('includes the body in the timeout', async () => {
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

  it('tells an authority of this machine that has ended from one that the network does not reach', async () => {
    const refused: HttpSender = () => Promise.reject(new Error('ECONNREFUSED'));
    const adviceFor = async (url: string) =>
      (await errorOf(sendToAuthority(refused, createManualClock(), { ...request, url }), 'NETWORK')).advice;
    expect(await adviceFor('http://127.0.0.1:34035/x')).to.match(/^No program listens at 127\.0\.0\.1:34035/);
    expect(await adviceFor('https://login.example/x')).to.match(/^Check the network/);
  });

  it('throws ABORTED when the caller aborts', async () => {
    const controller = new AbortController();
    const obeyingSignal: HttpSender = ({ signal }) =>
      new Promise((_, reject) => signal!.addEventListener('abort', () => reject(signal!.reason)));
    const failed = errorOf(
      sendToAuthority(obeyingSignal, createManualClock(), { ...request, signal: controller.signal }),
      'ABORTED',
    );
    controller.abort();
    await failed;
  });

  it('stops reading a response above the maximum size', async () => {
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

  it('throws THROTTLED with retryAfterMs for a 429, and UNAVAILABLE for a 5xx', async () => {
    const answering =
      (status: number, headers = {}): HttpSender =>
      async () =>
        respond({ status, body: '' }, headers);
    const clock = createManualClock();
    const throttled = await errorOf(
      sendToAuthority(answering(429, { 'retry-after': '7' }), clock, request),
      'THROTTLED',
    );
    expect(throttled.details.retryAfterMs).to.equal(7000);
    const date = { date: 'Sun, 01 Mar 2026 08:00:00 GMT', 'retry-after': 'Sun, 01 Mar 2026 08:00:30 GMT' };
    const untilDate = await errorOf(sendToAuthority(answering(429, date), clock, request), 'THROTTLED');
    expect(untilDate.details.retryAfterMs).to.equal(30_000);
    const withoutTime = await errorOf(
      sendToAuthority(answering(429, { 'retry-after': 'soon' }), clock, request),
      'THROTTLED',
    );
    expect(withoutTime.details.retryAfterMs).to.equal(undefined);
    await errorOf(sendToAuthority(answering(503), clock, request), 'UNAVAILABLE');
    expect((await sendToAuthority(answering(404), clock, request)).status).to.equal(404);
  });

  it('leaves no timer after a response', async () => {
    const sleepSignals: AbortSignal[] = [];
    const clock = {
      now: () => 0,
      sleep(_: number, signal?: AbortSignal) {
        sleepSignals.push(signal!);
        return new Promise<void>((_resolve, reject) =>
          signal!.addEventListener('abort', () => reject(signal!.reason)),
        );
      },
    };
    await sendToAuthority(async () => respond({ status: 200, body: '' }), clock, request);
    expect(sleepSignals.map(({ aborted }) => aborted)).to.deep.equal([true]);
  });

  it('decodes characters that are split between chunks', async () => {
    const bytes = new TextEncoder().encode('ä€😀');
    const byteByByte: HttpSender = async () => ({
      ...respond({ status: 200, body: '' }),
      body: (async function* () {
        for (const byte of bytes) yield Uint8Array.of(byte);
      })(),
    });
    expect((await sendToAuthority(byteByByte, createManualClock(), request)).text).to.equal('ä€😀');
  });
});
