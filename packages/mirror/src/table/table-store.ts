import type { WireRow } from 'dynamics365-connector/host';
import type { MirrorColumn, TablePlan } from '../plan/mirror-column.ts';
import { layoutTables } from '../target/layout.ts';
import type { Lease } from '../target/lease.ts';
import type { MirrorSql, MirrorTarget } from '../target/target.ts';
import { labelViewStatements, writeLabels } from './label-view.ts';
import { toCells, toPageJson } from './page-cells.ts';
import { type ColumnChanges, prepareColumns } from './prepare-columns.ts';
import { type KnownVersion, type RowGuard, type TableSql, writeTableSql } from './table-sql.ts';
import { parseState, serializeState, type TableState } from './table-state.ts';

/** What one transaction writes: data, and how far the mirror is with them. */
export interface TableWrite {
  readonly state: TableState;
  /** Rows as Dataverse sends them. */
  readonly rows?: readonly WireRow[];
  /** The rows replace those of the target even if nothing seems to differ. */
  readonly isForced?: boolean;
  /** Ids of rows that the organization does not have. */
  readonly deleted?: readonly string[];
  /** Ids that a walk over keys has read. */
  readonly seen?: readonly string[];
  /** Forgets what walks have read. */
  readonly clearSeen?: boolean;
}

/** How a write is done. A test shows what happens if the place is kept before the data. */
export type CommitWrite = (
  target: MirrorTarget,
  steps: { readonly data: WriteStep; readonly place: WriteStep },
) => Promise<void>;

export type WriteStep = (sql: MirrorSql) => Promise<void>;

/** Data and place in one transaction. */
export const commitTogether: CommitWrite = (target, { data, place }) =>
  target.transaction(async (sql) => {
    await data(sql);
    await place(sql);
  });

export interface TableStoreOptions {
  readonly target: MirrorTarget;
  readonly lease: Pick<Lease, 'check'>;
  readonly guard?: RowGuard;
  readonly commit?: CommitWrite;
  readonly now: () => number;
}

export type KnownVersions = ReadonlyMap<string, KnownVersion>;

/** So many of the latest deletions are remembered. */
const maxRemembered = 100;

/** One table in the target. */
export class TableStore {
  readonly #options: TableStoreOptions;
  readonly #plan: TablePlan;
  #columns: readonly MirrorColumn[] = [];
  #sql: TableSql;

  constructor(plan: TablePlan, options: TableStoreOptions) {
    this.#plan = plan;
    this.#options = options;
    this.#sql = writeTableSql(options.target.dialect, plan, plan.columns, options.guard);
  }

  /** The columns with their names in the target. */
  get columns(): readonly MirrorColumn[] {
    return this.#columns;
  }

  get sql(): TableSql {
    return this.#sql;
  }

  get plan(): TablePlan {
    return this.#plan;
  }

  async loadState(): Promise<TableState | undefined> {
    const table = this.#name('table');
    const [row] = await this.#options.target.query<{ readonly state: string }>(
      `SELECT state FROM ${table} WHERE table_name = $1`,
      [this.#plan.table],
    );
    if (row === undefined) return undefined;
    const { isUnlisted: _, ...state } = parseState(this.#plan.table, row.state);
    return state;
  }

  /** What the columns of the target hold, those that are gone included: logical names. */
  async recordedSources(): Promise<readonly string[]> {
    const text = `SELECT source FROM ${this.#name('column')} WHERE table_name = $1`;
    const rows = await this.#options.target.query<{ readonly source: string }>(text, [this.#plan.table]);
    return rows.map(({ source }) => source);
  }

  /**
   * Brings the columns of the target up to date, together with the state that follows from it.
   *
   * @param nextState the state if columns were added: their cells must be read for all rows
   */
  async prepare(nextState: () => TableState | undefined): Promise<ColumnChanges> {
    const { target, lease, guard } = this.#options;
    const { dialect } = target;
    const changes = await target.transaction(async (sql) => {
      await lease.check(sql);
      const found = await prepareColumns(sql, dialect, this.#plan, this.#timestamp());
      this.#columns = found.columns;
      this.#sql = writeTableSql(dialect, this.#plan, found.columns, guard);
      if (found.gone.length > 0 && found.added.length === 0) await sql.query(this.#sql.rehash);
      const state = found.added.length > 0 ? nextState() : undefined;
      if (state !== undefined) await this.#saveState(sql, state);
      if (this.#plan.deletes === 'apply') await sql.query(this.#sql.removeAllDeleted);
      await writeLabels(sql, dialect, this.#plan.table, found.columns);
      return found;
    });
    return changes;
  }

  /** Creates the view with labels anew. Fails if another view uses it. */
  async createView(): Promise<void> {
    const { target } = this.#options;
    await target.transaction(async (sql) => {
      for (const text of labelViewStatements(target.dialect, this.#plan, this.#columns))
        await sql.query(text);
    });
  }

  async write(write: TableWrite): Promise<void> {
    const { target, commit = commitTogether } = this.#options;
    await commit(target, {
      data: (sql) => this.#writeData(sql, write),
      place: (sql) => this.#saveState(sql, write.state),
    });
  }

  /** The versions of those of these rows that the target has. */
  async versionsOf(ids: readonly string[]): Promise<KnownVersions> {
    return this.#versions(this.#sql.versionsOf, [JSON.stringify(ids)]);
  }

  async versionsAbove(version: bigint): Promise<KnownVersions> {
    return this.#versions(this.#sql.versionsAbove, [String(version)]);
  }

  /** The rows with the highest versions. */
  async newest(count: number): Promise<KnownVersions> {
    return this.#versions(this.#sql.newest, [count]);
  }

  /** Ids after this one that the target has and the walk has not seen. */
  async unseen(after: string, count: number): Promise<readonly string[]> {
    return [...(await this.#versions(this.#sql.unseen, [after, count, this.#plan.table])).keys()];
  }

  /** Rows of this load whose cells do not have their hash. */
  async damaged(load: number): Promise<readonly string[]> {
    return [...(await this.#versions(this.#sql.damaged, [load])).keys()];
  }

  /** The ids of those of these rows that the target lacks, or has with other cells. */
  async differing(rows: readonly WireRow[]): Promise<readonly string[]> {
    const found = await this.#queryPage<{ readonly id: string }>(this.#options.target, rows, {
      text: this.#sql.differing,
      values: [],
    });
    return found.map(({ id }) => id);
  }

  /** The ids of the latest deletions. */
  async lastDeleted(): Promise<readonly string[]> {
    const text = `SELECT CAST(id AS ${this.#options.target.dialect.types.text}) AS id FROM ${this.#name('deleted')} WHERE table_name = $1`;
    const rows = await this.#options.target.query<{ readonly id: string }>(text, [this.#plan.table]);
    return rows.map(({ id }) => id);
  }

  async countRows(): Promise<number> {
    const [row] = await this.#options.target.query<{ readonly count: number | string | bigint }>(
      this.#sql.count,
    );
    return Number(row?.count ?? 0);
  }

  /** Removes rows that were deleted longer ago than this, in milliseconds. */
  async removeDeleted(maxAgeMs: number): Promise<void> {
    const { target, lease, now } = this.#options;
    await target.transaction(async (sql) => {
      await lease.check(sql);
      await sql.query(this.#sql.removeDeleted, [new Date(now() - maxAgeMs).toISOString()]);
    });
  }

  async #versions(text: string, values: readonly unknown[]): Promise<KnownVersions> {
    const rows = await this.#options.target.query<KnownVersion>(text, values);
    return new Map(rows.map((row) => [row.id, row]));
  }

  async #writeData(
    sql: MirrorSql,
    { state, rows = [], isForced, deleted = [], seen = [], clearSeen }: TableWrite,
  ): Promise<void> {
    await this.#options.lease.check(sql);
    const { table } = this.#plan;
    if (clearSeen === true)
      await sql.query(`DELETE FROM ${this.#name('seen')} WHERE table_name = $1`, [table]);
    if (rows.length > 0) {
      const values = [state.load, this.#timestamp()];
      const text = isForced === true ? this.#sql.overwrite : this.#sql.upsert;
      await this.#queryPage(sql, rows, { text, values });
    }
    if (deleted.length > 0) await this.#delete(sql, deleted);
    if (seen.length > 0) {
      const { ids, types } = this.#options.target.dialect;
      const text = `INSERT INTO ${this.#name('seen')} (table_name, id) SELECT CAST($2 AS ${types.text}), id FROM ${ids} AS ids WHERE true ON CONFLICT DO NOTHING`;
      await sql.query(text, [JSON.stringify(seen), table]);
    }
  }

  /** Runs a statement with the rows of a page after its other parameters. */
  async #queryPage<Row>(
    sql: MirrorSql,
    rows: readonly WireRow[],
    { text, values }: { readonly text: string; readonly values: readonly unknown[] },
  ): Promise<readonly Row[]> {
    const cells = toCells(rows, this.#plan.key, this.#columns);
    if (this.#options.target.dialect.pageForm === 'json')
      return await sql.query<Row>(text, [...values, toPageJson(cells)]);
    const found: Row[] = [];
    for (const row of cells) found.push(...(await sql.query<Row>(text, [...values, ...row])));
    return found;
  }

  async #delete(sql: MirrorSql, deleted: readonly string[]): Promise<void> {
    const { table, deletes } = this.#plan;
    const { remove, markDeleted } = this.#sql;
    const ids = JSON.stringify(deleted);
    if (deletes === 'keep') await sql.query(markDeleted, [ids, this.#timestamp()]);
    else await sql.query(remove, [ids]);
    const remembered = this.#name('deleted');
    const now = this.#options.now();
    for (const id of deleted.slice(-maxRemembered)) {
      const text = `INSERT INTO ${remembered} (table_name, id, at_ms) VALUES ($1, $2, $3) ON CONFLICT (table_name, id) DO UPDATE SET at_ms = excluded.at_ms`;
      await sql.query(text, [table, id, now]);
    }
    const oldest = `SELECT at_ms FROM ${remembered} WHERE table_name = $1 ORDER BY at_ms DESC LIMIT 1 OFFSET ${maxRemembered}`;
    await sql.query(`DELETE FROM ${remembered} WHERE table_name = $1 AND at_ms < (${oldest})`, [table]);
  }

  async #saveState(sql: MirrorSql, state: TableState): Promise<void> {
    const text = `INSERT INTO ${this.#name('table')} (table_name, state, key_column) VALUES ($1, $2, $3) ON CONFLICT (table_name) DO UPDATE SET state = excluded.state`;
    await sql.query(text, [this.#plan.table, serializeState(state), this.#plan.key]);
  }

  #name(name: keyof typeof layoutTables): string {
    return this.#options.target.dialect.tableName(layoutTables[name]);
  }

  #timestamp(): string {
    return new Date(this.#options.now()).toISOString();
  }
}
