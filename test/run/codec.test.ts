import { expect } from 'chai';
import { ConnectorError } from '../../src/errors/connector-error.ts';
import type { Json, JsonObject } from '../../src/model/json.ts';
import type { LookupTarget, Table } from '../../src/model/table.ts';
import { encodeRow } from '../../src/run/codec/encode-row.ts';
import { shapeRow } from '../../src/run/codec/shape-row.ts';
import { ticket } from './tables.ts';

const id = '11111111-1111-4111-8111-111111111111';

describe('encodeRow', () => {
  it('writes logical names, numbers of choices and bindings of lookups', () => {
    const row = {
      title: "O'Brien",
      priority: 'high',
      tags: ['vip', 'legal'],
      customer: { table: 'contact', id },
    };
    expect(encodeRow(ticket, row)).to.deep.equal({
      title: "O'Brien",
      prioritycode: 1,
      new_tags: '1,2',
      'customerid_contact@odata.bind': `/contacts(${id})`,
    });
  });

  it('accepts a number for a choice that the schema does not have', () => {
    expect(encodeRow(ticket, { priority: 100000 })).to.deep.equal({ prioritycode: 100000 });
  });

  it('clears a lookup through all of its navigation properties', () => {
    expect(encodeRow(ticket, { customer: null })).to.deep.equal({
      'customerid_account@odata.bind': null,
      'customerid_contact@odata.bind': null,
    });
  });

  it('rejects a lookup that is a bare id, has no valid id, or lacks the required table', () => {
    const wrong: readonly Json[] = [
      id,
      { table: 'contact', id: 'x)/accounts(y' },
      { table: 'contact' },
      { id },
    ];
    for (const customer of wrong) {
      expect(() => encodeRow(ticket, { customer }), JSON.stringify(customer))
        .to.throw(ConnectorError)
        .with.property('code', 'INPUT_INVALID');
    }
  });

  it('keeps null and leaves out the omitted columns', () => {
    expect(encodeRow(ticket, { id, title: null }, { omit: ['id'] })).to.deep.equal({ title: null });
  });

  it('writes decimals as JSON numbers with all their digits', () => {
    expect(encodeRow(ticket, { cost: '12.50' })).to.deep.equal({ new_cost: 12.5 });
    expect(encodeRow(ticket, { cost: '-0.1' })).to.deep.equal({ new_cost: -0.1 });
    expect(JSON.stringify(encodeRow(ticket, { cost: '922337203685477.5807' }))).to.equal(
      '{"new_cost":922337203685477.5807}',
    );
    expect(JSON.stringify(encodeRow(ticket, { cost: 1e-7 }))).to.equal('{"new_cost":0.0000001}');
    expect(() => encodeRow(ticket, { cost: 'much' })).to.throw(ConnectorError, 'must be a number');
  });

  it('lists the allowed tables when a lookup has another one', () => {
    expect(() => encodeRow(ticket, { customer: { table: 'lead', id } })).to.throw('account or contact');
  });

  describe('with activity parties', () => {
    const [account, contact] = ticket.columns.find(({ name }) => name === 'customer')!.targets!;
    const people = (name: string, role: number) => ({
      name,
      title: name,
      collection: 'email_activity_parties',
      role,
      targets: [
        { ...account!, navigation: 'partyid_account' },
        { ...contact!, navigation: 'partyid_contact' },
      ],
    });
    const letter = { ...ticket, parties: [people('from', 1), people('to', 2)] };

    it('writes all roles to one collection, each party with its role', () => {
      const from: JsonObject[] = [{ table: 'account', id }];
      const to: JsonObject[] = [
        { table: 'contact', id, name: 'Ann', address: 'ann@home.example' },
        { address: 'b@c.example' },
      ];
      expect(encodeRow(letter, { from, to })).to.deep.equal({
        email_activity_parties: [
          { participationtypemask: 1, 'partyid_account@odata.bind': `/accounts(${id})` },
          {
            participationtypemask: 2,
            'partyid_contact@odata.bind': `/contacts(${id})`,
            addressused: 'ann@home.example',
          },
          { participationtypemask: 2, addressused: 'b@c.example' },
        ],
      });
    });

    it('rejects a party without a row and without an address', () => {
      expect(() => encodeRow(letter, { to: [{ name: 'Ann' }] })).to.throw(ConnectorError, '/to/0');
    });
  });

  it('rejects an inherited property name as a choice', () => {
    expect(() => encodeRow(ticket, { priority: 'constructor' })).to.throw('high, normal, low');
  });
});

describe('a lookup to tables without files', () => {
  const target = (table: string, logicalName: string, entitySet: string, isAssumed?: true) => ({
    ...{ table, logicalName, entitySet, navigation: 'ownerid', isAssumed },
  });
  const withTargets = (...targets: readonly LookupTarget[]): Table => ({
    ...ticket,
    columns: ticket.columns.map((column) => (column.name === 'customer' ? { ...column, targets } : column)),
  });
  const read = {
    incidentid: id,
    _customerid_value: id,
    '_customerid_value@Microsoft.Dynamics.CRM.lookuplogicalname': 'systemuser',
  };

  it('is written back as it was read, also if our name of a table is not its logical name', () => {
    const tables = [
      withTargets(target('user', 'systemuser', 'systemusers'), target('team', 'team', 'teams')),
      withTargets(target('user', 'user', 'systemusers', true), target('team', 'team', 'teams', true)),
      withTargets(target('user', 'user', 'systemusers', true)),
    ];
    for (const table of tables) {
      const { customer = null } = shapeRow(table, read);
      expect(customer).to.deep.equal({ table: 'user', id, name: null });
      expect(encodeRow(table, { customer })).to.deep.equal({ 'ownerid@odata.bind': `/systemusers(${id})` });
    }
  });
});

describe('shapeRow', () => {
  it('returns our names, choice labels, and lookups with table and name', () => {
    const wire = {
      '@odata.etag': 'W/"7"',
      incidentid: id,
      title: 'Printer',
      prioritycode: 1,
      new_tags: '1,9',
      new_cost: 12.5,
      versionnumber: 7,
      _customerid_value: id,
      '_customerid_value@Microsoft.Dynamics.CRM.lookuplogicalname': 'contact',
      '_customerid_value@OData.Community.Display.V1.FormattedValue': 'Ann',
    };
    expect(shapeRow(ticket, wire)).to.deep.equal({
      id,
      title: 'Printer',
      priority: 'high',
      tags: ['vip', { value: 9, label: null }],
      cost: 12.5,
      version: '7',
      customer: { table: 'contact', id, name: 'Ann' },
    });
  });

  it('returns a choice that the schema does not have with its value and label', () => {
    const row = shapeRow(ticket, {
      incidentid: id,
      prioritycode: 42,
      'prioritycode@OData.Community.Display.V1.FormattedValue': 'Burning',
    });
    expect(row.priority).to.deep.equal({ value: 42, label: 'Burning' });
  });

  it('keeps null and leaves out columns that were not sent', () => {
    expect(shapeRow(ticket, { incidentid: id, title: null })).to.deep.equal({ id, title: null });
  });

  it('rejects a row without its key', () => {
    for (const wire of [{ title: 'x' }, null])
      expect(() => shapeRow(ticket, wire)).to.throw(ConnectorError, 'incidentid');
  });
});
