import { expect } from 'chai';
import { openTelemetry } from 'dynamics365-connector/node';
import { type OpenTelemetrySdk, registerOpenTelemetry } from '../../../test/support/open-telemetry-sdk.ts';
import { openService, type ServiceFixture } from './fixture.ts';

describe('service: telemetry', () => {
  let sdk: OpenTelemetrySdk;
  let fixture: ServiceFixture;
  before(async () => {
    sdk = registerOpenTelemetry();
    fixture = await openService({ services: { telemetry: await openTelemetry() } });
  });
  after(async () => {
    await fixture.close();
    await sdk.close();
  });

  it('a request continues the trace of its caller, down to the organization', async () => {
    const traceId = '4bf92f3577b34da6a3ce929d0e0e4736';
    const traceparent = `00-${traceId}-00f067aa0ba902b7-01`;
    const { status } = await fixture.run('account.create', { name: 'Contoso' }, { traceparent });
    expect(status).to.equal(200);
    const request = sdk.span('POST /v1/connections/:connection/actions/:action');
    const run = sdk.span('account.create');
    expect(request.spanContext().traceId).to.equal(traceId);
    expect(request.parentSpanContext?.spanId).to.equal('00f067aa0ba902b7');
    expect(request.kind).to.equal(1);
    expect(request.attributes).to.deep.equal({
      'http.request.method': 'POST',
      'http.route': '/v1/connections/:connection/actions/:action',
      'http.response.status_code': 200,
    });
    expect(run.parentSpanContext?.spanId).to.equal(request.spanContext().spanId);
    expect(sdk.below(run).map(({ name }) => name)).to.include('PATCH /api/data/v9.2/accounts(…)');
  });

  it('a request that is refused is no error of the service', async () => {
    sdk.reset();
    await fixture.call('/v1/actions', { key: 'wrong' });
    const [request] = sdk.spans();
    expect(request?.attributes['http.response.status_code']).to.equal(401);
    expect(request?.status.code).to.equal(0);
  });
});
