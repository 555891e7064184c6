import type { Clock } from 'dynamics365-connector';
import { parseState, type TableState } from './table/table-state.ts';
import { createLayout, layoutTables } from './target/layout.ts';
import type { MirrorTarget } from './target/target.ts';
import { quoteName } from './target/target.ts';

/** The state of one table of a mirror. */
export interface TableStatus {
  readonly table: string;
  readonly phase: TableState['phase'];
  /** The rows in the target that are not deleted. */
  readonly rows: number;
  readonly loaded: number;
  readonly expected?: number;
  /** Milliseconds since changes were read: what was committed before is in the target. */
  readonly readAgoMs: number;
  /** When the keys of all rows were compared last. */
  readonly comparedAgoMs?: number;
  /** Whether mirror.yaml lists the table, as the last run has read it. */
  readonly isListed: boolean;
  /** What the mirror cannot promise, in a sentence. */
  readonly notes: readonly string[];
  /** Columns that the organization lacks now; their cells stay. */
  readonly goneColumns: readonly string[];
  readonly restores: number;
}

/** Reads the state of all tables of a target. No request is sent, and a running mirror is not disturbed. */
export async function readMirrorStatus(
  target: MirrorTarget,
  clock: Pick<Clock, 'now'>,
): Promise<readonly TableStatus[]> {
  await createLayout(target);
  const { dialect } = target;
  const states = await target.query<{ readonly table_name: string; readonly state: string }>(
    `SELECT table_name, state FROM ${dialect.tableName(layoutTables.table)} ORDER BY table_name`,
  );
  const result: TableStatus[] = [];
  for (const { table_name: table, state } of states)
    result.push(await toStatus(target, table, { state: parseState(table, state), nowMs: clock.now() }));
  return result;
}

async function toStatus(
  target: MirrorTarget,
  table: string,
  { state, nowMs }: { readonly state: TableState; readonly nowMs: number },
): Promise<TableStatus> {
  const { dialect } = target;
  const [count] = await target.query<{ readonly count: number | string | bigint }>(
    `SELECT count(*) AS count FROM ${dialect.tableName(table)} WHERE ${quoteName('_deleted_at')} IS NULL`,
  );
  const gone = await target.query<{ readonly column_name: string }>(
    `SELECT column_name FROM ${dialect.tableName(layoutTables.column)} WHERE table_name = $1 AND gone_at IS NOT NULL`,
    [table],
  );
  const { phase, loaded, expected, walkedAtMs, restores } = state;
  return {
    ...{ table, phase, loaded, restores },
    ...(expected !== undefined && { expected }),
    rows: Number(count?.count ?? 0),
    readAgoMs: Math.max(0, nowMs - state.readAtMs),
    ...(walkedAtMs !== undefined && { comparedAgoMs: Math.max(0, nowMs - walkedAtMs) }),
    isListed: state.isUnlisted !== true,
    notes: notesOf(state),
    goneColumns: gone.map(({ column_name: name }) => name),
  };
}

function notesOf({ untracked, phase, links, isUnlisted }: TableState): readonly string[] {
  if (isUnlisted === true) return ['It is not in mirror.yaml any more: its rows stay as they are.'];
  const notes: string[] = [];
  if (untracked !== undefined)
    notes.push(`Deletions are only found when keys are compared, up to a day late: ${untracked}.`);
  if (phase === 'load') notes.push('Rows are being loaded: the table is not complete yet.');
  if (phase === 'compare')
    notes.push('Keys are being compared: rows that were deleted meanwhile may still be there.');
  if (phase === 'follow' && untracked === undefined && links === undefined)
    notes.push(
      'The link to deletions has expired: until all keys are compared, deleted rows may still be there.',
    );
  return notes;
}
