import { expect } from 'chai';
import { createWebApiFixture, type WebApiFixture } from './fixture.ts';

const english = '56940b3e-300f-4070-a559-5a6a4d11a8a3';
const french = '56940b3e-300f-4070-a559-5a6a4d11a8a5';

describe('Web API: knowledge articles', () => {
  let fixture: WebApiFixture;
  beforeEach(() => {
    fixture = createWebApiFixture();
    const actor = { userId: fixture.userId };
    fixture.store.insert(
      'languagelocale',
      { languagelocaleid: english, localeid: 1033, name: 'English' },
      actor,
    );
    fixture.store.insert(
      'languagelocale',
      { languagelocaleid: french, localeid: 1036, name: 'French' },
      actor,
    );
  });
  afterEach(() => fixture.store.close());

  const create = (body: object = {}) =>
    fixture.create('knowledgearticles', {
      title: 'Reset the router',
      content: '<p>Hold the button.</p>',
      ...body,
    });
  const read = (id: string) => fixture.get(`knowledgearticles(${id})`).json;
  const setState = (id: string, statecode: number, statuscode?: number) =>
    fixture.send('PATCH', `knowledgearticles(${id})`, { statecode, statuscode });
  const source = (id: string) => ({
    '@odata.type': 'Microsoft.Dynamics.CRM.knowledgearticle',
    knowledgearticleid: id,
  });
  const createVersion = (id: string, isMajor: boolean) =>
    fixture.send('POST', 'CreateKnowledgeArticleVersion', { Source: source(id), IsMajor: isMajor });

  it('a new article is a draft 1.0 with a number, a language and a root article', () => {
    const article = read(create());
    expect(article).to.include({
      statecode: 0,
      statuscode: 2,
      majorversionnumber: 1,
      minorversionnumber: 0,
      islatestversion: true,
      isrootarticle: false,
      isprimary: true,
      _languagelocaleid_value: english,
    });
    expect(article.articlepublicnumber).to.match(/^KA-\d{5}$/);
    expect(read(article._rootarticleid_value)).to.include({
      isrootarticle: true,
      title: 'Reset the router',
      articlepublicnumber: article.articlepublicnumber,
    });
  });

  it('keeps the number that the request gives', () => {
    expect(read(create({ articlepublicnumber: 'FAQ-7' })).articlepublicnumber).to.equal('FAQ-7');
  });

  it('an article is published by its state, and states follow each other', () => {
    const id = create();
    expect(setState(id, 3, 7).status).to.equal(204);
    expect(read(id)).to.include({ statecode: 3, statuscode: 7, publishon: '2024-05-01T08:00:00Z' });
    const refused = setState(id, 6, 13);
    expect([refused.status, refused.json.error.code]).to.deep.equal([400, '0x800404fc']);
    expect(setState(id, 5, 12).status).to.equal(204);
    expect(setState(id, 3, 7).json.error.code).to.equal('0x800404fc');
    expect(setState(id, 0, 2).status).to.equal(204);
  });

  it('versions follow the latest one, and publishing one archives the one before', () => {
    const id = create();
    setState(id, 3, 7);
    const minor = createVersion(id, false);
    expect(minor.status).to.equal(200);
    expect(minor.json).to.include({
      '@odata.type': '#Microsoft.Dynamics.CRM.knowledgearticle',
      majorversionnumber: 1,
      minorversionnumber: 1,
      statecode: 0,
      _previousarticlecontentid_value: id,
      articlepublicnumber: read(id).articlepublicnumber,
      _rootarticleid_value: read(id)._rootarticleid_value,
    });
    const major = createVersion(minor.json.knowledgearticleid, true).json;
    expect(major).to.include({ majorversionnumber: 2, minorversionnumber: 0, islatestversion: true });
    expect(read(minor.json.knowledgearticleid).islatestversion).to.equal(false);
    expect(read(id).statecode).to.equal(3);
    setState(major.knowledgearticleid, 3, 7);
    expect(read(id)).to.include({ statecode: 5, statuscode: 12 });
    const published = 'isrootarticle eq false and islatestversion eq true and statecode eq 3';
    expect(fixture.get(`knowledgearticles?$filter=${published}`).json.value).to.have.length(1);
  });

  it('a translation copies the texts and belongs to the same article', () => {
    const id = create();
    const { status, json } = fixture.send('POST', 'CreateKnowledgeArticleTranslation', {
      Source: source(id),
      Language: { '@odata.type': 'Microsoft.Dynamics.CRM.languagelocale', languagelocaleid: french },
      IsMajor: true,
    });
    expect(status).to.equal(200);
    expect(json).to.include({
      title: 'Reset the router',
      _languagelocaleid_value: french,
      _parentarticlecontentid_value: id,
      _rootarticleid_value: read(id)._rootarticleid_value,
      isprimary: false,
    });
    expect(read(id).islatestversion).to.equal(true);
  });

  it('a scheduled article is published by the clock, and expires', () => {
    const id = create({ publishon: '2024-05-02T00:00:00Z', expirationdate: '2024-05-04T00:00:00Z' });
    setState(id, 2, 6);
    fixture.clock.now += 86_400_000;
    expect(read(id)).to.include({ statecode: 3, modifiedon: '2024-05-02T00:00:00Z' });
    fixture.clock.now += 3 * 86_400_000;
    expect(read(id)).to.include({ statecode: 4, statuscode: 10 });
  });

  it('views are counted by day and location', () => {
    const id = create();
    const view = (ViewDate: string, Count: number) =>
      fixture.send('POST', 'IncrementKnowledgeArticleViewCount', {
        Source: source(id),
        ViewDate,
        Location: 1,
        Count,
      });
    expect(view('2024-05-01T08:00:00Z', 2).status).to.equal(204);
    view('2024-05-01T21:00:00Z', 3);
    view('2024-05-02T08:00:00Z', 1);
    const { value } = fixture.get('knowledgearticleviews?$orderby=viewdate').json;
    expect(value.map((row: { knowledgearticleview: number }) => row.knowledgearticleview)).to.deep.equal([
      5, 1,
    ]);
  });

  it('full-text search finds articles of a state that have all words, in the latest version', () => {
    const id = create();
    setState(id, 3, 7);
    create({ title: 'Reset the phone', content: 'Press the button.' });
    const search = (SearchText: string, rest: object = {}) =>
      fixture.send('POST', 'FullTextSearchKnowledgeArticle', {
        SearchText,
        UseInflection: true,
        RemoveDuplicates: true,
        StateCode: 3,
        QueryExpression: {
          '@odata.type': 'Microsoft.Dynamics.CRM.QueryExpression',
          EntityName: 'knowledgearticle',
        },
        ...rest,
      });
    expect(search('holding buttons').json.value).to.have.length(1);
    expect(search('holding buttons', { UseInflection: false }).json.value).to.have.length(0);
    expect(search('phone').json.value).to.have.length(0);
    expect(search('phone', { StateCode: 0 }).json.value).to.have.length(1);
  });

  it('an article is linked to a case by a row of its own', () => {
    const account = fixture.create('accounts', { name: 'Contoso' });
    const incident = fixture.create('incidents', {
      title: 'Offline',
      'customerid_account@odata.bind': `/accounts(${account})`,
    });
    const article = create();
    fixture.create('knowledgearticleincidents', {
      'knowledgearticleid@odata.bind': `/knowledgearticles(${article})`,
      'incidentid@odata.bind': `/incidents(${incident})`,
      knowledgeusage: 2,
    });
    const { json } = fixture.get(
      `incidents(${incident})/knowledgearticle_incidents?$expand=knowledgearticleid($select=title)`,
    );
    expect(json.value[0]).to.deep.include({ issenttocustomer: false, knowledgeusage: 2 });
    expect(json.value[0].knowledgearticleid.title).to.equal('Reset the router');
  });
});
