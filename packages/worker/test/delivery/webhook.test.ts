import { createHmac } from 'node:crypto';
import { expect } from 'chai';
import { type HttpRequest, Secret } from 'dynamics365-connector';
import { createFakeClock } from '../../../../test/support/fake-clock.ts';
import { signWebhook } from '../../src/delivery/sign-webhook.ts';
import { createWebhookDelivery } from '../../src/delivery/webhook.ts';
import { createItem } from '../worker-store-contract.ts';

const key = Buffer.alloc(32, 7);
const secret = new Secret(`whsec_${key.toString('base64')}`);
const delivery = {
  sequence: 1,
  subscription: 'new-cases',
  trigger: 'case.created',
  item: createItem('e1'),
  attempt: 1,
};
const { signal } = new AbortController();

function createFixture(status: number) {
  const sent: HttpRequest[] = [];
  const send = async (request: HttpRequest) => {
    sent.push(request);
    return { status, headers: {}, body: (async function* () {})() };
  };
  const clock = createFakeClock(Date.UTC(2026, 0, 15));
  const deliver = createWebhookDelivery({ url: 'https://example.com/hook', secret, send, clock });
  return { sent, deliver };
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

  for (const status of [302, 404, 500]) {
    it(`rejects the event after a ${status} response`, async () => {
      const message = await createFixture(status)
        .deliver(delivery, signal)
        .catch((error: Error) => error.message);
      expect(message).to.equal(`The webhook answered ${status}.`);
    });
  }

  it('rejects an invalid secret without printing it', () => {
    for (const text of ['hunter2', 'whsec_c2hvcnQ=', `whsec_${'A'.repeat(200)}`]) {
      expect(() => signWebhook(new Secret(text), { id: 'i', timestampMs: 0, body: '' }))
        .to.throw('whsec_')
        .with.property('code', 'SETTING_INVALID');
      expect(() => signWebhook(new Secret(text), { id: 'i', timestampMs: 0, body: '' })).not.to.throw(text);
    }
  });
});
