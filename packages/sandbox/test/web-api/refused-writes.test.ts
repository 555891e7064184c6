import { expect } from 'chai';
import fc from 'fast-check';
import { createWebApiFixture, type WebApiFixture } from './fixture.ts';

describe('Web API: refused writes', () => {
  let fixture: WebApiFixture;
  let account: string;

  beforeEach(() => {
    fixture = createWebApiFixture();
    account = fixture.create('accounts', { name: 'Contoso' });
  });
  afterEach(() => fixture.store.close());

  /** The rows that the requests below can write. */
  const state = () =>
    ['accounts', 'contacts', 'tasks'].map((set) => fixture.get(`${set}?$orderby=createdon`).json.value);

  it('a row that names the type of another table is refused, on every level', () => {
    const type = (name: string) => ({ '@odata.type': name });
    const contact = type('Microsoft.Dynamics.CRM.contact');
    const before = state();
    for (const [method, path, body] of [
      ['POST', 'accounts', { ...contact, name: 'A' }],
      ['PATCH', `accounts(${account})`, { ...contact, name: 'A' }],
      ['POST', 'accounts', { ...type('#mscrm.contact'), name: 'A' }],
      ['POST', 'accounts', { ...type('Microsoft.Dynamics.CRM.nope'), name: 'A' }],
      ['POST', 'accounts', { ...type('account'), name: 'A' }],
      ['POST', 'accounts', { name: 'A', primarycontactid: { ...type('Microsoft.Dynamics.CRM.lead') } }],
      ['POST', 'accounts', { name: 'A', Account_Tasks: [{ ...contact, subject: 'Call' }] }],
    ] as const) {
      const { status, json } = fixture.send(method, path, body);
      expect([status, json.error.code], JSON.stringify(body)).to.deep.equal([400, '0x80048d19']);
    }
    expect(state()).to.deep.equal(before);
    const own = { ...type('#Microsoft.Dynamics.CRM.account'), name: 'B', primarycontactid: { ...contact } };
    expect(fixture.send('POST', 'accounts', own).status).to.equal(204);
  });

  const badClauses = [
    '$select=nope',
    '$select=name,nope',
    '$select=name,,',
    '$select=primarycontactid/nope',
    '$expand=nope',
    '$expand=primarycontactid($select=nope)',
    '$expand=primarycontactid($filter=',
    '$filter=nope eq',
    '$orderby=name sideways',
    '$top=-1',
    '$count=maybe',
    '$apply=sum(',
    '$skip=1',
    '$search=x',
    'foo=bar',
    'sql=SELECT name FROM account',
    '$select=name&$select=name',
  ];
  const validClauses = ['$select=name', '$expand=primarycontactid($select=fullname)', 'tag=x'];
  const preferences = ['', 'return=representation', 'return=minimal', 'odata.include-annotations="*"'];

  interface Write {
    readonly method: string;
    readonly path: () => string;
    readonly body: object;
  }
  const newId = '0000000a-0000-4000-8000-00000000000b';
  const writes: readonly Write[] = [
    { method: 'POST', path: () => 'accounts', body: { name: 'Litware' } },
    { method: 'POST', path: () => 'accounts', body: { name: 'A', primarycontactid: { lastname: 'Abel' } } },
    { method: 'PATCH', path: () => `accounts(${account})`, body: { name: 'Litware' } },
    { method: 'PATCH', path: () => `accounts(${newId})`, body: { name: 'Litware' } },
    { method: 'PUT', path: () => `accounts(${account})/name`, body: { value: 'Litware' } },
    { method: 'DELETE', path: () => `accounts(${account})/name`, body: {} },
    { method: 'DELETE', path: () => `accounts(${account})`, body: {} },
    {
      method: 'POST',
      path: () => `accounts(${account})/Account_Tasks`,
      body: { subject: 'Call' },
    },
  ];

  it('a refused clause leaves all rows as they were, whatever the request and its other clauses', () => {
    const before = state();
    const request = fc.record({
      write: fc.constantFrom(...writes),
      bad: fc.constantFrom(...badClauses),
      others: fc.subarray(validClauses),
      badFirst: fc.boolean(),
      prefer: fc.constantFrom(...preferences),
    });
    fc.assert(
      fc.property(request, ({ write, bad, others, badFirst, prefer }) => {
        const name = (clause: string) => clause.split('=')[0];
        const rest = others.filter((clause) => name(clause) !== name(bad));
        const query = (badFirst ? [bad, ...rest] : [...rest, bad]).join('&');
        const headers: Record<string, string> = prefer === '' ? {} : { Prefer: prefer };
        const { status } = fixture.send(write.method, `${write.path()}?${query}`, write.body, headers);
        expect(status, `${write.method} ${query}`).to.equal(400);
        expect(state(), `${write.method} ${query}`).to.deep.equal(before);
      }),
      { numRuns: 300 },
    );
  });

  it('a refused action changes nothing', () => {
    const before = state();
    const target = { '@odata.type': 'Microsoft.Dynamics.CRM.account', name: 'Litware' };
    const action = 'accounts/Microsoft.Dynamics.CRM.CreateMultiple';
    for (const query of ['$select=,', '$expand=(', '$top=x', 'foo=bar']) {
      expect(fixture.send('POST', `${action}?${query}`, { Targets: [target] }).status, query).to.equal(400);
      expect(state(), query).to.deep.equal(before);
    }
  });
});
