import { expect } from 'chai';
import { createWebApiFixture, type WebApiFixture } from './fixture.ts';

interface Hit {
  readonly Id: string;
  readonly EntityName: string;
  readonly Score: number;
  readonly Attributes: object;
  readonly Highlights: object;
}

describe('searchquery', () => {
  let fixture: WebApiFixture;
  let ids: Readonly<Record<'kettle' | 'lamp' | 'person', string>>;

  beforeEach(() => {
    fixture = createWebApiFixture();
    const description = 'Sells a kettle and a Käse-Fondue set.';
    ids = {
      kettle: fixture.create('accounts', { name: 'Kettle Kings', accountnumber: 'K-7' }),
      lamp: fixture.create('accounts', { name: 'Lamp Lords', description }),
      person: fixture.create('contacts', { firstname: 'Karl', lastname: 'Kettler' }),
    };
  });
  afterEach(() => fixture.store.close());

  const post = (body: object) => fixture.send('POST', 'searchquery', body);
  const runSearch = (body: object): { readonly Value: readonly Hit[]; readonly Count: number } =>
    JSON.parse(post(body).json.response);
  const found = (search: string, options: object = {}) =>
    runSearch({ search, options: JSON.stringify(options) }).Value.map(({ Id }) => Id);
  const lucene = { querytype: 'lucene' };
  const all = { searchmode: 'all' };
  const named = (...tables: object[]) => JSON.stringify(tables);

  it('ranks hits in the primary name first and highlights every hit', () => {
    const { Value, Count } = runSearch({ search: 'KETTLE', count: true });
    expect(Count).to.equal(2);
    expect(Value).to.deep.equal([
      {
        Id: ids.kettle,
        EntityName: 'account',
        ObjectTypeCode: 1,
        Attributes: { '@search.objecttypecode': 1, name: 'Kettle Kings' },
        Highlights: { name: ['{crmhit}Kettle{/crmhit} Kings'] },
        Score: 3,
      },
      {
        Id: ids.lamp,
        EntityName: 'account',
        ObjectTypeCode: 1,
        Attributes: {
          '@search.objecttypecode': 1,
          description: 'Sells a kettle and a Käse-Fondue set.',
          name: 'Lamp Lords',
        },
        Highlights: { description: ['Sells a {crmhit}kettle{/crmhit} and a Käse-Fondue set.'] },
        Score: 1,
      },
    ]);
  });

  it('matches any term by default and all terms on request', () => {
    expect(found('lamp kettle')).to.deep.equal([ids.lamp, ids.kettle]);
    expect(found('lamp kettle', all)).to.deep.equal([ids.lamp]);
  });

  it('supports +required terms, "phrases" and prefix*', () => {
    expect(found('lamp +kings')).to.deep.equal([ids.kettle]);
    expect(found('"kettle and"')).to.deep.equal([ids.lamp]);
    expect(found('"and kettle"')).to.deep.equal([]);
    expect(found('kettl*')).to.have.members([ids.kettle, ids.lamp, ids.person]);
    expect(found('kettl\\*')).to.deep.equal([]);
  });

  it('-term excludes rows in mode all and adds all other rows in mode any', () => {
    expect(found('kettle -lamp', all)).to.deep.equal([ids.kettle]);
    expect(found('kettle -lords')).to.include.members([ids.kettle, ids.lamp, ids.person]);
  });

  it('ignores case and accents and splits words at punctuation', () => {
    expect(found('kase')).to.deep.equal([ids.lamp]);
    expect(found('k-7')).to.deep.equal([ids.kettle]);
  });

  it('supports fuzzy~ terms in Lucene syntax only', () => {
    expect(found('lanp~1', lucene)).to.deep.equal([ids.lamp]);
    expect(found('lnap~', lucene)).to.deep.equal([ids.lamp]);
    expect(found('lnap~1', lucene)).to.deep.equal([]);
    expect(found('lanp~1')).to.deep.equal([]);
  });

  it('searches and returns only the primary name of a named table without columns', () => {
    const entities = named({ name: 'account' });
    expect(runSearch({ search: 'kettle', entities }).Value.map(({ Id }) => Id)).to.deep.equal([ids.kettle]);
    const columns = { searchColumns: ['description'], selectColumns: ['accountnumber', 'createdon'] };
    const [hit] = runSearch({ search: 'kettle', entities: named({ name: 'account', ...columns }) }).Value;
    expect(hit!.Attributes).to.deep.equal({
      '@search.objecttypecode': 1,
      accountnumber: null,
      createdon: '2024-05-01T08:00:00Z',
    });
  });

  it('applies filters for one table and for all tables', () => {
    const account = { name: 'account', searchColumns: ['name', 'description'] };
    const filtered = { ...account, filter: `accountnumber eq 'K-7'` };
    const count = (body: object) => runSearch({ search: 'kettle', count: true, ...body }).Count;
    expect(count({ entities: named(account) })).to.equal(2);
    expect(count({ entities: named(filtered) })).to.equal(1);
    expect(count({ filter: 'createdon gt 2024-05-02' })).to.equal(0);
  });

  it('pages a stable order and counts all hits', () => {
    const page = (skip: number) => {
      const orderby = JSON.stringify(['name desc']);
      const { Value, Count } = runSearch({ search: 'kettle', orderby, count: true, top: 1, skip });
      return [Value.map(({ Id }) => Id), Count];
    };
    expect([page(0), page(1), page(2)]).to.deep.equal([
      [[ids.lamp], 2],
      [[ids.kettle], 2],
      [[], 2],
    ]);
    expect(runSearch({ search: 'kettle' }).Count).to.equal(-1);
  });

  const search = 'kettle';
  const invalidRequests: Readonly<Record<string, object>> = {
    'a missing search text': {},
    'an empty search text': { search: ' ' },
    'a search text of more than 100 characters': { search: 'k'.repeat(101) },
    'top over 100': { search, top: 101 },
    'a negative skip': { search, skip: -1 },
    'options that are not JSON': { search, options: 'lucene' },
    'options that are an array': { search, options: '["lucene"]' },
    'entities that are not an array': { search, entities: '{}' },
    'an unknown table': { search, entities: named({ name: 'acount' }) },
    'an unknown column': { search, entities: named({ name: 'account', searchColumns: ['x'] }) },
    'a column that is not text': { search, entities: named({ name: 'account', searchColumns: ['revenue'] }) },
    'a malformed filter': { search, filter: 'name is x' },
    'an invalid orderby': { search, orderby: '["name up"]' },
    'a group of terms': { search: '(kettle | lamp)' },
    'an unknown parameter': { search, fuzzy: true },
  };
  for (const [title, body] of Object.entries(invalidRequests)) {
    it(`rejects ${title}`, () => {
      expect(post(body).status).to.equal(400);
    });
  }
});
