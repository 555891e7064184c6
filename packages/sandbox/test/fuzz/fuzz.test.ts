import { expect } from 'chai';
import fc from 'fast-check';
import { createWebApiFixture, type WebApiFixture } from '../web-api/fixture.ts';
import { arbitraryRequest, type FuzzRequest } from './arbitrary-requests.ts';
import { readDomain } from './fuzz-domain.ts';
import { seedRows } from './seed-rows.ts';

/** `npm run fuzz:sandbox -- 100000` sends more of them, over HTTP. */
const numRuns = 600;
/** The organization is restored after this many requests: some of them delete their own user or tables. */
const requestsPerOrganization = 300;

describe('the Web API: random requests', () => {
  // Two seconds of computing; a busy machine takes longer.
  let fixture: WebApiFixture;
  let requests: readonly FuzzRequest[];
  before(() => {
    fixture = createWebApiFixture();
    seedRows(fixture);
    const domain = readDomain(fixture.store, fixture.userId);
    requests = fc.sample(arbitraryRequest(domain, fixture.store.model), { numRuns, seed: 1 });
  });
  after(() => fixture.store.close());

  it('get no 500 response, and JSON in every error', () => {
    const snapshot = fixture.store.saveSnapshot();
    const statuses = new Map<number, number>();
    requests.forEach(({ method, path, body, headers }, index) => {
      if (index % requestsPerOrganization === 0) fixture.store.restoreSnapshot(snapshot);
      const response = fixture.send(method, `/api/data/${path}`, body, headers);
      const described = `${method} ${path}\n${body}\n${response.status} ${response.text.slice(0, 500)}`;
      statuses.set(response.status, (statuses.get(response.status) ?? 0) + 1);
      expect(response.status < 500 || response.status === 501, described).to.equal(true);
      expect(response.text, described).not.to.include('HTTP/1.1 500');
      const isSingle = !response.headers['Content-Type']?.startsWith('multipart/');
      if (response.status >= 400 && response.status !== 416 && isSingle)
        expect(response.json?.error?.message, described).to.be.a('string');
    });
    // Most requests must reach the code behind the parsers: enough of them succeed.
    const succeeded = [200, 201, 204].reduce((sum, status) => sum + (statuses.get(status) ?? 0), 0);
    expect(succeeded, JSON.stringify([...statuses])).to.be.greaterThan(numRuns / 10);
  });
});
