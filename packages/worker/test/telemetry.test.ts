import { expect } from 'chai';
import { type HttpRequest, Secret } from 'dynamics365-connector';
import { openTelemetry } from 'dynamics365-connector/node';
import { type OpenTelemetrySdk, registerOpenTelemetry } from '../../../test/support/open-telemetry-sdk.ts';
import { createWebhookDelivery } from '../src/delivery/webhook.ts';
import { createEvent, createSubscription, withWorker } from './fixture.ts';

const secret = new Secret(`whsec_${Buffer.alloc(32, 7).toString('base64')}`);

describe('worker: telemetry', () => {
  let sdk: OpenTelemetrySdk;
  before(() => {
    sdk = registerOpenTelemetry();
  });
  beforeEach(() => sdk.reset());
  after(() => sdk.close());

  /** Delivers one event to a webhook that answers with these statuses. */
  async function deliver(statuses: readonly number[]) {
    const telemetry = await openTelemetry();
    const sent: HttpRequest[] = [];
    const webhook = createWebhookDelivery({
      url: 'https://hooks.example/services/T0/secret-path?key=abc',
      secret,
      telemetry,
      clock: { now: Date.now, sleep: () => Promise.resolve() },
      send: async (request) => {
        sent.push(request);
        return { status: statuses[sent.length - 1] ?? 200, headers: {}, body: (async function* () {})() };
      },
    });
    const subscription = createSubscription({
      id: 'case-log',
      feed: 'contoso/case',
      target: 'webhook https://hooks.example/services/T0/secret-path',
      deliver: webhook,
    });
    let polled = false;
    const poll = async () => {
      const events = polled ? [] : [createEvent('r1', 'event-1')];
      polled = true;
      return { events, checkpoint: {} as never, hasMore: false };
    };
    await withWorker({ subscriptions: [subscription], poll, telemetry }, ({ runUntil, store }) =>
      runUntil(async () => sent.length === statuses.length && (await store.countOutbox(1)) === 0),
    );
    return sent;
  }

  it('a poll is a span with the number of its events', async () => {
    await deliver([200]);
    const [poll] = sdk.spans().filter(({ name }) => name === 'poll case');
    expect(poll?.attributes).to.deep.equal({ 'd365.operation': 'case', 'd365.count': 1 });
  });

  it('a delivery is a span with the request below, whose traceparent the receiver gets', async () => {
    const [request] = await deliver([200]);
    const delivery = sdk.span('deliver case-log');
    expect(delivery.kind).to.equal(3);
    expect(delivery.attributes).to.deep.equal({
      'messaging.system': 'dynamics365-connector',
      'messaging.operation.name': 'deliver',
      'messaging.operation.type': 'send',
      'messaging.destination.name': 'case-log',
      'messaging.message.id': 'event-1',
      'd365.trigger': 'case.created',
      'd365.delivery.target': 'webhook',
      'd365.delivery.attempt': 1,
    });
    const [attempt] = sdk.below(delivery);
    const { traceId, spanId } = attempt!.spanContext();
    expect(request?.headers.traceparent).to.equal(`00-${traceId}-${spanId}-01`);
  });

  it('a delivery links to the poll that found its event, and the receiver gets the item alone', async () => {
    const [request] = await deliver([500, 200]);
    const [poll] = sdk.spans().filter(({ name }) => name === 'poll case');
    const deliveries = sdk.spans().filter(({ name }) => name === 'deliver case-log');
    expect(deliveries).to.have.length(2);
    const { traceId, spanId } = poll!.spanContext();
    for (const delivery of deliveries) {
      const linked = delivery.links.map(({ context }) => [context.traceId, context.spanId]);
      expect(linked).to.deep.equal([[traceId, spanId]]);
      expect(delivery.spanContext().traceId).to.not.equal(traceId);
    }
    expect(String(request?.body)).to.not.contain(traceId);
  });

  it('each attempt of a delivery is a span, and a failed one has its outcome', async () => {
    await deliver([500, 200]);
    const deliveries = sdk.spans().filter(({ name }) => name === 'deliver case-log');
    expect(deliveries.map(({ attributes }) => attributes['error.type'])).to.deep.equal([
      'rejected',
      undefined,
    ]);
    expect(deliveries.map(({ attributes }) => attributes['d365.delivery.attempt'])).to.deep.equal([1, 2]);
  });

  it('spans have neither the path nor the query of a webhook', async () => {
    await deliver([200]);
    const text = JSON.stringify(sdk.spans().map(({ name, attributes }) => [name, attributes]));
    expect(text).to.contain('hooks.example');
    expect(text).not.to.match(/secret-path|abc/);
  });
});
