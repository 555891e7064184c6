import { expect } from 'chai';
import { createWebApiFixture, type WebApiFixture } from './fixture.ts';

describe('Web API: refused metadata queries', () => {
  let fixture: WebApiFixture;

  before(() => {
    fixture = createWebApiFixture();
  });
  after(() => fixture.store.close());

  const errorOf = (path: string) => {
    const { status, json } = fixture.get(path);
    return [status, json?.error?.code, json?.error?.message];
  };
  const account = "EntityDefinitions(LogicalName='account')";
  const sets = [
    'EntityDefinitions',
    'RelationshipDefinitions',
    'GlobalOptionSetDefinitions',
    `${account}/Attributes`,
    `${account}/ManyToOneRelationships`,
    `${account}/Attributes/Microsoft.Dynamics.CRM.PicklistAttributeMetadata`,
  ];

  it('refuses $top, $orderby, $count and $apply on every metadata set', () => {
    const options = { $top: '2', $orderby: 'LogicalName', $count: 'true', $apply: 'aggregate($count as n)' };
    for (const set of sets) {
      for (const [name, value] of Object.entries(options)) {
        const message = `The query parameter ${name} is not supported`;
        expect(errorOf(`${set}?${name}=${value}`), `${set} ${name}`).to.deep.equal([
          400,
          '0x80060888',
          message,
        ]);
      }
    }
  });

  it('refuses $top and $orderby inside $expand', () => {
    for (const option of ['$top=1', '$orderby=LogicalName']) {
      const [status, code] = errorOf(`${account}?$select=LogicalName&$expand=Attributes(${option})`);
      expect([status, code], option).to.deep.equal([400, '0x80060888']);
    }
  });

  it('refuses functions in $filter, also behind not, or and $expand', () => {
    const call = "(LogicalName,'a')";
    const filters = [
      `startswith${call}`,
      `not startswith${call}`,
      `LogicalName eq 'account' or startswith${call}`,
    ];
    const refusal = (name: string) => [
      400,
      '0x8006088a',
      `The "${name}" function isn't supported for Metadata Entities.`,
    ];
    for (const filter of filters) {
      expect(errorOf(`EntityDefinitions?$filter=${filter}`), filter).to.deep.equal(refusal('startswith'));
      expect(errorOf(`${account}/Attributes?$filter=${filter}`), filter).to.deep.equal(refusal('startswith'));
    }
    const expanded = `${account}?$expand=Attributes($filter=contains${call})`;
    expect(errorOf(expanded)).to.deep.equal(refusal('contains'));
    expect(errorOf(`EntityDefinitions?$filter=endswith${call}`)).to.deep.equal(refusal('endswith'));
  });

  it('refuses a cast to an unknown type, and of a definition to another type', () => {
    const casts = [
      `${account}/Attributes(LogicalName='name')/Microsoft.Dynamics.CRM.PicklistAttributeMetadata`,
      `${account}/Attributes(LogicalName='name')/Microsoft.Dynamics.CRM.Nope`,
      `${account}/Attributes/Microsoft.Dynamics.CRM.Nope`,
      'RelationshipDefinitions/Microsoft.Dynamics.CRM.PicklistAttributeMetadata',
      'EntityDefinitions/Microsoft.Dynamics.CRM.StringAttributeMetadata',
    ];
    for (const path of casts) expect(errorOf(path).slice(0, 2), path).to.deep.equal([404, '0x80060888']);
    const cast = `${account}/Attributes(LogicalName='name')/Microsoft.Dynamics.CRM.StringAttributeMetadata`;
    expect(fixture.get(`${cast}?$select=LogicalName`).json.LogicalName).to.equal('name');
    const none = `${account}/Attributes/Microsoft.Dynamics.CRM.BigIntAttributeMetadata?$select=LogicalName`;
    expect(fixture.get(none).status).to.equal(200);
  });

  it('refuses a cast of rows to an unrelated table', () => {
    const account = fixture.create('accounts', { name: 'Contoso' });
    const task = fixture.create('tasks', { subject: 'Call' });
    for (const path of [
      `accounts(${account})/Microsoft.Dynamics.CRM.contact`,
      'accounts/Microsoft.Dynamics.CRM.contact',
      `accounts(${account})/owninguser/Microsoft.Dynamics.CRM.account`,
    ]) {
      expect(errorOf(path).slice(0, 2), path).to.deep.equal([404, '0x80060888']);
    }
    expect(fixture.get(`activitypointers(${task})/Microsoft.Dynamics.CRM.task`).json.subject).to.equal(
      'Call',
    );
    expect(fixture.get(`activitypointers(${task})/Microsoft.Dynamics.CRM.email`).status).to.equal(404);
    expect(fixture.get('activitypointers/Microsoft.Dynamics.CRM.task').json.value).to.have.length(1);
    expect(fixture.get(`accounts(${account})/ownerid/Microsoft.Dynamics.CRM.systemuser`).status).to.equal(
      200,
    );
  });
});
