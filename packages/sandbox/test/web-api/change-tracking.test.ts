import { expect } from 'chai';
import { setRoles } from '../../src/security/member-roles.ts';
import { createCaller } from '../../src/server/organization-members.ts';
import { base, createWebApiFixture, type WebApiFixture } from './fixture.ts';

describe('Web API: change tracking', () => {
  const track = { Prefer: 'odata.track-changes' };
  let fixture: WebApiFixture;

  beforeEach(() => {
    fixture = createWebApiFixture();
  });
  afterEach(() => fixture.store.close());

  const start = () => fixture.get('accounts?$select=name', track);
  const follow = (json: { '@odata.deltaLink': string }) => fixture.get(json['@odata.deltaLink']);

  it('the first response has all rows and a delta link', () => {
    fixture.create('accounts', { name: 'A' });
    const { json, headers } = start();
    expect(json['@odata.context']).to.equal(`${base}/$metadata#accounts(name)`);
    expect(json.value.map((row: { name: string }) => row.name)).to.deep.equal(['A']);
    expect(json['@odata.deltaLink']).to.match(
      /\/accounts\?\$select=name&\$deltatoken=\d+%2105%2f01%2f2024%2008%3a00%3a00$/,
    );
    expect(headers['Preference-Applied']).to.equal('odata.track-changes');
  });

  it('a delta link returns changed rows by version, then deletions, and the next delta link', () => {
    const [a, b] = [fixture.create('accounts', { name: 'A' }), fixture.create('accounts', { name: 'B' })];
    const { json } = start();
    fixture.send('DELETE', `accounts(${a})`);
    const c = fixture.create('accounts', { name: 'C' });
    fixture.send('PATCH', `accounts(${b})`, { name: 'B2' });
    const delta = follow(json).json;
    expect(delta['@odata.context']).to.equal(`${base}/$metadata#accounts(name)/$delta`);
    expect(delta.value.map((row: Record<string, string>) => row.accountid ?? row)).to.deep.equal([
      c,
      b,
      { '@odata.context': `${base}/$metadata#accounts/$deletedEntity`, id: a, reason: 'deleted' },
    ]);
    expect(follow(delta).json.value).to.deep.equal([]);
  });

  it('the last page has the delta link, which includes writes made between pages', () => {
    for (let index = 0; index < 5; index++) fixture.create('accounts', { name: `A${index}` });
    const prefer = { Prefer: 'odata.track-changes,odata.maxpagesize=2' };
    let page = fixture.get('accounts?$select=name', prefer).json;
    const seen = [...page.value];
    const late = fixture.create('accounts', { name: 'late' });
    while (page['@odata.nextLink']) {
      expect(page).not.to.have.property('@odata.deltaLink');
      page = fixture.get(page['@odata.nextLink'], { Prefer: 'odata.maxpagesize=2' }).json;
      seen.push(...page.value);
    }
    seen.push(...follow(page).json.value);
    const ids = seen.map((row) => row.accountid);
    expect(new Set(ids).size).to.equal(6);
    expect(ids).to.include(late);
  });

  it('/$count returns the number of pending changes', () => {
    const { json } = start();
    fixture.create('accounts', { name: 'A' });
    const token = json['@odata.deltaLink'].split('$deltatoken=')[1];
    expect(fixture.get(`accounts/$count?$deltatoken=${token}`).text).to.equal('1');
  });

  it('a delta link is valid for seven days', () => {
    const { json } = start();
    fixture.clock.now += 7 * 86_400_000;
    expect(follow(json).status).to.equal(200);
    fixture.clock.now += 1000;
    const { status, json: expired } = follow(json);
    expect([status, expired.error]).to.deep.equal([
      400,
      {
        code: '0x80044352',
        message: 'Version stamp associated with the client has expired. Please perform a full sync.',
      },
    ]);
  });

  it('expireDeltaTokens expires all delta links', () => {
    const { json } = start();
    fixture.webApi.expireDeltaTokens();
    expect(follow(json).json.error.code).to.equal('0x80044352');
    expect(follow(start().json).status).to.equal(200);
  });

  it('a metadata change expires all delta links', () => {
    const { json } = start();
    fixture.store.addKey('account', 'new_number', ['accountnumber']);
    expect(follow(json).json.error.code).to.equal('0x80044352');
    expect(follow(start().json).status).to.equal(200);
  });

  it('other query options are rejected', () => {
    for (const option of ['$filter=statecode eq 0', '$orderby=name', '$expand=createdby', '$top=1']) {
      const { status, json } = fixture.get(`accounts?${option}`, track);
      const name = option.split('=')[0];
      expect([status, json.error.message]).to.deep.equal([
        400,
        `The "${name}" query parameter isn't supported when Change Tracking is enabled.`,
      ]);
    }
  });

  it('a table without change tracking and a caller without organization-level read are rejected', () => {
    expect(fixture.get('slas', track).json.error.code).to.equal('0x80072491');
    const user = fixture.create('systemusers', { firstname: 'Uma', lastname: 'User' });
    setRoles(fixture.store, user, ['Basic User']);
    const { status, json } = fixture.asCaller(createCaller(fixture.store, user)).get('accounts', track);
    expect([status, json.error.code]).to.deep.equal([403, '0x80040220']);
  });

  it('an invalid token is rejected', () => {
    expect(fixture.get('accounts?$deltatoken=hello').status).to.equal(400);
  });
});
