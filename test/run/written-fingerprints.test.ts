import { expect } from 'chai';
import { fingerprintOf } from '../../src/run/column-fingerprint.ts';
import { FingerprintWriter, findFingerprint } from '../../src/run/own-writes/written-fingerprints.ts';

describe('the fingerprints of a write', () => {
  const row = { title: 'Printer', subtitle: 'stars', state: 'title=', _customerid_value: null };
  const writer = new FingerprintWriter();
  for (const name of ['subtitle', 'state', 'title', '_customerid_value'] as const)
    writer.add(name, row[name]);
  const written = writer.take();

  it('are found by the name of a column, whatever other names end or begin with it', () => {
    for (const name of Object.keys(row))
      expect(findFingerprint(written, name), name).to.equal(fingerprintOf(row, name));
  });

  it('has none of a column that was not written', () => {
    for (const name of ['tit', 'itle', 'customerid', '_customerid_valu', ''])
      expect(findFingerprint(written, name), name).to.equal(undefined);
    expect(findFingerprint('', 'title')).to.equal(undefined);
  });

  it('are those of one write, of however many columns', () => {
    expect(writer.take()).to.equal('');
    const wide = Object.fromEntries(Array.from({ length: 1000 }, (_, n) => [`column_${n}`, n]));
    for (const name of Object.keys(wide)) writer.add(name, wide[name] ?? null);
    const all = writer.take();
    for (const name of Object.keys(wide))
      expect(findFingerprint(all, name), name).to.equal(fingerprintOf(wide, name));
    writer.add('title', row.title);
    expect(writer.take()).to.equal(` title=${fingerprintOf(row, 'title')}`);
  });
});
