import { expect } from 'chai';
import { createWebApiFixture, type WebApiFixture } from './fixture.ts';

describe('Web API: rollup columns', () => {
  let fixture: WebApiFixture;
  beforeEach(() => {
    fixture = createWebApiFixture();
  });
  afterEach(() => fixture.store.close());

  const calculate = (target: string, field: string) => {
    const path = `CalculateRollupField(Target=@t,FieldName=@f)?@t={'@odata.id':'${target}'}&@f='${field}'`;
    return fixture.get(path);
  };

  it('are empty until CalculateRollupField, which answers and keeps the value, its time and its state', () => {
    const id = fixture.create('accounts', { name: 'A' });
    for (const estimatedvalue of [100.5, 20]) {
      fixture.create('opportunities', {
        name: 'O',
        estimatedvalue,
        isrevenuesystemcalculated: false,
        'parentaccountid@odata.bind': `/accounts(${id})`,
      });
    }
    const before = fixture.get(`accounts(${id})`).json;
    expect(before).to.include({ opendeals: null, opendeals_date: null, opendeals_state: null });
    fixture.clock.now += 60_000;
    const { json, status } = calculate(`accounts(${id})`, 'opendeals');
    expect(status).to.equal(200);
    expect(json['@odata.type']).to.equal('#Microsoft.Dynamics.CRM.account');
    expect(json).to.include({ accountid: id, opendeals: 2, opendeals_state: 1 });
    expect(json).not.to.have.property('name');
    expect(Date.parse(json.opendeals_date)).to.equal(fixture.clock.now - (fixture.clock.now % 1000));
    expect(calculate(`accounts(${id})`, 'openrevenue').json).to.include({ openrevenue: 120.5 });
    const after = fixture.get(`accounts(${id})`).json;
    expect(after).to.include({ opendeals: 2, openrevenue: 120.5, openrevenue_base: 120.5 });
    expect(after.modifiedon).to.equal(before.modifiedon);
    const [{ opportunityid: first }] = fixture.get('opportunities').json.value;
    fixture.send('POST', 'LoseOpportunity', {
      OpportunityClose: { 'opportunityid@odata.bind': `/opportunities(${first})` },
      Status: 4,
    });
    expect(calculate(`accounts(${id})`, 'opendeals').json.opendeals).to.equal(1);
  });

  it('views and ratings of knowledge articles', () => {
    const id = fixture.create('knowledgearticles', { title: 'Reset the router' });
    const article = `knowledgearticles(${id})`;
    expect(calculate(article, 'rating').json).to.include({ rating: null, rating_count: 0, rating_state: 1 });
    for (const count of [2, 3]) {
      fixture.send('POST', 'IncrementKnowledgeArticleViewCount', {
        Source: { '@odata.id': article },
        ViewDate: `2026-01-0${count}T10:00:00Z`,
        Location: 1,
        Count: count,
      });
    }
    for (const rating of [5, 4, 4]) {
      const bind = { 'KnowledgeArticleId@odata.bind': `/${article}` };
      fixture.create('feedback', { title: 'F', rating, ...bind });
    }
    expect(calculate(article, 'knowledgearticleviews').json.knowledgearticleviews).to.equal(5);
    expect(calculate(article, 'rating').json).to.include({ rating: 4.33, rating_count: 3, rating_sum: 13 });
  });

  it('other columns and rows are rejected', () => {
    const id = fixture.create('accounts', { name: 'A' });
    expect(calculate(`accounts(${id})`, 'name').status).to.equal(400);
    expect(calculate('accounts(00000000-0000-0000-0000-000000000009)', 'opendeals').status).to.equal(404);
  });
});
