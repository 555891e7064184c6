import { expect } from 'chai';
import { edmType, isLookup, odataPropertyName } from '../../src/model/attribute.ts';
import { createStandardModel } from '../../src/model/standard-model.ts';
import type { Navigation } from '../../src/model/types.ts';

describe('createStandardModel', () => {
  const model = createStandardModel();
  const table = (name: string) => model.table(name)!;
  const navigation = (owner: string, name: string): Navigation => model.navigation(table(owner), name)!;

  it('finds the tables of Customer Service and Sales by logical name and entity set', () => {
    for (const [name, set] of [
      ['incident', 'incidents'],
      ['opportunity', 'opportunities'],
      ['activityparty', 'activityparties'],
      ['transactioncurrency', 'transactioncurrencies'],
    ] as const) {
      expect(model.tableBySet(set)).to.equal(table(name));
    }
    expect(table('incident')).to.include({ typeCode: 112, primaryId: 'incidentid', primaryName: 'title' });
    expect(table('email')).to.include({ base: 'activitypointer', primaryId: 'activityid' });
  });

  it('finds a column by logical name and by property name, with its constraints', () => {
    const customer = model.property(table('incident'), '_customerid_value')!;
    expect(customer).to.equal(model.attribute(table('incident'), 'customerid'));
    expect(customer.targets!.map((target) => target.navigation)).to.have.members([
      ...['customerid_account', 'customerid_contact'],
    ]);
    const priority = model.attribute(table('incident'), 'prioritycode')!;
    expect(priority.options!.map(({ label }) => label)).to.deep.equal(['High', 'Normal', 'Low']);
    expect(model.attribute(table('incident'), 'title')).to.include({ type: 'String', maxLength: 200 });
    expect(model.attribute(table('account'), 'revenue')).to.include({ type: 'Money' });
    expect(edmType(model.attribute(table('contact'), 'birthdate')!)).to.equal('Edm.Date');
  });

  it('assigns each status reason to a state of its table', () => {
    for (const each of model.tables.values()) {
      const options = (type: string) =>
        each.attributes.find((attribute) => attribute.type === type)?.options ?? [];
      const states = new Set(options('State').map(({ value }) => value));
      for (const { state, value } of options('Status')) {
        expect(states.has(state!), `${each.logicalName} ${value}`).to.equal(true);
      }
    }
  });

  it('finds the navigation properties of activities under their short and their full name', () => {
    for (const name of ['regardingobjectid_incident_email', 'regardingobjectid_incident']) {
      expect(navigation('email', name)).to.include({ kind: 'lookup', target: 'incident' });
    }
    expect(navigation('task', 'ownerid_task')).to.include({ target: 'principal' });
    expect(navigation('task', 'activitypointer_activity_parties')).to.include({ target: 'activityparty' });
  });

  it('maps each collection to its lookup', () => {
    for (const [owner, collection, referencing, attribute] of [
      ['account', 'contact_customer_accounts', 'contact', 'parentcustomerid'],
      ['contact', 'contact_as_primary_contact', 'incident', 'primarycontactid'],
      ['incident', 'incident_parent_incident', 'incident', 'parentcaseid'],
      ['incident', 'Incident_IncidentResolutions', 'incidentresolution', 'incidentid'],
      ['systemuser', 'lk_contactbase_modifiedby', 'contact', 'modifiedby'],
      ['email', 'email_activity_parties', 'activityparty', 'activityid'],
      ['systemuser', 'owner_incidents', 'incident', 'ownerid'],
    ] as const) {
      const found = navigation(owner, collection);
      expect(found.kind, collection).to.equal('oneToMany');
      if (found.kind === 'oneToMany') expect(found.relationship).to.include({ referencing, attribute });
    }
    expect(navigation('opportunity', 'opportunitycompetitors_association').kind).to.equal('manyToMany');
  });

  it('has a table and a column for every navigation property', () => {
    for (const each of model.tables.values()) {
      for (const found of model.navigations(each)) {
        const target = model.table(found.target);
        expect(target, `${each.logicalName}.${found.name}`).not.to.equal(undefined);
        if (found.kind !== 'oneToMany') continue;
        const attribute = model.attribute(target!, found.relationship.attribute)!;
        const isKeyOfActivity = attribute.logicalName === 'activityid';
        expect(isLookup(attribute) || isKeyOfActivity, `${each.logicalName}.${found.name}`).to.equal(true);
      }
    }
  });

  it('gives each column of a table a unique property name', () => {
    for (const each of model.tables.values()) {
      const names = each.attributes.map(odataPropertyName);
      expect(new Set(names).size, each.logicalName).to.equal(names.length);
      expect(names, each.logicalName).to.include(each.primaryId);
    }
  });
});
