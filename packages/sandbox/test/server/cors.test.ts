import { expect } from 'chai';
import { type HandlerHarness, startOrganizationHandler } from './harness.ts';

const origin = 'https://app.example';

describe('createOrganizationHandler: CORS', () => {
  let harness: HandlerHarness;
  before(async () => {
    harness = await startOrganizationHandler();
  });
  after(() => harness.close());

  const preflight = (headers: Record<string, string>, path = '/api/data/v9.2/rows') =>
    fetch(harness.origin + path, { method: 'OPTIONS', headers });

  for (const method of ['GET', 'POST', 'PUT', 'PATCH', 'DELETE']) {
    it(`answers the preflight of ${method} without a token`, async () => {
      const response = await preflight({
        origin,
        'access-control-request-method': method,
        'access-control-request-headers': 'authorization,odata-version',
      });
      expect(response.status).to.equal(200);
      expect(response.headers.get('access-control-allow-origin')).to.equal(origin);
      expect(response.headers.get('access-control-allow-methods')).to.equal(method);
      expect(response.headers.get('access-control-allow-headers')).to.equal('authorization,odata-version');
      expect(response.headers.get('access-control-max-age')).to.equal('3600');
      expect(response.headers.get('vary')).to.equal('Origin');
      expect(harness.received).to.deep.equal([]);
    });
  }

  it('answers a preflight even when a fault is pending, and keeps the fault for the request', async () => {
    harness.faults.add({ kind: 'status', status: 503 });
    const response = await preflight({ origin, 'access-control-request-method': 'GET' });
    expect(response.status).to.equal(200);
    const failed = await harness.get('/api/data/v9.2/rows', { origin });
    expect(failed.status).to.equal(503);
    expect(failed.headers.get('access-control-allow-origin')).to.equal('*');
  });

  it('refuses OPTIONS without the headers of a preflight, and the preflight of other methods', async () => {
    expect((await preflight({})).status).to.equal(401);
    expect((await preflight({ origin, 'access-control-request-method': 'TRACE' })).status).to.equal(401);
  });

  it('never answers a preflight of the control routes', async () => {
    const headers = { origin, 'access-control-request-method': 'POST' };
    const response = await preflight(headers, '/__sandbox/clear-faults');
    expect(response.headers.get('access-control-allow-origin')).to.equal(null);
  });

  it('allows every origin to read a response and its headers', async () => {
    const { headers } = await harness.get('/api/data/v9.2/rows', { origin });
    expect(headers.get('access-control-allow-origin')).to.equal('*');
    expect(headers.get('access-control-expose-headers')).to.equal(
      'Preference-Applied,OData-EntityId,Location,ETag,OData-Version,Content-Encoding,Transfer-Encoding,Content-Length,Retry-After,REQ_ID',
    );
  });

  it('sends no CORS headers to a request without an origin', async () => {
    const { headers } = await harness.get();
    expect(headers.get('access-control-allow-origin')).to.equal(null);
    expect(headers.get('access-control-expose-headers')).to.equal(null);
  });
});
