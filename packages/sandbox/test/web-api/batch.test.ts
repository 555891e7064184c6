import { expect } from 'chai';
import {
  type BatchItem,
  type BatchRequest,
  type BatchResponse,
  composeBatchRequest,
  parseBatchResponse,
} from 'dynamics365-connector/odata';
import { base, createWebApiFixture, type WebApiFixture } from './fixture.ts';

describe('Web API: $batch', () => {
  let fixture: WebApiFixture;

  beforeEach(() => {
    fixture = createWebApiFixture();
  });
  afterEach(() => fixture.store.close());

  const post = (url: string, body: object, contentId?: string): BatchRequest => ({
    method: 'POST',
    url,
    headers: { 'content-type': 'application/json' },
    body: JSON.stringify(body),
    ...(contentId === undefined ? {} : { contentId }),
  });
  const get = (url: string): BatchRequest => ({ method: 'GET', url, headers: {} });

  function send(items: readonly BatchItem<BatchRequest>[], headers: Readonly<Record<string, string>> = {}) {
    const { contentType, body } = composeBatchRequest(items, 'test');
    const response = fixture.send('POST', '$batch', body, { 'Content-Type': contentType, ...headers });
    const parsed = parseBatchResponse(response.headers['Content-Type'] ?? '', response.text);
    return { ...response, items: parsed.ok ? parsed.value : [] };
  }
  const statuses = (items: readonly BatchItem<BatchResponse>[]) =>
    items.map((item) => ('part' in item ? item.part.status : item.changeSet.map(({ status }) => status)));
  const contentIds = (items: readonly BatchItem<BatchResponse>[]) =>
    items.flatMap((item) =>
      'part' in item ? item.part.contentId : item.changeSet.map(({ contentId }) => contentId),
    );

  it('returns parts in order, for relative and absolute URLs', () => {
    const { status, items } = send([
      { part: post('/api/data/v9.2/accounts', { name: 'A' }) },
      { part: post('accounts', { name: 'B' }) },
      { part: get(`${base}/accounts?$select=name`) },
    ]);
    expect(status).to.equal(200);
    expect(statuses(items)).to.deep.equal([204, 204, 200]);
    const [made, , listed] = items.map((item) => ('part' in item ? item.part : undefined));
    expect(made!.headers.location).to.equal(made!.headers['odata-entityid']);
    expect(listed!.headers['content-type']).to.equal(
      'application/json; odata.metadata=minimal; odata.streaming=true',
    );
    expect(JSON.parse(listed!.body!).value).to.have.length(2);
  });

  it('stops at the first failure with 400 and keeps earlier writes', () => {
    const { status, items } = send([
      { part: post('accounts', { name: 'A' }) },
      { part: post('accounts', { nope: 1 }) },
      { part: post('accounts', { name: 'C' }) },
    ]);
    expect([status, statuses(items)]).to.deep.equal([400, [204, 400]]);
    expect(fixture.get('accounts/$count').text).to.equal('1');
  });

  it('continues with odata.continue-on-error and returns 200', () => {
    const { status, items } = send(
      [{ part: post('accounts', { nope: 1 }) }, { part: post('accounts', { name: 'C' }) }],
      { Prefer: 'odata.continue-on-error' },
    );
    expect([status, statuses(items)]).to.deep.equal([200, [400, 204]]);
  });

  it('resolves Content-ID references in URLs and bodies of a change set', () => {
    const { items } = send([
      {
        changeSet: [
          post('contacts', { firstname: 'First', lastname: 'Last' }, '1'),
          { method: 'PUT', url: '$1/lastname', headers: {}, body: '{"value":"BBBBB"}', contentId: '2' },
          post('accounts', { name: 'A', 'primarycontactid@odata.bind': '$1' }, '3'),
        ],
      },
    ]);
    expect(statuses(items)).to.deep.equal([[204, 204, 204]]);
    expect('changeSet' in items[0]! && items[0].changeSet.map(({ contentId }) => contentId)).to.deep.equal([
      '1',
      '2',
      '3',
    ]);
    const [account] = fixture.get('accounts?$select=name&$expand=primarycontactid($select=lastname)').json
      .value;
    expect(account.primarycontactid.lastname).to.equal('BBBBB');
  });

  it('rolls a failed change set back and returns the failed part', () => {
    const { status, items } = send([
      { changeSet: [post('accounts', { name: 'A' }, '1'), post('accounts', { nope: 1 }, '2')] },
    ]);
    expect([status, statuses(items)]).to.deep.equal([400, [[400]]]);
    expect(contentIds(items)).to.deep.equal(['2']);
    expect(fixture.get('accounts/$count').text).to.equal('0');
  });

  it('rejects a reference to a later or missing Content-ID', () => {
    const { items } = send([
      {
        changeSet: [
          post('accounts', { name: 'A', 'primarycontactid@odata.bind': '$2' }, '1'),
          post('contacts', { lastname: 'B' }, '2'),
        ],
      },
    ]);
    const [set] = items;
    expect('changeSet' in set! && JSON.parse(set.changeSet[0]!.body!).error.message).to.equal(
      "Content-ID Reference: '$2' does not exist in the batch context.",
    );
  });

  it('rejects GET in a change set, a nested batch and more than 1,000 parts', () => {
    expect(send([{ changeSet: [{ ...get('accounts'), contentId: '1' }] }]).status).to.equal(400);
    expect(statuses(send([{ part: post('$batch', {}) }]).items)).to.deep.equal([400]);
    const many = Array.from({ length: 1001 }, () => ({ part: get('WhoAmI') }));
    expect(send(many).status).to.equal(400);
  });

  it('rejects a malformed batch with a JSON error', () => {
    const { status, json } = fixture.send('POST', '$batch', 'hello', { 'Content-Type': 'text/plain' });
    expect([status, json.error.code]).to.deep.equal([400, '0x80060888']);
  });
});
