import { expect } from 'chai';
import { createWebApiFixture, type WebApiFixture } from './fixture.ts';

const id = '0000000a-0000-4000-8000-000000000001';

describe('hostile requests', () => {
  let fixture: WebApiFixture;

  before(() => {
    fixture = createWebApiFixture();
    fixture.create('accounts', { accountid: id, name: 'A' });
  });
  after(() => fixture.store.close());

  it('with deep or long bodies are rejected', () => {
    const deep = `${'{"primarycontactid":'.repeat(50_000)}1${'}'.repeat(50_000)}`;
    const nested = `${'{"primarycontactid":'.repeat(30)}{}${'}'.repeat(30)}`;
    const longFilter = `accounts?$filter=${'('.repeat(10_000)}`;
    expect(fixture.send('POST', 'accounts', deep).status).to.equal(400);
    expect(fixture.send('POST', 'accounts', nested).status).to.equal(400);
    expect(fixture.send('POST', 'accounts', `[${'['.repeat(200_000)}`).status).to.equal(400);
    expect(fixture.get(longFilter).status).to.equal(400);
    expect(fixture.send('PATCH', `accounts(${id})`, { name: 'x'.repeat(5_000_000) }).status).to.equal(400);
  });
});
