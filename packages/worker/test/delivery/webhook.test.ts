import { createHmac } from 'node:crypto';
import { expect } from 'chai';
import { type HttpRequest, type HttpResponse, Secret } from 'dynamics365-connector';
import { createFakeClock } from '../../../../test/support/fake-clock.ts';
import type { DeliveryError } from '../../src/delivery/delivery-error.ts';
import { signWebhook } from '../../src/delivery/sign-webhook.ts';
import { createWebhookDelivery } from '../../src/delivery/webhook.ts';
import { createItem } from '../worker-store-contract.ts';

const key = Buffer.alloc(32, 7);
const secret = new Secret(`whsec_${key.toString('base64')}`);
const delivery = {
  sequence: 1,
  subscription: 'new-cases',
  trigger: 'case.created',
  target: 'new-cases',
  rowId: 'row',
  item: createItem('e1'),
  attempt: 1,
  refusals: 0,
};
const { signal } = new AbortController();

function createFixture(status: number, response: Partial<HttpResponse> = {}) {
  const sent: HttpRequest[] = [];
  const send = async (request: HttpRequest) => {
    sent.push(request);
    return { status, headers: {}, body: (async function* () {})(), ...response };
  };
  const clock = createFakeClock(Date.UTC(2026, 0, 15));
  const deliver = createWebhookDelivery({ url: 'https://example.com/hook', secret, send, clock });
  return { sent, deliver, clock };
}

describe('worker: createWebhookDelivery', () => {
  // The example of the specification: https://github.com/standard-webhooks/standard-webhooks
  it('signs the example of the specification', () => {
    const example = new Secret('whsec_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw');
    const message = {
      id: 'msg_p5jXN8AQM9LWM0D4loKWxJek',
      timestampMs: 1_614_265_330_000,
      body: '{"test": 2432232314}',
    };
    expect(signWebhook(example, message)['webhook-signature']).to.equal(
      'v1,g0hM9SsE+OTPJTGt/tmIKtSyZlE3uFJELVlNIOLJ1OE=',
    );
  });

  it('posts each event as JSON, signed over id, timestamp and body', async () => {
    const { sent, deliver } = createFixture(204);
    await deliver(delivery, signal);
    const { url, method, headers, body } = sent[0]!;
    expect({ url, method }).to.deep.equal({ url: 'https://example.com/hook', method: 'POST' });
    expect(JSON.parse(body as string)).to.deep.equal({
      type: 'case.created',
      timestamp: delivery.item.at,
      data: { subscription: 'new-cases', item: delivery.item },
    });
    const timestamp = String(Date.UTC(2026, 0, 15) / 1000);
    const mac = createHmac('sha256', key).update(`e1.${timestamp}.${body}`).digest('base64');
    expect(headers).to.include({
      'webhook-id': 'e1',
      'webhook-timestamp': timestamp,
      'webhook-signature': `v1,${mac}`,
    });
  });

  const outcomes = {
    refused: [400, 401, 404, 413, 422],
    unavailable: [302, 408, 425, 429, 500, 503],
    gone: [410],
  };
  for (const [kind, statuses] of Object.entries(outcomes)) {
    for (const status of statuses) {
      it(`rejects the event as ${kind} after a ${status} response`, async () => {
        const error = await createFixture(status)
          .deliver(delivery, signal)
          .catch((reason: unknown) => reason);
        expect(error).to.include({ kind, message: `The webhook answered ${status}.` });
      });
    }
  }

  it('delivers the event after a 2xx response whose body never ends, and ends the request', async () => {
    const body = (async function* () {
      yield new Uint8Array(1);
      await new Promise(() => {});
    })();
    const { deliver, sent, clock } = createFixture(200, { body });
    await deliver(delivery, signal);
    while (!sent[0]!.signal?.aborted) await new Promise((resolve) => setImmediate(resolve));
    expect(clock.slept).to.deep.equal([1000]);
  });

  it('reports the wait that the receiver requests, one hour at most', async () => {
    const waitAfter = async (value: string) => {
      const { deliver } = createFixture(503, { headers: { 'retry-after': value } });
      return (await deliver(delivery, signal).catch((error: DeliveryError) => error))?.retryAfterMs;
    };
    expect(await waitAfter('120')).to.equal(120_000);
    expect(await waitAfter('99999999999')).to.equal(3_600_000);
    expect(await waitAfter('Fri, 31 Dec 9999 23:59:59 GMT')).to.equal(3_600_000);
    expect(await waitAfter('soon')).to.equal(undefined);
  });

  it('says that a replay is one', async () => {
    const { sent, deliver } = createFixture(204);
    await deliver({ ...delivery, replay: 'stored' }, signal);
    expect(JSON.parse(sent[0]!.body as string).data).to.include({ replayed: true });
    expect(sent[0]!.headers).to.include({ 'webhook-id': 'e1' });
  });

  it('rejects an invalid secret without printing it', () => {
    for (const text of ['hunter2', 'whsec_c2hvcnQ=', `whsec_${'A'.repeat(200)}`]) {
      expect(() => signWebhook(new Secret(text), { id: 'i', timestampMs: 0, body: '' }))
        .to.throw('whsec_')
        .with.property('code', 'SETTING_INVALID');
      expect(() => signWebhook(new Secret(text), { id: 'i', timestampMs: 0, body: '' })).not.to.throw(text);
    }
  });
});
