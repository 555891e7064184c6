import { expect } from 'chai';
import { createWebApiFixture, type WebApiFixture } from './fixture.ts';

interface Hit {
  readonly Id: string;
  readonly EntityName: string;
  readonly Score: number;
  readonly Attributes: object;
  readonly Highlights: object;
}

describe('relevance search', () => {
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
  const answer = (body: object): { readonly Value: readonly Hit[]; readonly Count: number } =>
    JSON.parse(post(body).json.response);
  const found = (search: string, options: object = {}) =>
    answer({ search, options: JSON.stringify(options) }).Value.map(({ Id }) => Id);
  const lucene = { querytype: 'lucene' };
  const all = { searchmode: 'all' };
  const named = (...tables: object[]) => JSON.stringify(tables);

  it('a word in the name of a row comes before one in its other texts, and every hit is marked', () => {
    const { Value, Count } = answer({ search: 'KETTLE', count: true });
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

  it('any of the words will do, unless all are asked for', () => {
    expect(found('lamp kettle')).to.deep.equal([ids.lamp, ids.kettle]);
    expect(found('lamp kettle', all)).to.deep.equal([ids.lamp]);
  });

  it('a plus is a must, quotes hold words together, a star lets a word go on', () => {
    expect(found('lamp +kings')).to.deep.equal([ids.kettle]);
    expect(found('"kettle and"')).to.deep.equal([ids.lamp]);
    expect(found('"and kettle"')).to.deep.equal([]);
    expect(found('kettl*')).to.have.members([ids.kettle, ids.lamp, ids.person]);
    expect(found('kettl\\*')).to.deep.equal([]);
  });

  it('a minus leaves rows out where all must hold; where any will do, it brings in all the others', () => {
    expect(found('kettle -lamp', all)).to.deep.equal([ids.kettle]);
    expect(found('kettle -lords')).to.include.members([ids.kettle, ids.lamp, ids.person]);
  });

  it('neither case nor accents count, and marks within a word part it', () => {
    expect(found('kase')).to.deep.equal([ids.lamp]);
    expect(found('k-7')).to.deep.equal([ids.kettle]);
  });

  it('Lucene forgives a letter or two, the simple syntax does not', () => {
    expect(found('lanp~1', lucene)).to.deep.equal([ids.lamp]);
    expect(found('lnap~', lucene)).to.deep.equal([ids.lamp]);
    expect(found('lnap~1', lucene)).to.deep.equal([]);
    expect(found('lanp~1')).to.deep.equal([]);
  });

  it('of a table that is named only the name is searched and told, unless columns are named, too', () => {
    const entities = named({ name: 'account' });
    expect(answer({ search: 'kettle', entities }).Value.map(({ Id }) => Id)).to.deep.equal([ids.kettle]);
    const columns = { searchColumns: ['description'], selectColumns: ['accountnumber', 'createdon'] };
    const [hit] = answer({ search: 'kettle', entities: named({ name: 'account', ...columns }) }).Value;
    expect(hit!.Attributes).to.deep.equal({
      '@search.objecttypecode': 1,
      accountnumber: null,
      createdon: '2024-05-01T08:00:00Z',
    });
  });

  it('filters narrow one table or all of them', () => {
    const account = { name: 'account', searchColumns: ['name', 'description'] };
    const filtered = { ...account, filter: `accountnumber eq 'K-7'` };
    const count = (body: object) => answer({ search: 'kettle', count: true, ...body }).Count;
    expect(count({ entities: named(account) })).to.equal(2);
    expect(count({ entities: named(filtered) })).to.equal(1);
    expect(count({ filter: 'createdon gt 2024-05-02' })).to.equal(0);
  });

  it('pages are cut from one order, and the count is that of all pages', () => {
    const page = (skip: number) => {
      const orderby = JSON.stringify(['name desc']);
      const { Value, Count } = answer({ search: 'kettle', orderby, count: true, top: 1, skip });
      return [Value.map(({ Id }) => Id), Count];
    };
    expect([page(0), page(1), page(2)]).to.deep.equal([
      [[ids.lamp], 2],
      [[ids.kettle], 2],
      [[], 2],
    ]);
    expect(answer({ search: 'kettle' }).Count).to.equal(-1);
  });

  const search = 'kettle';
  const wrong: Readonly<Record<string, object>> = {
    'no text': {},
    'an empty text': { search: ' ' },
    'a text of more than 100 characters': { search: 'k'.repeat(101) },
    'more than 100 rows at once': { search, top: 101 },
    'a page before the first': { search, skip: -1 },
    'options that are no JSON': { search, options: 'lucene' },
    'options in a list': { search, options: '["lucene"]' },
    'tables that are no list': { search, entities: '{}' },
    'a table that does not exist': { search, entities: named({ name: 'acount' }) },
    'a column that does not exist': { search, entities: named({ name: 'account', searchColumns: ['x'] }) },
    'a column without text': { search, entities: named({ name: 'account', searchColumns: ['revenue'] }) },
    'a filter that cannot be read': { search, filter: 'name is x' },
    'an order that is none': { search, orderby: '["name up"]' },
    'a group': { search: '(kettle | lamp)' },
    'a parameter of its own making': { search, fuzzy: true },
  };
  for (const [what, body] of Object.entries(wrong)) {
    it(`${what} is refused`, () => {
      expect(post(body).status).to.equal(400);
    });
  }
});
