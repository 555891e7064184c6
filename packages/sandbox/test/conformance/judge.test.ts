import { expect } from 'chai';
import { createStandardModel } from '../../src/model/standard-model.ts';
import { type Judgement, judge } from './judge.ts';
import { parseExchanges } from './read-exchanges.ts';
import { scoreByKind } from './score.ts';

const url = 'https://contoso.crm.dynamics.com/api/data/v9.2/accounts';
const accountId = '6f1d1e0a-3c55-4b7e-9d8e-0a1b2c3d4e01';
const contactId = accountId.replace('4e01', '4e02');

async function judgeAll(entries: readonly unknown[]): Promise<readonly Judgement[]> {
  const judgements: Judgement[] = [];
  for await (const judgement of judge(parseExchanges(JSON.stringify(entries)), createStandardModel())) {
    judgements.push(judgement);
  }
  return judgements;
}

const describeOutcome = (judgement: Judgement): string =>
  judgement.outcome === 'compared'
    ? `${judgement.exchange.id}: ${judgement.differences.map(({ kind }) => kind).join() || 'same'}`
    : `${judgement.exchange.id}: ${judgement.outcome}, ${judgement.reason}`;

describe('judge', () => {
  it('reports broken entries and replays the others', async () => {
    const good = {
      url,
      method: 'POST',
      headers: { 'Content-Type': 'application/json' },
      body: '{"name":"A"}',
    };
    const response = { status: 204, headers: { 'OData-Version': '4.0' }, body: null };
    const judgements = await judgeAll([
      { id: 'body', kind: 'create', request: { ...good, body: '{"name":' }, response },
      { id: 'no-response', kind: 'create', request: good },
      { id: 'method', kind: 'create', request: { ...good, method: 'FETCH IT' }, response },
      { id: 'no-request', kind: 'create' },
      { id: 'no-url', kind: 'create', request: {} },
      'text',
      { id: 'bad-answer', kind: 'create', request: good, response: { ...response, body: '{"a":' } },
      { id: 'good', kind: 'create', request: good, response },
    ]);
    expect(judgements.map(describeOutcome)).to.deep.equal([
      'body: left out, the request body is not valid JSON',
      'no-response: left out, the entry has no response',
      'method: left out, unknown method: FETCH IT',
      'no-request: left out, The entry has no request.',
      'no-url: left out, The request has neither a URL nor a path.',
      '#5: left out, The entry has no request.',
      'bad-answer: left out, the response body is not valid JSON',
      'good: same',
    ]);
  });

  it('reports an exchange whose replay fails and goes on', async () => {
    const entry = {
      kind: 'get',
      request: { method: 'GET', path: 'accounts' },
      response: { status: 200, body: {} },
    };
    const exchanges = parseExchanges(
      JSON.stringify([
        { ...entry, id: 'a' },
        { ...entry, id: 'b' },
      ]),
    );
    const judgements: Judgement[] = [];
    const replay = () => Promise.reject(new Error('connection lost'));
    for await (const judgement of judge(exchanges, createStandardModel(), replay)) judgements.push(judgement);
    expect(judgements.map(describeOutcome)).to.deep.equal([
      'a: error, connection lost',
      'b: error, connection lost',
    ]);
    expect(scoreByKind(judgements).sum).to.include({ total: 2, status: 0, essentials: 0, same: 0 });
  });

  it('creates the rows, lookups, custom columns and versions that an exchange presumes', async () => {
    const contact = { contactid: accountId.replace('4e01', '4e02'), lastname: 'Lind', cr_level: 3 };
    const judgements = await judgeAll([
      {
        id: 'row',
        kind: 'get',
        request: {
          method: 'GET',
          path: `contacts(${contact.contactid})?$select=lastname,cr_level,_parentcustomerid_value`,
        },
        response: {
          status: 200,
          body: {
            '@odata.context': `${url.replace('accounts', '$metadata')}#contacts(lastname,cr_level,_parentcustomerid_value)/$entity`,
            '@odata.etag': 'W/"1"',
            ...contact,
            _parentcustomerid_value: accountId,
          },
        },
      },
      {
        id: 'version',
        kind: 'update',
        request: {
          method: 'PATCH',
          path: `accounts(${accountId})`,
          headers: { 'If-Match': 'W/"470867"' },
          body: { name: 'B' },
        },
        response: { status: 204, body: null },
      },
    ]);
    const essentials = scoreByKind(judgements).sum.essentials;
    expect(essentials, judgements.map(describeOutcome).join('\n')).to.equal(2);
  });

  it('prints what only the recorded organization decides, and does not count it', async () => {
    const set = (name: string) => url.replace('accounts', `$metadata#${name}`);
    const list = (name: string, value: readonly object[]) => ({ '@odata.context': set(name), value });
    const named = (name: string) => ({ '@odata.etag': 'W/"1"', name, accountid: accountId });
    const judgements = await judgeAll([
      {
        id: 'old',
        kind: 'list',
        notes: 'v9.1, 2018',
        request: {
          method: 'GET',
          path: 'accounts?$select=name',
          headers: { Prefer: 'odata.include-annotations="*"' },
        },
        response: {
          status: 200,
          body: {
            '@odata.context': set('accounts(name)'),
            '@Microsoft.Dynamics.CRM.totalrecordcount': -1,
            '@Microsoft.Dynamics.CRM.totalrecordcountlimitexceeded': false,
            value: [named('A')],
          },
        },
      },
      {
        id: 'filter',
        kind: 'list',
        request: { method: 'GET', path: "accounts?$select=name&$filter=name eq 'A'" },
        response: {
          status: 200,
          body: list('accounts(name)', [named('A'), { ...named('B'), accountid: contactId }]),
        },
      },
      {
        id: 'newer',
        kind: 'list',
        request: { method: 'GET', path: 'accounts?$select=name' },
        response: { status: 200, body: list('accounts(name)', [{ ...named('A'), name: 5 }]) },
      },
    ]);
    const notes = judgements.map((judgement) => (judgement.outcome === 'compared' ? judgement.notes : []));
    expect(notes).to.deep.equal([
      ['organizations before 2020 did not send the annotation globalmetadataversion'],
      ["1 rows of the file are not those of the request: name eq 'A'"],
      [],
    ]);
    expect(judgements.map(describeOutcome)).to.deep.equal(['old: same', 'filter: same', 'newer: rows,rows']);
  });
});
