import { readFile } from 'node:fs/promises';
import {
  ConnectorError,
  type JsonObject,
  loadConnector,
  type QueryReport,
  type QueryRequest,
} from 'dynamics365-connector';
import { createQueryChecker, printDiagnostics } from 'dynamics365-connector/authoring';
import { openClient } from '../open-client.ts';
import { printRows } from '../print-rows.ts';
import { readSnapshotFile } from '../read-snapshot-file.ts';
import type { Terminal } from '../terminal.ts';
import type { CommandContext } from './command-context.ts';

interface QueryCommandOptions {
  readonly filter?: string;
  readonly select?: string;
  readonly orderby?: string;
  readonly expand?: string;
  readonly top?: string;
  readonly fetchxml?: string;
  readonly check?: boolean;
  readonly metadata?: string;
}

/** `d365 query <table>`: what is wrong with a query, the query as it should be, and its rows. */
export default async function query({ terminal, args, options }: CommandContext<QueryCommandOptions>) {
  const request = await toQueryRequest(args[0] ?? '', options);
  if (options.metadata !== undefined) {
    const { definition } = await loadConnector({ folder: options.manifest });
    const checker = createQueryChecker(definition, await readSnapshotFile(options.metadata));
    return isRunnable(printReport(terminal, request, await checker.check(request))) ? 0 : 2;
  }
  const { client } = await openClient(options);
  const found = await terminal.withSpinner('checking', () => client.checkQuery(request));
  const runnable = printReport(terminal, request, found);
  if (!isRunnable(runnable)) return 2;
  if (!options.check) await printPages(terminal, client.query(runnable), Number(options.top ?? 50));
  return 0;
}

async function toQueryRequest(table: string, options: QueryCommandOptions): Promise<QueryRequest> {
  const { filter, select, orderby: orderBy, expand, top, fetchxml } = options;
  const fetchXml = fetchxml?.startsWith('@') ? await readFile(fetchxml.slice(1), 'utf8') : fetchxml;
  if (fetchXml !== undefined) return { table, fetchXml };
  if (top !== undefined && !/^[1-9]\d*$/.test(top)) {
    throw new ConnectorError('INPUT_INVALID', `--top takes a whole number, not "${top}".`);
  }
  const given = { filter, select, orderBy, expand };
  const texts = Object.entries(given).filter((entry): entry is [string, string] => entry[1] !== undefined);
  return { table, ...Object.fromEntries(texts) };
}

/** Prints what was found; answers the query to run, or undefined when it would be refused. */
function printReport(
  terminal: Terminal,
  request: QueryRequest,
  found: QueryReport,
): QueryRequest | undefined {
  const { diagnostics, corrected, against } = found;
  if (diagnostics.length > 0)
    terminal.printNote(printDiagnostics(diagnostics, terminal.json ? 'json' : 'text'));
  if (against === 'syntax') terminal.printNote('The tables could not be read: only the syntax was checked.');
  if (corrected !== undefined)
    for (const line of formatQuery(corrected)) terminal.printNote(terminal.style('green', line));
  const refused = diagnostics.some(({ severity }) => severity === 'error');
  return corrected ?? (refused ? undefined : request);
}

function isRunnable(request: QueryRequest | undefined): request is QueryRequest {
  return request !== undefined;
}

/** The query as a person would type it. */
function formatQuery({ table, ...parts }: QueryRequest): readonly string[] {
  return [`${table}:`, ...Object.entries(parts).map(([name, value]) => `  ${name.padEnd(8)} ${value}`)];
}

/** Rows up to a number; the rest of the last page is not shown. */
async function printPages(
  terminal: Terminal,
  pages: AsyncIterable<readonly JsonObject[]>,
  max: number,
): Promise<void> {
  const rows: JsonObject[] = [];
  let more = false;
  for await (const page of pages) {
    rows.push(...page.map(withoutEtag));
    more = rows.length > max;
    if (more) break;
  }
  const shown = rows.slice(0, max);
  if (terminal.json) for (const row of shown) terminal.print(JSON.stringify(row));
  else printRows(terminal, shown.map(toDisplayRow));
  if (more) terminal.printNote(`There is more: --top ${max * 10} shows it.`);
}

function withoutEtag({ '@odata.etag': _, ...row }: JsonObject): JsonObject {
  return row;
}

/** People read labels: a formatted value takes the place of its raw one. */
function toDisplayRow(row: JsonObject): JsonObject {
  const label = (name: string) => row[`${name}@OData.Community.Display.V1.FormattedValue`];
  const plain = Object.entries(row).filter(([name]) => !name.includes('@'));
  return Object.fromEntries(plain.map(([name, value]) => [name, label(name) ?? value]));
}
