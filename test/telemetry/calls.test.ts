import { expect } from 'chai';
import type { HttpRequest } from '../../src/model/http.ts';
import { createSender } from '../../src/node/create-sender.ts';
import { openTelemetry } from '../../src/node/open-telemetry.ts';
import { type OpenTelemetrySdk, registerOpenTelemetry } from '../support/open-telemetry-sdk.ts';
import { openSandboxClient, type SandboxClient } from '../support/sandbox-client.ts';

describe('telemetry: calls', () => {
  let sdk: OpenTelemetrySdk;
  let fixture: SandboxClient;
  const sent: HttpRequest[] = [];
  before(async () => {
    sdk = registerOpenTelemetry();
    const send = createSender();
    fixture = await openSandboxClient(
      {},
      {
        telemetry: await openTelemetry(),
        send: (request) => {
          sent.push(request);
          return send(request);
        },
      },
    );
  });
  beforeEach(() => {
    sdk.reset();
    sent.length = 0;
  });
  after(async () => {
    await fixture.close();
    await sdk.close();
  });
  const createAccount = () => fixture.client.run('account.create', { name: 'Contoso' });

  it('a run is a span with its attempts below, named by the conventions of HTTP', async () => {
    const { meta } = await createAccount();
    const run = sdk.span('account.create');
    const attempt = sdk.below(run).find(({ name }) => name.startsWith('PATCH'))!;
    const { hostname, port, origin } = new URL(fixture.sandbox.organization.origin);
    expect(run.attributes).to.deep.equal({
      'd365.operation': 'account.create',
      'server.address': hostname,
      'server.port': Number(port),
    });
    expect(attempt.name).to.equal('PATCH /api/data/v9.2/accounts(…)');
    expect(attempt.kind).to.equal(2);
    expect(attempt.attributes).to.deep.include({
      'http.request.method': 'PATCH',
      'http.response.status_code': 201,
      'server.address': hostname,
      'server.port': Number(port),
      'url.full': `${origin}/api/data/v9.2/accounts(…)`,
      'url.template': '/api/data/v9.2/accounts(…)',
      'd365.operation': 'account.create',
      'd365.request.id': meta.requestId,
    });
  });

  it('the organization gets the traceparent of the attempt', async () => {
    await createAccount();
    const attempt = sdk.spans().find(({ name }) => name.startsWith('PATCH'))!;
    const { traceId, spanId } = attempt.spanContext();
    expect(sent.at(-1)?.headers.traceparent).to.equal(`00-${traceId}-${spanId}-01`);
  });

  it('spans have no key of a row, no query and no value', async () => {
    const { output } = await createAccount();
    const id = String((output as { id: string }).id);
    await fixture.client.run('account.get', { id });
    await fixture.client.run('account.list', { filter: "name eq 'Contoso'" });
    const text = JSON.stringify(
      sdk.spans().map(({ name, attributes, events }) => [name, attributes, events]),
    );
    expect(text).to.contain('/accounts(…)');
    expect(text).not.to.match(new RegExp(`${id}|Contoso|\\$filter`));
  });

  it('a retry is a second attempt after a wait', async () => {
    await createAccount();
    sdk.reset();
    fixture.sandbox.organization.faults.add({ kind: 'status', status: 429, retryAfterSeconds: 1 });
    await createAccount();
    const below = sdk.below(sdk.span('account.create'));
    const writes = below.filter(({ name }) => name.startsWith('PATCH'));
    expect(writes.map(({ attributes }) => attributes['http.response.status_code'])).to.deep.equal([429, 201]);
    expect(writes.map(({ attributes }) => attributes['error.type'])).to.deep.equal(['429', undefined]);
    expect(writes.map(({ attributes }) => attributes['http.request.resend_count'])).to.deep.equal([
      undefined,
      1,
    ]);
    expect(writes.map(({ status }) => status.code)).to.deep.equal([2, 0]);
    expect(below.map(({ name }) => name)).to.include('wait retry');
  });

  it('a failed call has the code of its error', async () => {
    const missing = '11111111-2222-4333-8444-555555555555';
    await fixture.client.run('account.get', { id: missing }).catch(() => {});
    const run = sdk.span('account.get');
    expect(run.status).to.deep.equal({ code: 2 });
    expect(run.attributes).to.include({ 'error.type': 'NOT_FOUND', 'http.response.status_code': 404 });
    expect(run.attributes['d365.server_code']).to.equal('0x80040217');
  });

  it('an action that an action runs is below it', async () => {
    const id = '11111111-2222-4333-8444-555555555555';
    await fixture.client.run('case.reply-by-email', { id, body: 'We look into it.' }).catch(() => {});
    const [outer, inner] = [sdk.span('case.reply-by-email'), sdk.span('case.get')];
    expect(inner.parentSpanContext?.spanId).to.equal(outer.spanContext().spanId);
  });

  it('a list is one span over its pages, also if the caller leaves it early', async () => {
    await createAccount();
    await createAccount();
    sdk.reset();
    for await (const _ of fixture.client.list('account.list', {}, { pageSize: 1 })) break;
    const list = sdk.span('account.list');
    expect(list.attributes['d365.count']).to.equal(1);
    expect(sdk.below(list).map(({ name }) => name)).to.include('GET /api/data/v9.2/accounts');
  });

  it('a poll is a span with the number of its items', async () => {
    const { checkpoint } = await fixture.client.poll('account.created');
    await createAccount();
    sdk.reset();
    await fixture.client.poll('account.created', {}, checkpoint);
    const poll = sdk.span('poll account.created');
    expect(poll.attributes['d365.count']).to.equal(1);
    expect(sdk.below(poll).length).to.be.at.least(1);
  });

  it('a call inside of a span of the program belongs to its trace', async () => {
    const { trace } = await import('@opentelemetry/api');
    await trace.getTracer('program').startActiveSpan('order', async (span) => {
      await createAccount();
      span.end();
    });
    const [order, run] = [sdk.span('order'), sdk.span('account.create')];
    expect(run.parentSpanContext?.spanId).to.equal(order.spanContext().spanId);
  });

  it('durations are metrics in seconds, without ids', async () => {
    await createAccount();
    await fixture.client.poll('account.created');
    const metrics = await sdk.metrics();
    expect([...metrics.keys()]).to.include.members([
      'd365.action.duration',
      'd365.poll.duration',
      'd365.poll.items',
      'd365.wait.duration',
      'http.client.request.duration',
    ]);
    const series = metrics.get('http.client.request.duration') ?? [];
    expect(series).to.deep.include({
      'http.request.method': 'PATCH',
      'http.response.status_code': 201,
      'server.address': '127.0.0.1',
      'server.port': Number(new URL(fixture.sandbox.organization.origin).port),
      'url.template': '/api/data/v9.2/accounts(…)',
    });
  });
});
