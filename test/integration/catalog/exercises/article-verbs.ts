import { expect } from 'chai';
import type { Json, JsonObject } from '../../../../src/index.ts';
import type { CatalogFixture, Exercise } from './fixture.ts';

/** Actions on knowledge articles and their links to cases. */
export const articleVerbs: Readonly<Record<string, Exercise>> = {
  async 'knowledge-article.publish'(fixture) {
    const id = await createArticle(fixture);
    const expiresOn = '2999-12-31T00:00:00Z';
    const row = await fixture.run('knowledge-article.publish', { id, expiresOn });
    expect(row).to.include({ state: 'published', status: 'published', expiresOn });
    const expected = { statecode: 3, statuscode: 7, expirationdate: expiresOn };
    expect(fixture.stored('knowledge-article', id)).to.include(expected);
  },

  async 'knowledge-article.set-state'(fixture) {
    const id = await createArticle(fixture);
    for (const [state, status, numbers] of [
      ['approved', 'approved', { statecode: 1, statuscode: 5 }],
      ['published', 'updating', { statecode: 3, statuscode: 9 }],
      ['archived', 'archived', { statecode: 5, statuscode: 12 }],
      ['draft', 'in-review', { statecode: 0, statuscode: 4 }],
    ] as const) {
      await fixture.run('knowledge-article.set-state', { id, state, status });
      expect(fixture.stored('knowledge-article', id)).to.include(numbers);
    }
  },

  async 'case.link-article'(fixture) {
    const [{ id }, articleId] = [fixture.add('case'), await createArticle(fixture)];
    const link = await fixture.run('case.link-article', { id, articleId, usage: 'solution' });
    const stored = fixture.stored('case-article', link.id)!;
    expect(stored).to.include({ knowledgeusage: 2, issenttocustomer: false });
    expect(stored.incidentid).to.deep.equal({ table: 'incident', id });
    expect(stored.knowledgearticleid).to.deep.equal({ table: 'knowledgearticle', id: articleId });
  },

  async 'case.unlink-article'(fixture) {
    const [one, other] = [fixture.add('case').id, fixture.add('case').id];
    const articles = [await createArticle(fixture), await createArticle(fixture)];
    const gone = [linkArticle(fixture, one, articles[0], 2), linkArticle(fixture, one, articles[0], 1)];
    const kept = [linkArticle(fixture, one, articles[1], 1), linkArticle(fixture, other, articles[0], 1)];
    const unlink = () => fixture.run('case.unlink-article', { id: one, articleId: articles[0]! });
    expect(await unlink()).to.deep.equal({ removed: 2 });
    for (const id of gone) expect(fixture.stored('case-article', id)).to.equal(undefined);
    for (const id of kept) expect(fixture.stored('case-article', id)).to.not.equal(undefined);
    expect(await unlink()).to.deep.equal({ removed: 0 });
  },

  async 'knowledge-article.search-text'(fixture) {
    const word = fixture.text().replace(' ', '');
    const draft = await createArticle(fixture, { content: `About ${word}s.` });
    const published = await createArticle(fixture, { keywords: `${word}s` });
    await createArticle(fixture, { content: 'Something else.' });
    await fixture.client.run('knowledge-article.publish', { id: published });
    const search = async (input: JsonObject) => {
      const rows = await fixture.run<readonly JsonObject[]>('knowledge-article.search-text', input);
      return rows.map(({ id }) => id);
    };
    expect(await search({ text: word })).to.deep.equal([published]);
    expect(await search({ text: word, inflection: false })).to.deep.equal([]);
    expect(await search({ text: word, state: 'draft' })).to.deep.equal([draft]);
  },

  async 'case.list-articles'(fixture) {
    const [one, other] = [fixture.add('case').id, fixture.add('case').id];
    const articles = [await createArticle(fixture), await createArticle(fixture)];
    const [solution, reference] = [
      linkArticle(fixture, one, articles[0], 2),
      linkArticle(fixture, one, articles[1], 1),
    ];
    linkArticle(fixture, other, articles[0], 1);
    const list = async (input: JsonObject) =>
      (await fixture.run<readonly JsonObject[]>('case.list-articles', input)).map(({ id }) => id);
    expect(await list({ id: one })).to.have.members([solution, reference]);
    expect(await list({ id: one, usage: 'solution' })).to.deep.equal([solution]);
    const [link] = await fixture.run<readonly JsonObject[]>('case.list-articles', { id: other });
    const title = fixture.stored('knowledge-article', articles[0])!.title;
    expect(link!.article).to.deep.equal({ table: 'knowledge-article', id: articles[0], name: title });
  },
};

/** Creates an article as the Web API does, with its root article. */
async function createArticle({ client, text }: CatalogFixture, columns: JsonObject = {}): Promise<Json> {
  const { output } = await client.run('knowledge-article.create', { title: text(), ...columns });
  return (output as { readonly id: string }).id;
}

function linkArticle(fixture: CatalogFixture, caseId: string, article: Json | undefined, usage: number) {
  return fixture.add('case-article', {
    incidentid: { table: 'incident', id: caseId },
    knowledgearticleid: { table: 'knowledgearticle', id: String(article) },
    knowledgeusage: usage,
    issenttocustomer: false,
  }).id;
}
