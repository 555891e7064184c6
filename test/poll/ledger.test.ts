import { expect } from 'chai';
import { createdOrUpdated } from '../../src/poll/created-or-updated.ts';
import { Ledger } from '../../src/poll/ledger.ts';
import type { RowFacts } from '../../src/poll/row-facts.ts';
import { MINUTE } from './fixtures.ts';

const NINE = Date.UTC(2026, 2, 1, 9);

function factsOf(facts: Partial<RowFacts> = {}): RowFacts {
  return { id: 'a', version: 1n, createdMs: NINE, modifiedMs: NINE, row: {}, ...facts };
}

function ledgerOf(...noted: RowFacts[]): Ledger {
  const ledger = new Ledger();
  for (const facts of noted) ledger.note(facts);
  return ledger;
}

describe('the ledger', () => {
  it('knows a version, older ones of the same row, and no newer one, beyond the digits of a number', () => {
    const ledger = ledgerOf(factsOf({ version: 9_007_199_254_740_992n }));
    expect(ledger.has(factsOf({ version: 9_007_199_254_740_992n }))).to.equal(true);
    expect(ledger.has(factsOf({ version: 12n }))).to.equal(true);
    expect(ledger.has(factsOf({ version: 9_007_199_254_740_993n }))).to.equal(false);
  });

  it('comes back as it was kept', () => {
    const place = { floorMs: 0, newSinceMs: 0 };
    const rows = ledgerOf(factsOf({ version: 9_007_199_254_740_993n })).rows(place);
    expect(new Ledger(JSON.parse(JSON.stringify(rows))).rows(place)).to.deep.equal(rows);
  });

  it('forgets what the window cannot show again', () => {
    const ledger = ledgerOf(factsOf());
    expect(ledger.rows({ floorMs: NINE, newSinceMs: NINE })).to.have.length(1);
    expect(ledger.rows({ floorMs: NINE + MINUTE, newSinceMs: NINE + MINUTE })).to.deep.equal([]);
  });

  it('keeps a back-dated version that the window over versions will show again', () => {
    const ledger = ledgerOf(factsOf({ version: 60n }));
    const later = { floorMs: NINE + MINUTE, newSinceMs: NINE + MINUTE };
    expect(ledger.rows({ ...later, mark: { version: 50n, atMs: NINE } })).to.have.length(1);
    expect(ledger.rows({ ...later, version: 59n, mark: { version: 70n, atMs: NINE } })).to.have.length(1);
    expect(ledger.rows({ ...later, version: 60n, mark: { version: 70n, atMs: NINE } })).to.deep.equal([]);
  });

  it('keeps a young row although its modifiedon is back-dated: else it would pass for new', () => {
    const ledger = ledgerOf(factsOf({ modifiedMs: NINE - 60 * MINUTE }));
    expect(ledger.rows({ floorMs: NINE, newSinceMs: NINE })).to.have.length(1);
  });
});

describe('an unseen version', () => {
  const place = { floorMs: NINE, newSinceMs: NINE };

  it('is created when the row is young and not known', () => {
    expect(createdOrUpdated(factsOf(), place, new Ledger())).to.equal('created');
  });

  it('is updated when the row is old, however long ago it was seen', () => {
    expect(createdOrUpdated(factsOf({ createdMs: NINE - 1 }), place, new Ledger())).to.equal('updated');
  });

  it('is updated when the row was announced before', () => {
    expect(createdOrUpdated(factsOf({ version: 2n }), place, ledgerOf(factsOf()))).to.equal('updated');
  });
});
