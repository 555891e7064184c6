import { expect } from 'chai';
import fc from 'fast-check';
import { Scrubber } from '../../src/authoring/record/scrubber.ts';
import type { Json, JsonObject } from '../../src/model/json.ts';

/** All texts of a value that are at least four characters long, so that they are not found by accident. */
function textsOf(value: Json): readonly string[] {
  if (typeof value === 'string') return value.length >= 4 ? [value] : [];
  if (value === null || typeof value !== 'object') return [];
  return Object.values(value).flatMap(textsOf);
}

describe('Scrubber', () => {
  it('leaves no text of a response', () => {
    const text = fc.stringMatching(/^[a-zA-Z@. ]{4,20}$/);
    const { json } = fc.letrec((tie) => ({
      json: fc.oneof(
        { maxDepth: 3 },
        text,
        fc.integer(),
        fc.array(tie('json'), { maxLength: 3 }),
        fc.dictionary(fc.stringMatching(/^[a-z]{1,6}$/), tie('json'), { maxKeys: 4 }),
      ),
    }));
    fc.assert(
      fc.property(json, (value) => {
        const scrubbed = textsOf(new Scrubber().body(value as Json));
        for (const original of textsOf(value as Json)) expect(scrubbed).not.to.include(original);
      }),
    );
  });

  it('replaces the same value by the same one, in the input and in the response', () => {
    const scrubber = new Scrubber();
    const schema = { properties: { name: { type: 'string' }, rating: { enum: ['good', 'bad'] } } };
    const input = scrubber.input({ name: 'Ann Nguyen', rating: 'good' }, schema) as JsonObject;
    expect(input).to.deep.equal({ name: 'text 1', rating: 'good' });
    expect(scrubber.body({ fullname: 'ann nguyen' })).to.deep.equal({ fullname: 'text 1' });
  });

  it('keeps numbers, times, labels of choices and names of tables', () => {
    const row = {
      prioritycode: 1,
      'prioritycode@OData.Community.Display.V1.FormattedValue': 'High',
      _customerid_value: '2a8f6a3e-6f0c-4b6e-9f0e-6f1f6a3e2b10',
      '_customerid_value@Microsoft.Dynamics.CRM.lookuplogicalname': 'account',
      '_customerid_value@OData.Community.Display.V1.FormattedValue': 'Contoso',
      createdon: '2026-01-15T09:00:00Z',
      birthdate: '1981-04-02',
      telephone1: '+49 30 901820',
      emailaddress1: 'ann@contoso.com',
      '@odata.etag': 'W/"70"',
    };
    expect(new Scrubber().body(row)).to.deep.equal({
      ...row,
      _customerid_value: 'a0000000-0000-4000-8000-000000000001',
      '_customerid_value@OData.Community.Display.V1.FormattedValue': 'text 1',
      birthdate: '2000-01-02',
      telephone1: '+55 55 555551',
      emailaddress1: 'person1@example.com',
    });
  });

  it('replaces the values of a filter, and the host and query of a link', () => {
    const scrubber = new Scrubber();
    const schema = { properties: { filter: { type: 'string', format: 'odata-filter' } } };
    const filter = "contains(title,'O''Brien') and statecode eq 0";
    expect(scrubber.input({ filter }, schema)).to.deep.equal({
      filter: "contains(title,'text 1') and statecode eq 0",
    });
    const link =
      'https://acme.crm.dynamics.com/api/data/v9.2/accounts?$skiptoken=%3Ccookie%3Eann%3C%2Fcookie%3E';
    expect(scrubber.body({ '@odata.nextLink': link })).to.deep.equal({
      '@odata.nextLink': 'https://contoso.crm.dynamics.com/api/data/v9.2/accounts?$skiptoken=1',
    });
  });
});
