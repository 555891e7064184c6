import { expect } from 'chai';
import { classifyChange } from '../../src/poll/classify-change.ts';
import type { RowFacts } from '../../src/poll/row-facts.ts';
import { SeenVersions } from '../../src/poll/seen-versions.ts';
import { minute } from './fixtures.ts';

const nine = Date.UTC(2026, 2, 1, 9);

function factsOf(facts: Partial<RowFacts> = {}): RowFacts {
  return { id: 'a', version: 1n, createdMs: nine, modifiedMs: nine, row: {}, ...facts };
}

function ledgerOf(...noted: RowFacts[]): SeenVersions {
  const ledger = new SeenVersions();
  for (const facts of noted) ledger.add(facts);
  return ledger;
}

describe('SeenVersions', () => {
  it('contains a version and older ones of the same row, with every digit', () => {
    const ledger = ledgerOf(factsOf({ version: 9_007_199_254_740_992n }));
    expect(ledger.has(factsOf({ version: 9_007_199_254_740_992n }))).to.equal(true);
    expect(ledger.has(factsOf({ version: 12n }))).to.equal(true);
    expect(ledger.has(factsOf({ version: 9_007_199_254_740_993n }))).to.equal(false);
  });

  it('returns the same content after serialization', () => {
    const place = { readFromMs: 0, newSinceMs: 0 };
    const rows = ledgerOf(factsOf({ version: 9_007_199_254_740_993n })).entries(place);
    expect(new SeenVersions(JSON.parse(JSON.stringify(rows))).entries(place)).to.deep.equal(rows);
  });

  it('removes versions that the window cannot return again', () => {
    const ledger = ledgerOf(factsOf());
    expect(ledger.entries({ readFromMs: nine, newSinceMs: nine })).to.have.length(1);
    expect(ledger.entries({ readFromMs: nine + minute, newSinceMs: nine + minute })).to.deep.equal([]);
  });

  it('keeps a back-dated version that a window over versions returns again', () => {
    const ledger = ledgerOf(factsOf({ version: 60n }));
    const later = { readFromMs: nine + minute, newSinceMs: nine + minute };
    expect(ledger.entries({ ...later, watermark: { version: 50n, atMs: nine } })).to.have.length(1);
    expect(
      ledger.entries({ ...later, version: 59n, watermark: { version: 70n, atMs: nine } }),
    ).to.have.length(1);
    expect(ledger.entries({ ...later, version: 60n, watermark: { version: 70n, atMs: nine } })).to.deep.equal(
      [],
    );
  });

  it('keeps a recently created row with a back-dated modifiedon', () => {
    const ledger = ledgerOf(factsOf({ modifiedMs: nine - 60 * minute }));
    expect(ledger.entries({ readFromMs: nine, newSinceMs: nine })).to.have.length(1);
  });
});

describe('classifyChange', () => {
  const place = { readFromMs: nine, newSinceMs: nine };

  it('returns created for a recent row that is not known', () => {
    expect(classifyChange(factsOf(), place, new SeenVersions())).to.equal('created');
  });

  it('returns updated for an old row', () => {
    expect(classifyChange(factsOf({ createdMs: nine - 1 }), place, new SeenVersions())).to.equal('updated');
  });

  it('returns updated for a row that was reported before', () => {
    expect(classifyChange(factsOf({ version: 2n }), place, ledgerOf(factsOf()))).to.equal('updated');
  });
});
