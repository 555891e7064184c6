import { expect } from 'chai';
import { openService, type ServiceFixture } from './fixture.ts';

describe('service: what operators and pacing callers read', () => {
  let fixture: ServiceFixture;
  before(async () => {
    fixture = await openService();
  });
  after(() => fixture.close());

  it('tells with each answer of a connection what is left of the requests of its user', async () => {
    const first = await fixture.run('account.list', {});
    const policy = /^"org";q=(\d+);w=300$/.exec(first.headers.get('ratelimit-policy') ?? '');
    const left = ({ headers }: typeof first) =>
      Number(/^"org";r=(\d+);t=\d+$/.exec(headers.get('ratelimit') ?? '')?.[1]);
    expect(Number(policy?.[1])).to.be.greaterThan(1000);
    expect(left(first)).to.be.within(1, Number(policy?.[1]));
    const second = await fixture.run('account.list', {});
    expect(left(second)).to.be.below(left(first));
    const failed = await fixture.run('account.get', { id: crypto.randomUUID() });
    expect(failed.status).to.equal(404);
    expect(left(failed), 'with an error').to.be.below(left(second));
    const key = await fixture.createKey({ connections: ['fabrikam'] });
    const foreign = await fixture.call('/v1/connections/contoso/actions/account.list', { key, body: {} });
    expect(foreign.status).to.equal(404);
    expect(foreign.headers.has('ratelimit'), 'to another key').to.equal(false);
    expect((await fixture.call('/v1/actions')).headers.has('ratelimit')).to.equal(false);
  });

  it('says without a key whether it works', async () => {
    const { status, body } = await fixture.call('/health', { key: '' });
    expect({ status, body }).to.deep.equal({ status: 200, body: { status: 'ok' } });
  });

  it('has metrics for keys with their scope', async () => {
    await fixture.call('/v1/nothing');
    const { status, text, headers } = await fixture.call('/metrics');
    expect(status, text).to.equal(200);
    expect(headers.get('content-type')).to.contain('application/openmetrics-text');
    expect(text).to.match(/^d365_service_requests_total\{status="404"\} [1-9]/m);
    expect(text).to.match(/^d365_service_request_seconds_count [1-9]/m);
    expect(text).to.contain('d365_worker_subscriptions{state="active"} 0');
    expect(text.endsWith('# EOF\n')).to.equal(true);
    const key = await fixture.createKey({ scopes: ['connections', 'triggers'] });
    expect((await fixture.call('/metrics', { key })).body.code).to.equal('SCOPE_MISSING');
    expect((await fixture.call('/metrics', { key: 'x' })).body.code).to.equal('KEY_INVALID');
  });
});
