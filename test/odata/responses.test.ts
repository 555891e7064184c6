import { expect } from 'chai';
import fc from 'fast-check';
import { ConnectorError } from '../../src/errors/connector-error.ts';
import { parseErrorBody } from '../../src/odata/parse-error-body.ts';
import { readODataPage } from '../../src/odata/read-page.ts';
import {
  formatEtag,
  parseEtagVersion,
  readFormattedValue,
  readLookupLogicalName,
} from '../../src/odata/row-annotations.ts';

const id = 'c65127ed-2097-e711-80eb-00155db75426';
const anything = fc.anything({ withNullPrototype: true, maxDepth: 3 });

describe('readODataPage', () => {
  it('reads rows, links, the count and the annotations', () => {
    const page = readODataPage({
      '@odata.context': 'https://o/api/data/v9.2/$metadata#accounts(name)',
      '@odata.count': 3,
      '@Microsoft.Dynamics.CRM.totalrecordcount': 3,
      value: [{ name: 'a' }, { name: 'b' }],
      '@odata.nextLink': 'https://o/api/data/v9.2/accounts?$skiptoken=x',
    });
    expect(page.rows).to.deep.equal([{ name: 'a' }, { name: 'b' }]);
    expect(page).to.include({ nextLink: 'https://o/api/data/v9.2/accounts?$skiptoken=x', count: 3 });
    expect(page).to.not.have.property('deltaLink');
    expect(page.annotations).to.have.property('@Microsoft.Dynamics.CRM.totalrecordcount', 3);
    expect(page.annotations).to.not.have.property('value');
  });

  it('rejects a next link that is not text', () => {
    for (const link of [5, null, {}])
      expect(() => readODataPage({ value: [], '@odata.nextLink': link })).to.throw(/nextLink/);
  });

  it('returns deleted rows separately', () => {
    const page = readODataPage({
      '@odata.deltaLink': 'https://o/api/data/v9.2/accounts?$deltatoken=1',
      value: [
        { accountid: id, name: 'a' },
        {
          '@odata.context': 'https://o/api/data/v9.2/$metadata#accounts/$deletedEntity',
          id: id.toUpperCase(),
          reason: 'deleted',
        },
      ],
    });
    expect(page.rows).to.deep.equal([{ accountid: id, name: 'a' }]);
    expect(page.deletedEntities).to.deep.equal([{ id, reason: 'deleted' }]);
    expect(page.deltaLink).to.equal('https://o/api/data/v9.2/accounts?$deltatoken=1');
  });

  for (const body of [
    undefined,
    null,
    [],
    '',
    {},
    { value: {} },
    { value: [1] },
    { value: [[]] },
    { value: [null] },
  ]) {
    it(`rejects ${JSON.stringify(body)} with RESPONSE_INVALID`, () => {
      expect(() => readODataPage(body))
        .to.throw(ConnectorError)
        .with.property('code', 'RESPONSE_INVALID');
    });
  }

  it('accepts any other page and does not change a prototype', () => {
    const json = fc.oneof(anything, fc.record({ value: fc.array(anything) }));
    fc.assert(
      fc.property(json, (body) => {
        try {
          expect(readODataPage(body).rows).to.be.an('array');
        } catch (error) {
          expect((error as ConnectorError).code).to.equal('RESPONSE_INVALID');
        }
      }),
    );
    readODataPage(JSON.parse('{"value":[{"__proto__":{"polluted":1}}],"@a":1,"__proto__":{"polluted":1}}'));
    expect({}).to.not.have.property('polluted');
  });
});

describe('row annotations', () => {
  const row = {
    '@odata.etag': 'W/"9007199254740993"',
    prioritycode: 1,
    'prioritycode@OData.Community.Display.V1.FormattedValue': 'High',
    '_customerid_value@Microsoft.Dynamics.CRM.lookuplogicalname': 'account',
  };

  it('have display texts and the tables of lookups', () => {
    expect(readFormattedValue(row, 'prioritycode')).to.equal('High');
    expect(readFormattedValue(row, 'statecode')).to.equal(undefined);
    expect(readLookupLogicalName(row, '_customerid_value')).to.equal('account');
  });

  it('have the version as text', () => {
    expect(parseEtagVersion(row['@odata.etag'])).to.equal('9007199254740993');
    expect(parseEtagVersion('"12"')).to.equal('12');
    expect(formatEtag('12')).to.equal('W/"12"');
    for (const bad of ['', 'W/"x"', 'W/""', 'W/"1" ', '12', `W/"${'1'.repeat(20)}"`])
      expect(parseEtagVersion(bad)).to.equal(undefined);
  });
});

describe('parseErrorBody', () => {
  const bodies: readonly (readonly [name: string, body: unknown, code: string, message: string])[] = [
    [
      "Dataverse's own form",
      { error: { code: '0x80040217', message: 'Does Not Exist' } },
      '0x80040217',
      'Does Not Exist',
    ],
    ['an empty code', { error: { code: '', message: 'Oops' } }, '', 'Oops'],
    ['a signed decimal code', { error: { code: -2147220969, message: 'm' } }, '0x80040217', 'm'],
    ['a signed decimal code as text', { error: { code: '-2147015902', message: 'm' } }, '0x80072322', 'm'],
    ['upper-case hex', { error: { code: '0x8004431A', message: 'm' } }, '0x8004431a', 'm'],
    [
      'only an inner error',
      { error: { code: '0x1', message: '', innererror: { message: 'inner', type: 't' } } },
      '0x1',
      'inner',
    ],
    ['OData 3', { 'odata.error': { code: '', message: { lang: 'en', value: 'three' } } }, '', 'three'],
    ['the Discovery Service', { Message: 'Not here' }, '', 'Not here'],
    ['the search service', { ErrorCode: 'x', Message: 'y' }, 'x', 'y'],
    ['a gateway', { error: 'invalid_token', error_description: 'expired' }, '', 'expired'],
    ['a string', { error: 'nope' }, '', 'nope'],
    ['plain text', 'Service Unavailable\n', '', 'Service Unavailable'],
    ['a page', '<!DOCTYPE html><html><head><title> 502\n Bad Gateway </title></head>', '', '502 Bad Gateway'],
    ['a page without a title', '<html><body>x', '', ''],
    ['nothing', undefined, '', ''],
    ['a list', [1], '', ''],
  ];
  for (const [name, body, code, message] of bodies) {
    it(`reads ${name}`, () => {
      expect(parseErrorBody(body)).to.deep.include({ code, message });
    });
  }

  it('keeps the annotations', () => {
    const name = '@Microsoft.PowerApps.CDS.ErrorDetails.ApiExceptionHttpStatusCode';
    const { annotations } = parseErrorBody({ error: { code: '0x80040203', message: 'm', [name]: '400' } });
    expect(annotations).to.deep.equal({ [name]: '400' });
  });

  it('accepts any body and limits the length of the message', () => {
    fc.assert(
      fc.property(fc.oneof(anything, fc.record({ error: anything }), fc.string()), (body) => {
        const { code, message } = parseErrorBody(body);
        expect(code).to.be.a('string');
        expect(message).to.be.a('string');
      }),
    );
    expect(parseErrorBody({ error: { message: 'x'.repeat(1e6) } }).message).to.have.length(2000);
  });
});
