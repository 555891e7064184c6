import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect } from 'chai';
import type { Runtime } from 'dynamics365-connector/host';
import type { Assumptions } from 'dynamics365-connector-sandbox';
import type { RowGuard } from '../src/table/table-sql.ts';
import type { CommitWrite } from '../src/table/table-store.ts';
import type { walkPage } from '../src/table/walk-keys.ts';
import { openSqliteTarget } from '../src/target/sqlite-target.ts';
import { loadRuntime, type ProofOptions, runProof } from './proof/run-proof.ts';

/** The reading of a delta link that finds the least: one that leaves out open transactions reaches far back. */
const highestVersion: Partial<Assumptions> = { deltaTokenTaken: 'last-page', deltaTokenCounts: 'versions' };

/** Takes a delta link after the load, and compares nothing. */
const onlyTakeLink: typeof walkPage = async ({ store, readers }, { walk: _, ...state }) => {
  let page = await readers.keys.trackChanges({ select: ['new_ticketid'], pageSize: 150 });
  while (page.nextLink !== undefined) page = await readers.keys.follow(page.nextLink);
  const link = { url: page.deltaLink ?? '', atMs: page.serverTimeMs };
  const links = { safe: link, newest: link };
  const next = { ...state, phase: 'follow' as const, links, nextWalkAtMs: Number.MAX_SAFE_INTEGER };
  await store.write({ state: next });
  return next;
};

describe('mirror: a wrong design is found out by random histories', function () {
  this.timeout(600_000);
  let folder: string;
  let runtime: Runtime;
  before(async () => {
    folder = mkdtempSync(join(tmpdir(), 'd365-mirror-'));
    runtime = await loadRuntime();
  });
  after(() => rmSync(folder, { recursive: true }));

  const run = async (options: Partial<ProofOptions>) => {
    const target = openSqliteTarget(join(folder, `${crypto.randomUUID()}.sqlite`));
    try {
      const shared = { rows: 400, crashes: 15, assumptions: highestVersion };
      return await runProof(runtime, { ...shared, ...options, seed: 1, target });
    } finally {
      await target.close();
    }
  };

  it('no walk over the keys after the load: rows that were deleted meanwhile stay', async () => {
    const { extra, missing, wrong } = await run({ strategy: { compare: onlyTakeLink }, expiresLinks: false });
    expect(extra).to.be.greaterThan(0);
    expect({ missing, wrong }).to.deep.equal({ missing: 0, wrong: 0 });
  });

  it('the place is kept before the data: without a walk that repairs it, rows of the load are missing', async () => {
    const commit: CommitWrite = async (target, { data, place }) => {
      await target.transaction(place);
      await target.transaction(data);
    };
    const happens = { strategy: { compare: onlyTakeLink }, expiresLinks: false, crashes: 60, crashRate: 0.4 };
    expect((await run({ ...happens, commit })).missing).to.be.greaterThan(0);
  });

  it('a row is only replaced by one of a higher version, and a backup is restored', async () => {
    const guard: RowGuard = ({ version }) => `new.${version} > old.${version}`;
    expect((await run({ guard, restores: true })).wrong).to.be.greaterThan(0);
  });
});
