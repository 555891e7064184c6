import type { Clock, Log } from 'dynamics365-connector';
import { ConnectorError } from 'dynamics365-connector';
import { type Connection, createRowReader, findTableByName, loadTable } from 'dynamics365-connector/host';
import type { TablePlan } from '../plan/mirror-column.ts';
import { planTable, type TableChoice } from '../plan/plan-table.ts';
import type { Lease } from '../target/lease.ts';
import type { MirrorTarget } from '../target/target.ts';
import { reload } from './load-rows.ts';
import { PageLimit, withPageLimit } from './page-limit.ts';
import { readAhead } from './read-ahead.ts';
import type { MirrorLimits, TableContext, TableReaders } from './table-context.ts';
import type { RowGuard } from './table-sql.ts';
import type { TableState } from './table-state.ts';
import { type CommitWrite, TableStore } from './table-store.ts';

/** What tables are opened with. */
export interface OpenTableOptions {
  readonly connection: Connection;
  readonly target: MirrorTarget;
  readonly lease: Pick<Lease, 'check'>;
  readonly limits: MirrorLimits;
  readonly clock: Clock;
  readonly log: Log;
  readonly signal?: AbortSignal;
  /** Tests replace these. */
  readonly guard?: RowGuard;
  readonly commit?: CommitWrite;
}

/** A table of the organization and its copy in the target, with columns that were compared just now. */
export interface OpenedTable {
  readonly context: TableContext;
  readonly state: TableState | undefined;
  /** Changes when the columns do. */
  readonly fingerprint: string;
}

/**
 * Reads what columns a table has now, and brings those of the target up to date. New columns are filled by reading all
 * rows again; changes and deletions are followed meanwhile.
 *
 * @param name any name of the table: `case`, `incident`, `incidents`
 */
export async function openTable(
  name: string,
  choice: TableChoice,
  options: OpenTableOptions,
): Promise<OpenedTable> {
  const plan = await readPlan(name, choice, options.connection);
  const { target, lease, guard, commit, clock } = options;
  const store = new TableStore(plan, { target, lease, guard, commit, now: clock.now });
  await checkMissing(plan, store, options.log);
  const before = await store.loadState();
  const { added, gone } = await store.prepare(() => before && reload(before));
  const fields = { table: plan.table };
  if (before !== undefined && added.length > 0)
    options.log({
      level: 'info',
      event: 'mirror.columns-added',
      fields: { ...fields, columns: added.length },
    });
  if (gone.length > 0)
    options.log({ level: 'warn', event: 'mirror.columns-gone', fields: { ...fields, columns: gone.length } });
  await createView(store, options);
  const { table } = await loadTable(options.connection, plan.table);
  const state = await store.loadState();
  const pages = new PageLimit(state?.pageSize ?? options.limits.pageSize);
  const context = { ...options, table, store, pages, readers: createReaders(options, table, pages) };
  return { context, state, fingerprint: fingerprintOf(plan) };
}

/** A column that was mirrored before may be gone. One that never was is a mistake in mirror.yaml. */
async function checkMissing({ table, missing }: TablePlan, store: TableStore, log: Log): Promise<void> {
  const sources = new Set(missing.length === 0 ? [] : await store.recordedSources());
  for (const { name, logicalName, suggestion } of missing) {
    if (!sources.has(logicalName)) {
      const advice = suggestion === undefined ? undefined : `Did you mean "${suggestion}" in mirror.yaml?`;
      const message = `The table ${table} has no column "${name}".`;
      throw new ConnectorError('SETTING_INVALID', message, { advice });
    }
    log({ level: 'warn', event: 'mirror.column-missing', fields: { table, column: name } });
  }
}

/** The columns of a table now. */
export async function readPlan(
  name: string,
  choice: TableChoice,
  connection: Connection,
): Promise<TablePlan> {
  const { table } = await loadTable(connection, name);
  const metadata = await connection.queryChecker.source.getTable(table.logicalName);
  if (metadata === undefined)
    throw new ConnectorError('INPUT_INVALID', `The organization has no table "${name}".`);
  return planTable(metadata, choice, findTableByName(connection.definition.tables, table.logicalName));
}

/** A text that differs if columns, their types or their labels do. */
export function fingerprintOf(plan: TablePlan): string {
  return JSON.stringify(plan);
}

/** A view that a user made can use ours, which then stays as it is. */
async function createView(store: TableStore, { log }: Pick<OpenTableOptions, 'log'>): Promise<void> {
  try {
    await store.createView();
  } catch (error) {
    if (!(error instanceof ConnectorError)) throw error;
    log({ level: 'warn', event: 'mirror.view-kept', fields: { table: store.plan.table, code: error.code } });
  }
}

function createReaders(
  { connection, limits, signal }: OpenTableOptions,
  table: TableContext['table'],
  pages: PageLimit,
): TableReaders {
  const purpose = { operation: 'mirror', requestId: connection.services.uuid(), signal };
  const reader = (pageSize: number) =>
    createRowReader(connection, table, purpose, { withoutTexts: true, isStrict: true, pageSize });
  return {
    load: readAhead(withPageLimit(reader(pages.rows), pages)),
    firstWalk: readAhead(reader(limits.keyPageSize)),
    keys: reader(limits.keyPageSize),
    changes: withPageLimit(reader(pages.rows), pages),
  };
}
