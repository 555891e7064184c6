import { expect } from 'chai';
import { fingerprintOf } from '../../src/run/column-fingerprint.ts';
import { findFingerprint, writtenFingerprint } from '../../src/run/written-fingerprints.ts';

describe('the fingerprints of a write', () => {
  const row = { title: 'Printer', subtitle: 'stars', state: 'title=', _customerid_value: null };
  const written = ['subtitle', 'state', 'title', '_customerid_value']
    .map((name) => writtenFingerprint(row, name))
    .join('');

  it('are found by the name of a column, whatever other names end or begin with it', () => {
    for (const name of Object.keys(row))
      expect(findFingerprint(written, name), name).to.equal(fingerprintOf(row, name));
  });

  it('has none of a column that was not written', () => {
    for (const name of ['tit', 'itle', 'customerid', '_customerid_valu', ''])
      expect(findFingerprint(written, name), name).to.equal(undefined);
    expect(findFingerprint('', 'title')).to.equal(undefined);
  });
});
