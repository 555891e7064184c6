import { readFile } from 'node:fs/promises';
import {
  ConnectorError,
  type JsonObject,
  loadConnector,
  type QueryReport,
  type QueryRequest,
} from 'dynamics365-connector';
import { createQueryChecker, printDiagnostics } from 'dynamics365-connector/authoring';
import { omitEtag, omitUndefined, readFormattedValue, runtimeOf } from 'dynamics365-connector/host';
import { openClient } from '../open-client.ts';
import { createRowPrinter } from '../print-rows.ts';
import { readSnapshotFile } from '../read-snapshot-file.ts';
import { rowColumnsOf } from '../row-columns.ts';
import type { Terminal } from '../terminal.ts';
import type { CommandContext, RowOptions } from './command-context.ts';

interface QueryCommandOptions extends RowOptions {
  readonly filter?: string;
  readonly select?: string;
  readonly orderby?: string;
  readonly expand?: string;
  readonly top?: string;
  readonly fetchxml?: string;
  readonly check?: boolean;
  readonly metadata?: string;
}

const defaultMaxRows = 50;

/** `d365 query <table>`: prints the diagnostics of a query, its correction, and its rows. */
export default async function query({ terminal, args, options }: CommandContext<QueryCommandOptions>) {
  const [table = ''] = args;
  const request = await toQueryRequest(table, options);
  if (options.metadata !== undefined) {
    const { definition } = runtimeOf(await loadConnector({ manifest: options.manifest }));
    const checker = createQueryChecker(definition, await readSnapshotFile(options.metadata));
    return printReport(terminal, request, await checker.check(request)) === undefined ? 2 : 0;
  }
  const { client } = await openClient(options);
  const report = await terminal.withSpinner('checking', () => client.checkQuery(request));
  const runnable = printReport(terminal, request, report);
  if (runnable === undefined) return 2;
  if (!options.check) await printPages(terminal, client.query(runnable), options);
  return 0;
}

async function toQueryRequest(table: string, options: QueryCommandOptions): Promise<QueryRequest> {
  const { filter, select, orderby: orderBy, expand, top, fetchxml } = options;
  const fetchXml = fetchxml?.startsWith('@') ? await readFile(fetchxml.slice(1), 'utf8') : fetchxml;
  if (fetchXml !== undefined) return { table, fetchXml };
  if (top !== undefined && !/^[1-9]\d*$/.test(top)) {
    throw new ConnectorError('INPUT_INVALID', `--top must be a positive whole number, not "${top}".`);
  }
  return omitUndefined({ table, filter, select, orderBy, expand });
}

/** Prints the report of a check. Returns the query to run; undefined if it has errors and no correction. */
function printReport(
  terminal: Terminal,
  request: QueryRequest,
  { diagnostics, corrected, against }: QueryReport,
): QueryRequest | undefined {
  if (diagnostics.length > 0)
    terminal.printNote(printDiagnostics(diagnostics, terminal.json ? 'json' : 'text'));
  if (against === 'syntax') terminal.printNote('The tables cannot be read: only the syntax is checked.');
  if (corrected !== undefined)
    for (const line of formatQuery(corrected)) terminal.printNote(terminal.style('green', line));
  const hasErrors = diagnostics.some(({ severity }) => severity === 'error');
  return corrected ?? (hasErrors ? undefined : request);
}

/** The query with one line for each part. */
function formatQuery({ table, ...parts }: QueryRequest): readonly string[] {
  return [`${table}:`, ...Object.entries(parts).map(([name, value]) => `  ${name.padEnd(8)} ${value}`)];
}

/** Prints up to `--top` rows. */
async function printPages(
  terminal: Terminal,
  pages: AsyncIterable<readonly JsonObject[]>,
  { top, columns, csv = false }: QueryCommandOptions,
): Promise<void> {
  const max = Number(top ?? defaultMaxRows);
  const rows: JsonObject[] = [];
  let hasMore = false;
  for await (const page of pages) {
    rows.push(...page.map(omitEtag));
    hasMore = rows.length > max;
    if (hasMore) break;
  }
  const printed = rows.slice(0, max);
  const printer = createRowPrinter(terminal, { columns: rowColumnsOf(undefined, columns), csv });
  printer.add(terminal.json ? printed : printed.map(toDisplayRow));
  printer.end();
  if (hasMore) terminal.printNote(`There are more rows. To print more, use --top ${max * 10}.`);
}

/** A row with formatted values instead of raw ones, without annotations. */
function toDisplayRow(row: JsonObject): JsonObject {
  const columns = Object.entries(row).filter(([name]) => !name.includes('@'));
  return Object.fromEntries(columns.map(([name, value]) => [name, readFormattedValue(row, name) ?? value]));
}
