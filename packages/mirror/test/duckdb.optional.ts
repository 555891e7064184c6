/** Tests of the DuckDB and Parquet targets: `npm run test:mirror-duckdb` installs the package and runs them. */
import { mkdtempSync, rmSync } from 'node:fs';
import { createRequire } from 'node:module';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect } from 'chai';
import type { loadDuckdb } from '../src/target/duckdb-api.ts';
import { openDuckdbTarget } from '../src/target/duckdb-target.ts';
import { openParquetTarget } from '../src/target/parquet-target.ts';
import { loadRuntime, runProof } from './proof/run-proof.ts';

const require = createRequire(join(process.env.D365_DUCKDB ?? '.', 'package.json'));
const load: typeof loadDuckdb = async () => require('@duckdb/node-api');
const rows = Number(process.env.PROOF_ROWS ?? 400);
const happens = { seed: 2, rows, crashes: 15, changesColumns: true, faults: true, restores: true };
const equal = { missing: 0, extra: 0, wrong: 0 };

describe('mirror: DuckDB', function () {
  this.timeout(600_000);
  let folder: string;
  beforeEach(() => {
    folder = mkdtempSync(join(tmpdir(), 'd365-mirror-'));
  });
  afterEach(() => rmSync(folder, { recursive: true }));

  it('the copy equals the organization after crashes, refused requests, new columns and a restored backup', async () => {
    const target = await openDuckdbTarget(join(folder, 'crm.duckdb'), load);
    try {
      expect(await runProof(await loadRuntime(), { ...happens, target })).to.deep.include(equal);
    } finally {
      await target.close();
    }
  });

  it('writes a Parquet file of each table, and again only when it has changed', async () => {
    const target = await openParquetTarget(folder, load);
    try {
      await runProof(await loadRuntime(), { ...happens, rows: 50, crashes: 0, target });
      await target.publish?.(['new_ticket']);
      const file = join(folder, 'new_ticket.parquet');
      const [inFile] = await target.query(`SELECT count(*) AS n FROM '${file}'`);
      const [inTable] = await target.query('SELECT count(*) AS n FROM new_ticket WHERE _deleted_at IS NULL');
      expect(inFile).to.deep.equal(inTable);
      rmSync(file);
      await target.publish?.(['new_ticket']);
      expect(() => rmSync(file)).to.throw();
    } finally {
      await target.close();
    }
  });
});
