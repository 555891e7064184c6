import { expect } from 'chai';
import { base, createWebApiFixture, type WebApiFixture } from './fixture.ts';

describe('Web API: conditional requests and upserts', () => {
  const id = '0000000a-0000-4000-8000-000000000001';
  let fixture: WebApiFixture;

  beforeEach(() => {
    fixture = createWebApiFixture();
  });
  afterEach(() => fixture.store.close());

  const etag = () => fixture.get(`accounts(${id})?$select=name`).json['@odata.etag'] as string;
  const patch = (headers: Readonly<Record<string, string>> = {}, name = 'B') =>
    fixture.send('PATCH', `accounts(${id})`, { name }, headers);

  it('PATCH creates a missing row and updates an existing one', () => {
    expect(patch().headers['OData-EntityId']).to.equal(`${base}/accounts(${id})`);
    expect(patch({}, 'C').status).to.equal(204);
    expect(fixture.get(`accounts(${id})/name`).json.value).to.equal('C');
  });

  it('return=representation responds with 201 to a create and 200 to an update', () => {
    const prefer = { Prefer: 'return=representation' };
    const made = patch(prefer);
    const updated = patch(prefer, 'C');
    expect([made.status, updated.status]).to.deep.equal([201, 200]);
    expect(updated.headers.ETag).to.equal(updated.json['@odata.etag']);
  });

  it('If-Match: * never creates a row', () => {
    const { status, json } = patch({ 'If-Match': '*' });
    expect([status, json.error.message]).to.deep.equal([404, `account With Id = ${id} Does Not Exist`]);
  });

  it('If-None-Match: * never updates a row', () => {
    expect(patch({ 'If-None-Match': '*' }).status).to.equal(204);
    const { status, json } = patch({ 'If-None-Match': '*' });
    expect([status, json.error.code]).to.deep.equal([412, '0x80060892']);
    expect(json.error.message).to.equal('A record with matching key values already exists.');
  });

  it('If-None-Match: null is ignored', () => {
    patch();
    expect(patch({ 'If-None-Match': 'null' }).status).to.equal(204);
    expect(fixture.get(`accounts(${id})`, { 'If-None-Match': 'null' }).status).to.equal(200);
  });

  it('update and delete require the current version in If-Match', () => {
    patch();
    const stale = etag();
    patch({}, 'C');
    for (const response of [
      patch({ 'If-Match': stale }, 'D'),
      fixture.send('DELETE', `accounts(${id})`, undefined, { 'If-Match': stale }),
    ]) {
      expect([response.status, response.json.error.code]).to.deep.equal([412, '0x80060882']);
    }
    expect(patch({ 'If-Match': etag() }, 'D').status).to.equal(204);
    expect(fixture.send('DELETE', `accounts(${id})`, undefined, { 'If-Match': etag() }).status).to.equal(204);
  });

  it('a second delete gives 404', () => {
    patch();
    expect(fixture.send('DELETE', `accounts(${id})`).status).to.equal(204);
    expect(fixture.send('DELETE', `accounts(${id})`).status).to.equal(404);
  });

  it('304 is returned for a current ETag, but not with $expand or annotations', () => {
    patch();
    const current = { 'If-None-Match': etag() };
    expect(fixture.get(`accounts(${id})`, current).status).to.equal(304);
    expect(fixture.get(`accounts(${id})?$expand=createdby`, current).status).to.equal(200);
    const annotated = { ...current, Prefer: 'odata.include-annotations="*"' };
    expect(fixture.get(`accounts(${id})`, annotated).status).to.equal(200);
    patch({}, 'C');
    expect(fixture.get(`accounts(${id})`, current).status).to.equal(200);
  });

  it('an upsert by alternate key copies the key into the new row and returns the URL with that key', () => {
    fixture.store.addKey('account', 'new_number', ['accountnumber']);
    const path = "accounts(accountnumber='A1')";
    expect(fixture.send('PATCH', path, { name: 'A' }).headers['OData-EntityId']).to.equal(`${base}/${path}`);
    fixture.send('PATCH', path, { name: 'B' });
    expect(fixture.get('accounts?$select=name,accountnumber').json.value).to.have.length(1);
    expect(fixture.get(`${path}?$select=name,accountnumber`).json).to.include({
      name: 'B',
      accountnumber: 'A1',
    });
  });
});
