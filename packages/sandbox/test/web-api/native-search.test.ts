import { expect } from 'chai';
import { createWebApiFixture, type WebApiFixture } from './fixture.ts';

describe('search API', () => {
  let fixture: WebApiFixture;
  let account: string;

  beforeEach(() => {
    fixture = createWebApiFixture();
    const description = 'Repairs kettles of all makers';
    account = fixture.create('accounts', { name: 'Kettle Kings', accountnumber: 'K-7', description });
    fixture.create('contacts', { firstname: 'Karl', lastname: 'Kettler' });
  });
  afterEach(() => fixture.store.close());

  const post = (path: string, body: object) => fixture.send('POST', `/api/search/${path}`, body);
  const parse = (response: ReturnType<WebApiFixture['get']>) => JSON.parse(response.json.response);

  describe('version 2.0', () => {
    it('query returns what searchquery returns, without a context', () => {
      const body = { search: 'kettle', entities: JSON.stringify([{ name: 'account' }]), count: true };
      const { status, json } = post('v2.0/query', body);
      expect([status, Object.keys(json)]).to.deep.equal([200, ['response']]);
      expect(json.response).to.equal(fixture.send('POST', 'searchquery', body).json.response);
    });

    it('reads options in single quotes', () => {
      const options = "{'querytype':'lucene','searchmode':'all'}";
      expect(parse(post('v2.0/query', { search: 'ketle~1 kings', options })).Value).to.have.length(1);
    });

    it('suggest completes the last word and returns the primary name', () => {
      const { Value } = parse(
        post('v2.0/suggest', { search: 'kett', entities: JSON.stringify([{ name: 'account' }]) }),
      );
      expect(Value).to.deep.equal([
        {
          Text: '{crmhit}Kettle{/crmhit} Kings',
          Document: {
            '@search.objectid': account,
            '@search.entityname': 'account',
            '@search.objecttypecode': 1,
            name: 'Kettle Kings',
          },
        },
      ]);
      expect(parse(post('v2.0/suggest', { search: 'k', top: 1 })).Value).to.have.length(1);
    });

    it('autocomplete completes the last word', () => {
      expect(parse(post('v2.0/autocomplete', { search: 'kings kett' })).Value).to.equal(
        'kings {crmhit}kettle{/crmhit}',
      );
      expect(parse(post('v2.0/autocomplete', { search: 'xyz' })).Value).to.equal('');
    });

    it('status lists the searched tables with their columns', () => {
      for (const response of [fixture.get('/api/search/v2.0/status'), fixture.get('searchstatus()')]) {
        const { value } = parse(response);
        expect(value.status).to.equal('provisioned');
        const found = value.entitystatusresults.find(
          ({ entitylogicalname }: { entitylogicalname: string }) => entitylogicalname === 'account',
        );
        expect(found).to.include({
          objecttypecode: '1',
          primarynamefield: 'name',
          entitystatus: 'EntitySyncComplete',
        });
        expect(found.lastdatasynctimestamp).to.match(/^\d+!05\/01\/2024 08:00:00$/);
        expect(found.searchableindexedfieldinfomap.name).to.deep.equal({ indexfieldname: 'name' });
      }
    });

    it('statistics counts the rows', () => {
      expect(parse(fixture.get('/api/search/v2.0/statistics')).value.documentcount).to.be.greaterThan(1);
    });

    it('counts facets by value', () => {
      const facets = JSON.stringify(['@search.entityname,count:5', 'account.accountnumber']);
      const { Facets } = parse(post('v2.0/query', { search: 'kett*', facets }));
      const values = (name: string) =>
        Facets[name].map(({ Value, Count }: { Value: string; Count: number }) => [Value, Count]);
      expect(values('@search.entityname')).to.have.deep.members([
        ['account', 1],
        ['contact', 1],
      ]);
      expect(values('account.accountnumber')).to.deep.equal([['K-7', 1]]);
    });
  });

  describe('version 1.0', () => {
    it('query searches all columns of the named tables and returns flat rows', () => {
      const body = { search: 'kettles', entities: ['account'], returnTotalRecordCount: true };
      const { value, totalrecordcount } = post('v1.0/query', body).json;
      expect(totalrecordcount).to.equal(1);
      expect(value[0]).to.include({
        '@search.entityname': 'account',
        '@search.objectid': account,
        '@search.objecttypecode': 1,
        name: 'Kettle Kings',
      });
      expect(value[0]['@search.highlights']).to.deep.equal({
        description: ['Repairs {crmhit}kettles{/crmhit} of all makers'],
      });
    });

    it('suggest and autocomplete have names in lower case', () => {
      const body = { search: 'kett', entities: ['account'], usefuzzy: true };
      const [suggestion] = post('v1.0/suggest', body).json.value;
      expect(suggestion).to.have.all.keys('text', 'document');
      expect(post('v1.0/autocomplete', body).json).to.deep.equal({
        value: '{crmhit}kettle{/crmhit}',
        querycontext: null,
      });
    });

    it('status and statistics are the objects that version 2.0 returns as text', () => {
      for (const name of ['status', 'statistics']) {
        const { status, json } = fixture.get(`/api/search/v1.0/${name}`);
        expect(status).to.equal(200);
        expect(json).to.deep.equal(parse(fixture.get(`/api/search/v2.0/${name}`)));
      }
      expect(fixture.get('/api/search/v1.0/status').json.value.status).to.equal('provisioned');
    });
  });

  const invalidRequests: Readonly<Record<string, [path: string, body: object]>> = {
    'an empty search text': ['v2.0/query', { search: '' }],
    'a parameter of another endpoint': ['v2.0/suggest', { search: 'a', skip: 1 }],
    'tables that are no names': ['v1.0/query', { search: 'a', entities: [{ name: 'account' }] }],
    'a table that does not exist': ['v1.0/query', { search: 'a', entities: ['acount'] }],
    'a facet by interval': ['v2.0/query', { search: 'a', facets: '["createdon,interval:month"]' }],
  };
  for (const [title, [path, body]] of Object.entries(invalidRequests)) {
    it(`refuses ${title}`, () => {
      expect(post(path, body).status).to.equal(400);
    });
  }

  it('is refused when the organization has no search', () => {
    fixture.store.insert(
      'organization',
      { organizationid: fixture.webApi.organizationId, name: 'c', isexternalsearchindexenabled: false },
      { userId: fixture.userId },
    );
    const { status, json } = post('v2.0/query', { search: 'a' });
    expect([status, json.error.code]).to.deep.equal([400, '0x80048d0b']);
    expect(json.error.message).to.equal('Dataverse Search feature is disabled for this organization.');
    expect(parse(fixture.get('/api/search/v2.0/status')).value.status).to.equal('notprovisioned');
  });
});
