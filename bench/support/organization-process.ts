/**
 * A fast organization for `bench/worker.ts`, in its own process: it answers the reads of feeds from memory. Each
 * connection has a port of its own, and ten tables. Rows that never changed are not in memory.
 */
import { once } from 'node:events';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';

/** The first message of the benchmark. */
export interface BenchOrganizationOptions {
  readonly tables: readonly BenchTable[];
  readonly connections: number;
  readonly rowsPerTable: number;
  /** Values of the owner column. */
  readonly owners: readonly string[];
  /** Rows that change in a minute, in all tables of all connections. */
  readonly changesPerMinute: number;
}

/** A table as its requests and rows name it. */
export interface BenchTable {
  readonly entitySet: string;
  readonly key: string;
  /** The column of a name or a subject. */
  readonly textColumn?: string;
}

interface ChangedRow {
  readonly id: string;
  readonly version: number;
  readonly modifiedMs: number;
  readonly ownerId: string;
}

/** All rows are created this long ago, before the overlap of the feeds. */
const ageMs = 86_400_000;
const oldVersion = 1000;

async function run(options: BenchOrganizationOptions): Promise<void> {
  const { tables, connections, rowsPerTable, owners, changesPerMinute } = options;
  /** For each connection and table: the changed rows, the newest last. */
  const changed = Array.from({ length: connections }, () => tables.map(() => new Map<string, ChangedRow>()));
  let version = oldVersion + rowsPerTable;
  const change = () => {
    const connection = pick(connections);
    const table = pick(tables.length);
    const id = rowId({ connection, table, row: pick(rowsPerTable) });
    const rows = changed[connection]?.[table];
    rows?.delete(id);
    version += 1;
    rows?.set(id, { id, version, modifiedMs: Date.now(), ownerId: owners[pick(owners.length)] ?? '' });
  };
  setInterval(change, 60_000 / changesPerMinute);
  const ports = Array.from({ length: connections }, (_, connection) =>
    listen((url) => respond(url, { options, connection, changed: changed[connection] ?? [] })),
  );
  process.send?.(await Promise.all(ports));
}

function pick(count: number): number {
  return Math.floor(Math.random() * count);
}

function rowId({ connection, table, row }: { connection: number; table: number; row: number }): string {
  const hex = (value: number, length: number) => value.toString(16).padStart(length, '0');
  return `${hex(connection, 8)}-${hex(table, 4)}-4000-8000-${hex(row, 12)}`;
}

interface ConnectionRows {
  readonly options: BenchOrganizationOptions;
  readonly connection: number;
  readonly changed: readonly ReadonlyMap<string, ChangedRow>[];
}

function respond(url: string, { options, connection, changed }: ConnectionRows): string {
  if (url.endsWith('/WhoAmI')) return JSON.stringify(whoAmI(connection));
  const { pathname, searchParams } = new URL(url, 'http://localhost');
  const table = options.tables.findIndex(({ entitySet }) => pathname.endsWith(`/${entitySet}`));
  const format = options.tables[table];
  if (format === undefined) throw new Error(`Unexpected request: ${url}`);
  const newest = [...(changed[table]?.values() ?? [])];
  const filter = searchParams.get('$filter') ?? '';
  const orderBy = searchParams.get('$orderby') ?? '';
  if (orderBy.includes('desc')) return toPage(format, newest.slice(-1));
  if (filter === '') return toPage(format, oldRows({ options, connection, table }, changed[table]));
  const [, minVersion] = /versionnumber gt (\d+)/.exec(filter) ?? [];
  if (minVersion !== undefined)
    return toPage(
      format,
      newest.filter((row) => row.version > Number(minVersion)),
    );
  const isAsked = ({ id }: ChangedRow) => filter.includes(id);
  return toPage(format, filter.includes('modifiedon') ? newest : newest.filter(isAsked));
}

/** All rows, for a walk over the table. */
function oldRows(
  { options, connection, table }: Pick<ConnectionRows, 'options' | 'connection'> & { readonly table: number },
  changed: ReadonlyMap<string, ChangedRow> | undefined,
): readonly ChangedRow[] {
  return Array.from({ length: options.rowsPerTable }, (_, row) => {
    const id = rowId({ connection, table, row });
    const old = { id, version: oldVersion + row, modifiedMs: Date.now() - ageMs };
    return changed?.get(id) ?? { ...old, ownerId: options.owners[row % options.owners.length] ?? '' };
  });
}

function toPage({ key, textColumn }: BenchTable, rows: readonly ChangedRow[]): string {
  const value = rows.map(({ id, version, modifiedMs, ownerId }) => ({
    '@odata.etag': `W/"${version}"`,
    [key]: id,
    ...(textColumn !== undefined && { [textColumn]: 'A row of the benchmark' }),
    statecode: version % 2,
    createdon: toTime(Date.now() - ageMs),
    modifiedon: toTime(modifiedMs),
    versionnumber: version,
    _ownerid_value: ownerId,
  }));
  return JSON.stringify({ value });
}

const toTime = (ms: number) => new Date(ms).toISOString().replace(/\.\d+Z$/, 'Z');

function whoAmI(connection: number) {
  const id = rowId({ connection, table: 0xffff, row: 0 });
  return { UserId: id, BusinessUnitId: id, OrganizationId: id };
}

async function listen(respondTo: (url: string) => string): Promise<string> {
  const server = createServer((request, response) => {
    response.writeHead(200, { 'content-type': 'application/json; odata.metadata=minimal' });
    response.end(respondTo(request.url ?? ''));
  });
  server.keepAliveTimeout = 120_000;
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  return `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
}

process.once('message', (options: BenchOrganizationOptions) => void run(options));
process.on('disconnect', () => process.exit());
