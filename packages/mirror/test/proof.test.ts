import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect } from 'chai';
import type { Runtime } from 'dynamics365-connector/host';
import type { Assumptions } from 'dynamics365-connector-sandbox';
import { openSqliteTarget } from '../src/target/sqlite-target.ts';
import { loadRuntime, type ProofOptions, runProof } from './proof/run-proof.ts';

/** What a delta link may name: nobody could confirm it. */
const startOfWalk: Partial<Assumptions> = { deltaTokenTaken: 'first-page', deltaTokenCounts: 'commits' };
const endOfWalk: Partial<Assumptions> = { deltaTokenTaken: 'last-page', deltaTokenCounts: 'commits' };
const highestVersion: Partial<Assumptions> = { deltaTokenTaken: 'last-page', deltaTokenCounts: 'versions' };

const equal = { missing: 0, extra: 0, wrong: 0 };
const rows = Number(process.env.PROOF_ROWS ?? 300);
/** One history of the default run has many pages in all of its walks; all of them would take too long. */
const manyRows = Number(process.env.PROOF_ROWS ?? 6000);
const seeds = Number(process.env.PROOF_SEEDS ?? 1);

describe('mirror: a copy of a table over random histories', function () {
  this.timeout(600_000);
  let folder: string;
  let runtime: Runtime;
  let number = 0;
  before(async () => {
    folder = mkdtempSync(join(tmpdir(), 'd365-mirror-'));
    runtime = await loadRuntime();
  });
  after(() => rmSync(folder, { recursive: true }));

  const run = async (options: Partial<ProofOptions>) => {
    number += 1;
    const target = openSqliteTarget(join(folder, `copy-${number}.sqlite`));
    try {
      const result = await runProof(runtime, { seed: 1, rows, crashes: 15, ...options, target });
      if (process.env.PROOF_SHOW) process.stdout.write(`${JSON.stringify(result)}\n`);
      return result;
    } finally {
      await target.close();
    }
  };
  const expectEqual = async (options: Partial<ProofOptions>) => {
    for (let seed = 1; seed <= seeds; seed++) {
      const result = await run({ ...options, seed });
      expect(result, `seed ${seed}`).to.deep.include(equal);
      expect(result.crashes).to.be.greaterThan(5);
    }
  };
  it('equals the organization if a delta link names the start of its walk, while columns come and go', async () => {
    await expectEqual({ rows: manyRows, assumptions: startOfWalk, changesColumns: true, faults: true });
  });

  it('equals the organization if a delta link names the end of its walk, and a backup is restored', async () => {
    await expectEqual({ assumptions: endOfWalk, restores: true });
  });

  it('equals the organization if a delta link names the highest version and versions cannot be filtered', async () => {
    await expectEqual({ assumptions: { ...highestVersion, versionFilter: 'refused' }, faults: true });
  });
});
