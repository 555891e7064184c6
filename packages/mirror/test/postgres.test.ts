import { expect } from 'chai';
import { startPostgres, type TestPostgres } from '../../../test/support/postgres.ts';
import { createLayout } from '../src/target/layout.ts';
import { openPostgresTarget } from '../src/target/postgres-target.ts';
import type { MirrorTarget } from '../src/target/target.ts';
import { loadRuntime, runProof } from './proof/run-proof.ts';

describe('mirror: PostgreSQL', function () {
  this.timeout(600_000);
  let server: TestPostgres;
  let target: MirrorTarget;
  before(async () => {
    server = await startPostgres();
    target = await openPostgresTarget(server.url, 'crm');
  });
  after(async () => {
    await target.close();
    await server.stop();
  });

  it('prepares a new schema in several processes at the same time', async () => {
    const prepare = async () => {
      const one = await openPostgresTarget(server.url, 'together');
      await createLayout(one).finally(one.close);
    };
    await Promise.all(Array.from({ length: 5 }, prepare));
    const rows = await target.query('SELECT format FROM together.d365_mirror');
    expect(rows).to.deep.equal([{ format: 1 }]);
  });

  it('the copy equals the organization after crashes, refused requests, new columns and a restored backup', async () => {
    const rows = Number(process.env.PROOF_ROWS ?? 6000);
    const happens = { crashes: 15, changesColumns: true, faults: true, restores: true };
    const result = await runProof(await loadRuntime(), { target, seed: 3, rows, ...happens });
    expect(result).to.deep.include({ missing: 0, extra: 0, wrong: 0 });
    expect(result.crashes).to.be.greaterThan(5);
  });
});
