import { expect } from 'chai';
import { createRequestFaultPlan } from '../../src/faults/fault-plan.ts';
import { BODY, getRows, type HandlerHarness, startOrganizationHandler } from './harness.ts';

describe('injected faults', () => {
  let harness: HandlerHarness;
  beforeEach(async () => {
    harness = await startOrganizationHandler();
  });
  afterEach(() => harness.close());

  const bodyOf = (text: string) => text.split('\r\n\r\n')[1] ?? '';

  it('delay waits on the clock and then responds normally', async () => {
    harness.faults.add({ kind: 'delay', ms: 5000 });
    const before = harness.clock.now();
    expect((await harness.get()).status).to.equal(200);
    expect(harness.clock.now() - before).to.equal(5000);
  });

  it('status responds before the request is processed, with Retry-After on request', async () => {
    harness.faults.add({ kind: 'status', status: 429, retryAfterSeconds: 7 });
    harness.faults.add({ kind: 'status', status: 503 });
    const throttled = await harness.get();
    expect([throttled.status, throttled.headers.get('retry-after')]).to.deep.equal([429, '7']);
    expect(await throttled.json()).to.have.nested.property('error.code', '0x80072322');
    const unavailable = await harness.get();
    expect([unavailable.status, unavailable.headers.get('retry-after')]).to.deep.equal([503, null]);
    expect(harness.received).to.deep.equal([]);
    expect((await harness.get()).status).to.equal(200);
  });

  it('status 401 has the WWW-Authenticate challenge', async () => {
    harness.faults.add({ kind: 'status', status: 401 });
    const response = await harness.get();
    expect(response.status).to.equal(401);
    expect(response.headers.get('www-authenticate')).to.match(/^Bearer authorization_uri=/);
  });

  it('html responds with a page and status 200', async () => {
    harness.faults.add({ kind: 'html' });
    const response = await harness.get();
    expect(response.status).to.equal(200);
    expect(response.headers.get('content-type')).to.match(/^text\/html/);
  });

  it('reset-before resets the connection before the request is processed', async () => {
    harness.faults.add({ kind: 'reset-before' });
    expect(await harness.raw(getRows)).to.deep.equal({ text: '', end: 'reset' });
    expect(harness.received).to.deep.equal([]);
  });

  it('reset at byte 0 loses the response of a processed request', async () => {
    harness.faults.add({ kind: 'reset', atByte: 0 });
    expect(await harness.raw(getRows)).to.deep.equal({ text: '', end: 'reset' });
    expect(harness.received).to.have.length(1);
  });

  it('reset at byte n sends exactly n bytes', async () => {
    for (const atByte of [1, 15, 200, 700]) {
      harness.faults.add({ kind: 'reset', atByte });
      const { text, end } = await harness.raw(getRows);
      expect([text.length, end]).to.deep.equal([atByte, 'reset']);
      expect('HTTP/1.1 200 OK\r\n'.startsWith(text.slice(0, 17))).to.equal(true);
    }
  });

  it('no-response accepts the request and never responds', async () => {
    harness.faults.add({ kind: 'no-response' });
    expect(await harness.raw(getRows, 1_000)).to.deep.equal({ text: '', end: 'quiet' });
    expect(harness.received).to.deep.equal([]);
  });

  it('stall stops in the middle of the response and keeps the connection open', async () => {
    harness.faults.add({ kind: 'stall', atByte: 40 });
    const { text, end } = await harness.raw(getRows, 1_000);
    expect([text.length, end]).to.deep.equal([40, 'quiet']);
    expect(harness.received).to.have.length(1);
  });

  it('truncate sends less than Content-Length and closes the connection normally', async () => {
    harness.faults.add({ kind: 'truncate', bodyBytes: 10 });
    const { text, end } = await harness.raw(getRows);
    expect(bodyOf(text)).to.equal(BODY.slice(0, 10));
    expect(text).to.contain(`Content-Length: ${BODY.length}`);
    expect(end).to.equal('closed');
  });

  it('trickle sends the whole response slowly', async () => {
    harness.faults.add({ kind: 'trickle', bytesPerSecond: 100 });
    const before = harness.clock.now();
    const { text, end } = await harness.raw(getRows);
    expect([bodyOf(text), end]).to.deep.equal([BODY, 'closed']);
    expect(harness.clock.now() - before).to.be.greaterThan((BODY.length / 100) * 1000);
  });

  it('late-commit passes the delay to the handler', async () => {
    harness.faults.add({ kind: 'late-commit', ms: 30_000 });
    await harness.get();
    await harness.get();
    expect(harness.received.map(({ lateMs }) => lateMs)).to.deep.equal([30_000, undefined]);
  });

  it('apply only to matching requests and only the given number of times', async () => {
    harness.faults.add({ kind: 'status', status: 500, method: 'GET', path: '/contacts', skip: 1, times: 2 });
    const status = async (path: string) => (await harness.get(`/api/data/v9.2/${path}`)).status;
    expect(await status('accounts')).to.equal(200);
    const contacts = [
      await status('contacts'),
      await status('contacts'),
      await status('contacts'),
      await status('contacts'),
    ];
    expect(contacts).to.deep.equal([200, 500, 500, 200]);
  });

  it('are removed by the returned function or by clear', async () => {
    const remove = harness.faults.add({ kind: 'reset-before', times: Infinity });
    remove();
    harness.faults.add({ kind: 'reset-before', times: Infinity });
    harness.faults.clear();
    expect((await harness.get()).status).to.equal(200);
  });

  it('apply with a probability drawn from the seed', () => {
    const rolls = [0.1, 0.9, 0.2];
    const plan = createRequestFaultPlan(() => rolls.shift() ?? 1);
    plan.add({ kind: 'reset-before', probability: 0.5, times: Infinity });
    const request = { method: 'GET', target: '/' };
    expect([1, 2, 3].map(() => plan.take(request)?.kind)).to.deep.equal([
      'reset-before',
      undefined,
      'reset-before',
    ]);
  });
});
