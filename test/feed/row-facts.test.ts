import { expect } from 'chai';
import fc from 'fast-check';
import { readFacts } from '../../src/feed/row-facts.ts';
import type { WireRow } from '../../src/feed/row-reader-port.ts';

const ID = '0A1B2C3D-0000-4000-8000-000000000001';

describe('readFacts', () => {
  it('reads the version from versionnumber with every digit', () => {
    const row = { incidentid: ID, '@odata.etag': 'W/"1"' };
    for (const versionnumber of [42, '9007199254740993'])
      expect(readFacts({ ...row, versionnumber }, 'incidentid')!.version).to.equal(BigInt(versionnumber));
  });

  it('reads the version of a table without versionnumber from the ETag', () => {
    const facts = readFacts({ incidentid: ID, '@odata.etag': 'W/"9007199254740993"' }, 'incidentid');
    expect(facts?.version).to.equal(9_007_199_254_740_993n);
  });

  it('returns ids in lower case', () => {
    const facts = readFacts({ incidentid: ID, _modifiedby_value: ID }, 'incidentid');
    expect(facts).to.include({ id: ID.toLowerCase(), modifiedBy: ID.toLowerCase() });
  });

  it('uses the time of the change if the version is missing', () => {
    const facts = readFacts({ incidentid: ID, modifiedon: '2026-03-01T09:00:00Z' }, 'incidentid');
    expect(facts?.version).to.equal(BigInt(Date.UTC(2026, 2, 1, 9)));
  });

  it('returns undefined only for an invalid key', () => {
    expect(readFacts({ incidentid: 'none' }, 'incidentid')).to.equal(undefined);
    expect(readFacts({ incidentid: ID, createdon: 'yesterday' }, 'incidentid')?.createdMs).to.equal(0);
  });

  it('accepts any JSON object', () => {
    const cell = fc.oneof(fc.jsonValue(), fc.constant('W/"99999999999999999999"'), fc.constant(ID));
    const names = fc.constantFrom(
      'incidentid',
      '@odata.etag',
      'versionnumber',
      'modifiedon',
      'createdon',
      '_modifiedby_value',
    );
    fc.assert(
      fc.property(fc.dictionary(names, cell), (row) => {
        const facts = readFacts(row as WireRow, 'incidentid');
        if (facts === undefined) return;
        expect(facts.version >= 0n || facts.modifiedMs < 0).to.equal(true);
        expect(Number.isFinite(facts.createdMs + facts.modifiedMs)).to.equal(true);
      }),
    );
  });
});
