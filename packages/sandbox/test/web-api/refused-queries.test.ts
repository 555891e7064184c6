import { expect } from 'chai';
import { createWebApiFixture, type WebApiFixture } from './fixture.ts';

describe('Web API: queries that Dataverse refuses', () => {
  let fixture: WebApiFixture;
  before(() => {
    fixture = createWebApiFixture();
  });
  after(() => fixture.store.close());

  const refused: readonly string[] = [
    "$filter=Account_Tasks/any(t:subject eq 'x')",
    "$filter=Microsoft.Dynamics.CRM.ContainValues(PropertyName='statuscode',PropertyValues=['1'])",
    '$expand=primarycontactid($filter=nope eq 1)',
    '$expand=Account_Tasks($orderby=nope)',
    '$apply=groupby((statuscode),aggregate(revenue with sum as statuscode))',
    '$apply=aggregate($count as n,revenue with sum as n)',
  ];
  for (const query of refused)
    it(`refuses ${query} without a row to apply it to`, () => {
      const { status, json } = fixture.get(`accounts?${query.replaceAll(' ', '%20')}`);
      expect([status, typeof json.error.message]).to.deep.equal([400, 'string']);
    });
});
