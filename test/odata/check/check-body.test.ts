import { expect } from 'chai';
import type { JsonObject } from '../../../src/model/json.ts';
import { checkBody } from '../../../src/odata/check/check-body.ts';
import { standardSchema } from '../../support/metadata.ts';

const schema = standardSchema();
const id = '5f2b6a1c-0d3e-4f5a-8b7c-9d0e1f2a3b4c';
const check = (body: JsonObject) => checkBody(body, schema, schema.table('incident')!);

describe('checkBody', () => {
  it('accepts a valid row', () => {
    const body = {
      title: 'Printer',
      prioritycode: 1,
      isescalated: false,
      description: null,
      'customerid_account@odata.bind': `/accounts(${id})`,
      'ownerid@odata.bind': `https://contoso.crm.dynamics.com/api/data/v9.2/systemusers(${id})`,
      'primarycontactid@odata.bind': null,
      Incident_Tasks: [{ subject: 'Call' }],
      '@odata.type': 'Microsoft.Dynamics.CRM.incident',
    };
    expect(check(body).issues).to.deep.equal([]);
  });

  const repaired: readonly (readonly [promise: string, wrong: JsonObject, right: JsonObject])[] = [
    [
      'binds a lookup to the navigation property of the target',
      { 'customerid@odata.bind': `/contacts(${id})` },
      { 'customerid_contact@odata.bind': `/contacts(${id})` },
    ],
    [
      'uses the navigation property for the table of the value',
      { 'customerid_account@odata.bind': `/contacts(${id})` },
      { 'customerid_contact@odata.bind': `/contacts(${id})` },
    ],
    [
      'corrects the case of a navigation property',
      { 'PrimaryContactId@odata.bind': `/contacts(${id})` },
      { 'primarycontactid@odata.bind': `/contacts(${id})` },
    ],
    [
      'replaces an id by a binding',
      { primarycontactid: id },
      { 'primarycontactid@odata.bind': `/contacts(${id})` },
    ],
    ['corrects the name of a column', { Title: 'x' }, { title: 'x' }],
    ['writes a choice as its number', { prioritycode: 'High' }, { prioritycode: 1 }],
    [
      'writes numbers and booleans without quotes',
      { numberofchildincidents: '5', isescalated: 'Yes' },
      { numberofchildincidents: 5, isescalated: true },
    ],
  ];
  for (const [promise, wrong, right] of repaired)
    it(promise, () => expect(check(wrong).corrected).to.deep.equal(right));

  const rejected: readonly (readonly [code: string, body: JsonObject])[] = [
    ['Q160', { customerid: id }],
    ['Q160', { _ownerid_value: id }],
    ['Q161', { 'primarycontactid@odata.bind': id }],
    ['Q122', { prioritycode: 99 }],
    ['Q110', { nothing_like_it_anywhere: 1 }],
  ];
  for (const [code, body] of rejected) {
    it(`reports ${code} for ${Object.keys(body)[0]} without a correction`, () => {
      const { issues, corrected } = check(body);
      expect(issues.map((issue) => issue.code)).to.deep.equal([code]);
      expect(corrected).to.equal(undefined);
    });
  }

  it('reports all issues at once, each with its JSON Pointer', () => {
    const { issues } = check({
      Title: 'x',
      prioritycode: 'High',
      'customerid@odata.bind': `/accounts(${id})`,
    });
    expect(issues.map(({ pointer }) => pointer)).to.deep.equal([
      '/Title',
      '/prioritycode',
      '/customerid@odata.bind',
    ]);
  });
});
