import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { createSandbox, type Sandbox } from 'dynamics365-connector-sandbox';
import { startPostgres } from '../../../../test/support/postgres.ts';
import { createSeededRandom } from '../../../../test/support/seeded-random.ts';
import { proofTable } from '../proof/proof-table.ts';
import { RandomEdits } from '../proof/random-edits.ts';
import type { TargetLocation } from './messages.ts';

/** An organization with rows, and the place of a copy. */
export interface SoakOrganization {
  readonly sandbox: Sandbox;
  readonly edits: RandomEdits;
  readonly random: () => number;
  readonly target: TargetLocation;
  close(): Promise<void>;
}

/** Rows are older than what a mirror compares each minute, as nearly all rows of a real organization are. */
const rowAgeMs = 2 * 3_600_000;

/** @param kind `sqlite`, `postgres` or `duckdb` */
export async function openSoakOrganization(kind: string, rows: number): Promise<SoakOrganization> {
  const sandbox = await createSandbox({
    organizations: [{ name: 'contoso', data: 'empty' }],
    limits: { maxRequests: 1e9, maxExecutionMs: 1e12, maxConcurrentRequests: 1000 },
  });
  const { organization } = sandbox;
  organization.store.addTable(proofTable);
  const random = createSeededRandom(Number(process.env.SEED ?? 1));
  const userId = organization.findSystemUserId(sandbox.user)!;
  const edits = new RandomEdits(organization, { random, now: Date.now, userId, maxOpenMs: 800 });
  organization.clockOffsetMs = -rowAgeMs;
  edits.insert(rows);
  organization.clockOffsetMs = 0;
  const folder = mkdtempSync(join(tmpdir(), 'd365-mirror-soak-'));
  const server = kind === 'postgres' ? await startPostgres() : undefined;
  return {
    ...{ sandbox, edits, random },
    target:
      server !== undefined
        ? { postgres: server.url }
        : kind === 'duckdb'
          ? { duckdb: join(folder, 'crm.duckdb') }
          : { file: join(folder, 'crm.sqlite') },
    async close() {
      await server?.stop();
      await sandbox.close();
      rmSync(folder, { recursive: true });
    },
  };
}
