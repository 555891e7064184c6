import { ConnectorError } from 'dynamics365-connector';
import { findTableByName, type PollPage, type RowFacts, type WireRow } from 'dynamics365-connector/host';
import type { MirrorLoop } from './mirror-loop.ts';
import type { MirrorOptions } from './mirror-options.ts';
import { withMirror } from './run-mirror.ts';
import { toKeyFacts } from './table/key-facts.ts';
import { untilPagesFit } from './table/page-limit.ts';
import { isKnown } from './table/read-changes.ts';
import {
  chunksOf,
  idOf,
  readRows,
  selectKeysOf,
  selectOf,
  type TableContext,
} from './table/table-context.ts';
import type { TableState } from './table/table-state.ts';

/** What is compared. */
export interface VerifyOptions {
  /** Rows that differ are read again and written. */
  readonly repair: boolean;
  /** Every cell is compared, which reads all rows of the organization. */
  readonly cells: boolean;
  /** Only this table of the file. */
  readonly onlyTable?: string;
}

/** How a table of the target differs from the organization. */
export interface TableDifferences {
  readonly table: string;
  /** Rows of the organization that were compared. */
  readonly compared: number;
  /** Rows that the target lacks. */
  readonly missing: number;
  /** Rows that only the target has. */
  readonly extra: number;
  /** Rows with another version, or with cells that were changed in the target. */
  readonly wrong: number;
  readonly repaired: number;
}

/** Rows that are read again at a time. */
const rowsPerCheck = 500;

/**
 * Compares a target with the organization: the keys and versions of all rows, and each stored row with its hash, so that a
 * cell that was changed in the target is found without reading it from the organization. With `cells`, all rows are read.
 * Changes up to now are applied before; rows that change meanwhile are compared again.
 *
 * @throws SETTING_INVALID while a mirror writes to the target
 */
export async function verifyMirror(
  options: MirrorOptions,
  verify: VerifyOptions,
  signal: AbortSignal,
): Promise<readonly TableDifferences[]> {
  const tables = chooseTables(options, verify.onlyTable);
  return await withMirror({ ...options, tables }, signal, async (loop) => {
    await loop.open();
    await loop.runOnce(signal);
    const found: TableDifferences[] = [];
    for (const table of loop.tables) {
      const { opened } = table;
      if (opened !== undefined)
        found.push(await verifyTable(loop, table, { ...verify, context: opened.context }));
    }
    return found;
  });
}

/** The table can have any of its names: `case` or `incident`. */
function chooseTables(
  { tables, connection }: MirrorOptions,
  only: string | undefined,
): MirrorOptions['tables'] {
  if (only === undefined) return tables;
  const toLogicalName = (name: string) =>
    findTableByName(connection.definition.tables, name)?.logicalName ?? name;
  const chosen = [...tables].filter(([name]) => toLogicalName(name) === toLogicalName(only));
  if (chosen.length > 0) return new Map(chosen);
  throw new ConnectorError('INPUT_INVALID', `The mirror has no table "${only}".`, {
    advice: `Use one of: ${[...tables.keys()].join(', ')}.`,
  });
}

type LoopTable = MirrorLoop['tables'][number];
type VerifyContext = VerifyOptions & { readonly context: TableContext };

async function verifyTable(
  loop: MirrorLoop,
  table: LoopTable,
  options: VerifyContext,
): Promise<TableDifferences> {
  const { context, repair } = options;
  const state = await requireState(context);
  await context.store.write({ state, clearSeen: true });
  const { compared, differing } = await untilPagesFit(context.pages, () => comparePages(options, state));
  for (const id of await context.store.damaged(state.load)) differing.add(id);
  // What changed during the walk is applied by a turn, and is no difference.
  await loop.takeTurn(table);
  const counts = { missing: 0, extra: 0, wrong: 0, repaired: 0 };
  const ids = [...differing, ...(await unseenIds(context))];
  for (const part of chunksOf(ids, rowsPerCheck)) {
    const { missing, extra, wrong } = await compareTwice(loop, table, { context, ids: part });
    counts.missing += missing.length;
    counts.extra += extra.length;
    counts.wrong += wrong.length;
    if (!repair) continue;
    await repairRows(context, { deleted: extra, ids: [...missing, ...wrong] });
    counts.repaired += missing.length + extra.length + wrong.length;
  }
  await context.store.write({ state: await requireState(context), clearSeen: true });
  return { table: context.table.logicalName, compared, ...counts };
}

async function requireState({ store, table }: TableContext): Promise<TableState> {
  const state = await store.loadState();
  if (state === undefined)
    throw new ConnectorError('STORE_FAILED', `The target has no state of ${table.logicalName}.`);
  return state;
}

/** Walks over all rows: their keys and versions, or all of their cells. */
async function comparePages(
  { context, cells }: VerifyContext,
  state: TableState,
): Promise<{ readonly compared: number; readonly differing: Set<string> }> {
  const { store, table, readers, limits } = context;
  const reader = cells ? readers.load : readers.keys;
  const query = {
    select: cells ? selectOf(context) : selectKeysOf(context),
    orderBy: `${table.key} asc`,
    pageSize: cells ? limits.pageSize : limits.keyPageSize,
  };
  const differing = new Set<string>();
  let compared = 0;
  for (let page = await reader.read(query); ; page = await reader.next(page.nextLink)) {
    compared += page.rows.length;
    for (const id of await findDiffering(context, page, { cells, load: state.load })) differing.add(id);
    const seen = page.rows.flatMap((row) => idOf(row, table) ?? []);
    await store.write({ state, seen });
    if (page.nextLink === undefined) return { compared, differing };
  }
}

async function findDiffering(
  { store, table }: TableContext,
  { rows }: PollPage,
  { cells, load }: { readonly cells: boolean; readonly load: number },
): Promise<readonly string[]> {
  if (cells) return await store.differing(rows);
  const facts = rows.flatMap((row) => toKeyFacts(row, table) ?? []);
  const known = await store.versionsOf(facts.map(({ id }) => id));
  return facts.filter((each) => !isKnown(each, known, load)).map(({ id }) => id);
}

async function unseenIds({ store }: TableContext): Promise<readonly string[]> {
  const found: string[] = [];
  for (let after = '00000000-0000-0000-0000-000000000000'; ; after = found.at(-1) ?? after) {
    const ids = await store.unseen(after, rowsPerCheck);
    found.push(...ids);
    if (ids.length < rowsPerCheck) return found;
  }
}

/** A row that was changed or deleted just now does not differ any more after another turn. */
async function compareTwice(
  loop: MirrorLoop,
  table: LoopTable,
  { context, ids }: { readonly context: TableContext; readonly ids: readonly string[] },
): Promise<RowDifferences> {
  const compare = (some: readonly string[]) => untilPagesFit(context.pages, () => compareRows(context, some));
  const first = await compare(ids);
  const differing = [...first.missing, ...first.extra, ...first.wrong];
  if (differing.length === 0) return first;
  await loop.takeTurn(table);
  return await compare(differing);
}

interface RowDifferences {
  readonly missing: readonly string[];
  readonly extra: readonly string[];
  readonly wrong: readonly string[];
}

/** Reads rows of the organization now, and says how the target differs in them. Rows that are newer than the last turn do not count. */
async function compareRows(context: TableContext, ids: readonly string[]): Promise<RowDifferences> {
  const { store } = context;
  const { load, cursor, newestRead } = await requireState(context);
  const found = await readRows(context, ids);
  const known = await store.versionsOf(ids);
  const isNewer = ({ version }: RowFacts) => cursor.watermark !== undefined && version > newestRead;
  const rows = [...found.values()].filter((facts) => !isNewer(facts));
  const differing = new Set(await store.differing(rows.map(({ row }) => row)));
  const present = rows.filter(({ id }) => known.has(id));
  return {
    missing: rows.filter(({ id }) => !known.has(id)).map(({ id }) => id),
    extra: [...known.keys()].filter((id) => !found.has(id)),
    wrong: present
      .filter((facts) => differing.has(facts.id) || !isKnown(facts, known, load))
      .map(({ id }) => id),
  };
}

/** The rows are removed and written again, because a row with the right hash and wrong cells would stay. */
async function repairRows(
  context: TableContext,
  { deleted, ids }: { readonly deleted: readonly string[]; readonly ids: readonly string[] },
): Promise<void> {
  const state = await requireState(context);
  const found = await untilPagesFit(context.pages, () => readRows(context, ids));
  const rows: readonly WireRow[] = [...found.values()].map(({ row }) => row);
  await context.store.write({ state, deleted });
  await context.store.write({ state, rows, isForced: true });
}
