import { hostname } from 'node:os';
import { ConnectorError } from 'dynamics365-connector';
import { layoutTables } from './layout.ts';
import type { MirrorSql, MirrorTarget } from './target.ts';

/** So long a target belongs to a process that gives no sign of life. */
const leaseMs = 60_000;

/** The right to write to a target. */
export interface Lease {
  /** Throws within a transaction if another process has the right now, so that nothing is written. */
  check(sql: MirrorSql): Promise<void>;
  /** A sign of life. Throws if another process has the right. */
  renew(): Promise<void>;
  /** Lets another process write at once. */
  release(): Promise<void>;
}

interface OwnerRow {
  readonly owner: string | null;
  readonly owner_name: string | null;
  readonly until_ms: number | string | bigint | null;
  readonly now_ms: number | string | bigint;
}

/**
 * Takes the right to write to a target. A process of this machine that has ended loses it at once, any other one a minute
 * after its last sign of life.
 *
 * @param owner a new id
 * @throws SETTING_INVALID if another process has it
 */
export async function takeLease(target: MirrorTarget, owner: string): Promise<Lease> {
  const table = target.dialect.tableName(layoutTables.mirror);
  const { nowMs } = target.dialect;
  const ownName = `${hostname()}/${process.pid}`;
  await target.transaction(async (sql) => {
    const [row] = await sql.query<OwnerRow>(
      `SELECT owner, owner_name, until_ms, ${nowMs} AS now_ms FROM ${table}`,
    );
    if (row?.owner && Number(row.until_ms) > Number(row.now_ms) && !hasEnded(row.owner_name))
      throw takenError(target, row.owner_name);
    // Two processes that take it together: the second one waits here, and finds the owner changed.
    const changed = await sql.query(
      `UPDATE ${table} SET owner = $1, owner_name = $2, until_ms = ${nowMs} + ${leaseMs}
        WHERE owner IS NULL OR owner = $3 RETURNING owner`,
      [owner, ownName, row?.owner ?? ''],
    );
    if (changed.length === 0) throw takenError(target, null);
  });
  return {
    async check(sql) {
      const text = `SELECT owner FROM ${table} WHERE owner = $1 ${target.dialect.shareLock}`;
      if ((await sql.query(text, [owner])).length === 0) throw takenError(target, null);
    },
    async renew() {
      const text = `UPDATE ${table} SET until_ms = ${nowMs} + ${leaseMs} WHERE owner = $1 RETURNING owner`;
      if ((await target.query(text, [owner])).length === 0) throw takenError(target, null);
    },
    async release() {
      await target.query(`UPDATE ${table} SET owner = NULL WHERE owner = $1`, [owner]);
    },
  };
}

function takenError({ title }: MirrorTarget, name: string | null): ConnectorError {
  const who = name === null ? 'another process' : `the process ${name}`;
  return new ConnectorError('SETTING_INVALID', `${title} is written by ${who}.`, {
    advice: 'A target has one mirror at a time: stop the other one, or use another target.',
  });
}

/** Whether the process of this machine has ended: `host/pid`. */
function hasEnded(name: string | null): boolean {
  const [, host, pid] = /^(.*)\/(\d+)$/.exec(name ?? '') ?? [];
  if (host !== hostname() || Number(pid) === process.pid) return host === hostname();
  try {
    process.kill(Number(pid), 0);
    return false;
  } catch (error) {
    return (error as NodeJS.ErrnoException).code === 'ESRCH';
  }
}
