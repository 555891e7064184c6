import { expect } from 'chai';
import { ConnectorError } from '../../src/errors/connector-error.ts';
import type { Json, JsonObject } from '../../src/model/json.ts';
import { encodeRow } from '../../src/run/encode-row.ts';
import { shapeRow } from '../../src/run/shape-row.ts';
import { ticket } from './tables.ts';

const id = '11111111-1111-4111-8111-111111111111';

describe('a row in our words, on its way out', () => {
  it('uses wire names, numbers for choices and bindings for lookups', () => {
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

  it('takes a number for a choice that the schema does not know', () => {
    expect(encodeRow(ticket, { priority: 100000 })).to.deep.equal({ prioritycode: 100000 });
  });

  it('clears a lookup whatever it pointed at', () => {
    expect(encodeRow(ticket, { customer: null })).to.deep.equal({
      'customerid_account@odata.bind': null,
      'customerid_contact@odata.bind': null,
    });
  });

  it('refuses a lookup that is a bare id, no id, or a row of a table that must be named', () => {
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

  it('keeps null and leaves out what is omitted', () => {
    expect(encodeRow(ticket, { id, title: null }, ['id'])).to.deep.equal({ title: null });
  });

  it('sends decimals as numbers when they are exact, and refuses to round', () => {
    expect(encodeRow(ticket, { cost: '12.50' })).to.deep.equal({ new_cost: 12.5 });
    expect(encodeRow(ticket, { cost: '-0.1' })).to.deep.equal({ new_cost: -0.1 });
    expect(encodeRow(ticket, { cost: '0.0000001' })).to.deep.equal({ new_cost: 1e-7 });
    expect(() => encodeRow(ticket, { cost: '922337203685477.5807' })).to.throw(ConnectorError, 'more digits');
  });

  it('names the tables that a lookup may point to', () => {
    expect(() => encodeRow(ticket, { customer: { table: 'lead', id } })).to.throw('account or contact');
  });

  describe('with people on it', () => {
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

    it('puts everyone into one collection, each with a role', () => {
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

    it('is refused when someone is nobody', () => {
      expect(() => encodeRow(letter, { to: [{ name: 'Ann' }] })).to.throw(ConnectorError, '/to/0');
    });
  });

  it('does not take an inherited name for a choice', () => {
    expect(() => encodeRow(ticket, { priority: 'constructor' })).to.throw('high, normal, low');
  });
});

describe('a row of Dataverse, on its way in', () => {
  it('gets our names, labels, and lookups with their table and name', () => {
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

  it('passes a choice that an organization added, with its label', () => {
    const row = shapeRow(ticket, {
      incidentid: id,
      prioritycode: 42,
      'prioritycode@OData.Community.Display.V1.FormattedValue': 'Burning',
    });
    expect(row.priority).to.deep.equal({ value: 42, label: 'Burning' });
  });

  it('keeps null, and leaves out what was not sent', () => {
    expect(shapeRow(ticket, { incidentid: id, title: null })).to.deep.equal({ id, title: null });
  });

  it('is refused without its key', () => {
    for (const wire of [{ title: 'x' }, null])
      expect(() => shapeRow(ticket, wire)).to.throw(ConnectorError, 'incidentid');
  });
});
