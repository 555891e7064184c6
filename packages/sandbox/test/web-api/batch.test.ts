import { expect } from 'chai';
import {
  type BatchItem,
  type BatchRequest,
  type BatchResponse,
  composeBatchRequest,
  parseBatchResponse,
} from 'dynamics365-connector/odata';
import { base, createWebApiFixture, type WebApiFixture } from './fixture.ts';

describe('batches', () => {
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
    const answer = fixture.send('POST', '$batch', body, { 'Content-Type': contentType, ...headers });
    const parsed = parseBatchResponse(answer.headers['Content-Type'] ?? '', answer.text);
    return { ...answer, items: parsed.ok ? parsed.value : [] };
  }
  const statuses = (items: readonly BatchItem<BatchResponse>[]) =>
    items.map((item) => ('part' in item ? item.part.status : item.changeSet.map(({ status }) => status)));
  const contentIds = (items: readonly BatchItem<BatchResponse>[]) =>
    items.flatMap((item) =>
      'part' in item ? item.part.contentId : item.changeSet.map(({ contentId }) => contentId),
    );

  it('parts are answered in order, with paths of every form', () => {
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

  it('the first failure ends a batch with 400, and what came before stays', () => {
    const { status, items } = send([
      { part: post('accounts', { name: 'A' }) },
      { part: post('accounts', { nope: 1 }) },
      { part: post('accounts', { name: 'C' }) },
    ]);
    expect([status, statuses(items)]).to.deep.equal([400, [204, 400]]);
    expect(fixture.get('accounts/$count').text).to.equal('1');
  });

  it('odata.continue-on-error carries on and answers 200', () => {
    const { status, items } = send(
      [{ part: post('accounts', { nope: 1 }) }, { part: post('accounts', { name: 'C' }) }],
      { Prefer: 'odata.continue-on-error' },
    );
    expect([status, statuses(items)]).to.deep.equal([200, [400, 204]]);
  });

  it('requests of a change set refer to each other by Content-ID, in paths and bodies', () => {
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

  it('a change set that fails leaves nothing and answers with the part that failed', () => {
    const { status, items } = send([
      { changeSet: [post('accounts', { name: 'A' }, '1'), post('accounts', { nope: 1 }, '2')] },
    ]);
    expect([status, statuses(items)]).to.deep.equal([400, [[400]]]);
    expect(contentIds(items)).to.deep.equal(['2']);
    expect(fixture.get('accounts/$count').text).to.equal('0');
  });

  it('a reference to something later, or to nothing, is refused', () => {
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

  it('a change set holds no GET, no batch holds a batch, and more than a thousand parts are too many', () => {
    expect(send([{ changeSet: [{ ...get('accounts'), contentId: '1' }] }]).status).to.equal(400);
    expect(statuses(send([{ part: post('$batch', {}) }]).items)).to.deep.equal([400]);
    const many = Array.from({ length: 1001 }, () => ({ part: get('WhoAmI') }));
    expect(send(many).status).to.equal(400);
  });

  it('a body that is no batch is refused as JSON', () => {
    const { status, json } = fixture.send('POST', '$batch', 'hello', { 'Content-Type': 'text/plain' });
    expect([status, json.error.code]).to.deep.equal([400, '0x80060888']);
  });
});
