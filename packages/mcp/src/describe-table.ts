import {
  ConnectorError,
  type JsonObject,
  type MetadataColumn,
  type MetadataTable,
} from 'dynamics365-connector';
import { findTableByName, runtimeOf, suggest, type Table } from 'dynamics365-connector/host';
import type { McpServerConfig } from './mcp-server-config.ts';

const maxAnswerLength = 3800;
const maxTables = 100;

/**
 * Describes a table of the organization, custom columns included: one line for each column, with our name, its type and
 * its choices. Without a table, the names of the tables that contain the search text.
 */
export async function describeTable(
  { connector, client }: McpServerConfig,
  { table, search = '' }: { readonly table?: string; readonly search?: string },
): Promise<JsonObject> {
  const { metadata } = client;
  // A column that was added a moment ago is in the answer.
  await metadata.revalidate?.();
  const { tables } = runtimeOf(connector).definition;
  if (table === undefined) return await listTables(metadata, tables, search);
  const own = Object.hasOwn(tables, table) ? tables[table] : findTableByName(tables, table);
  const found = await metadata.getTable(own?.logicalName ?? table);
  if (found === undefined) throw await unknownTable(metadata, tables, table);
  return toTableText(found, own ?? findTableByName(tables, found.name), search.toLowerCase());
}

type Tables = Readonly<Record<string, Table>>;

async function listTables(
  metadata: McpServerConfig['client']['metadata'],
  own: Tables,
  search: string,
): Promise<JsonObject> {
  const all = (await metadata.listTables()).map(({ name }) => name).filter((name) => name.includes(search));
  const names = search === '' ? Object.keys(own) : all;
  return { tables: names.slice(0, maxTables), total: all.length };
}

async function unknownTable(
  metadata: McpServerConfig['client']['metadata'],
  own: Tables,
  written: string,
): Promise<ConnectorError> {
  const names = [...Object.keys(own), ...(await metadata.listTables()).map(({ name }) => name)];
  const suggestions = [...tablesCalled(own, written), ...suggest(written, names)];
  const near = suggestions.length > 0 ? ` Did you mean ${suggestions.join(' or ')}?` : '';
  return new ConnectorError('INPUT_INVALID', `The organization has no table "${written}".${near}`, {
    suggestions,
    advice: 'Call describe_table with a part of the name as search.',
  });
}

/** Our tables that people call by a word or its plural: `case` for "tickets". */
function tablesCalled(own: Tables, word: string): readonly string[] {
  const wanted = word.toLowerCase();
  const isCalled = (name: string) => [name, `${name}s`].includes(wanted);
  return Object.values(own).flatMap(({ name, keywords = [] }) => (keywords.some(isCalled) ? [name] : []));
}

function toTableText(found: MetadataTable, own: Table | undefined, search: string): JsonObject {
  const ours = new Map(own?.columns.map(({ name, logicalName }) => [logicalName, name]));
  const lines = found.columns
    .filter(({ type }) => type !== 'other')
    .toSorted((a, b) => rankOf(a, ours) - rankOf(b, ours))
    .map((column) => columnLine(column, ours.get(column.name)))
    .filter((line) => line.toLowerCase().includes(search));
  const shown: string[] = [];
  let left = maxAnswerLength;
  for (const line of lines) {
    left -= JSON.stringify(line).length + 1;
    if (left < 0) break;
    shown.push(line);
  }
  const more = lines.length - shown.length;
  return {
    table: own?.name ?? found.name,
    logicalName: found.name,
    key: found.key,
    columns: shown,
    ...(more > 0 ? { more: `${more} more columns: find them with search` } : {}),
  };
}

/** Required columns and those with our names are asked for first. */
function rankOf(column: MetadataColumn, ours: ReadonlyMap<string, string>): number {
  if (column.requiredLevel === 'required') return 0;
  return ours.has(column.name) ? 1 : 2;
}

const maxChoices = 20;

/** `priority (prioritycode): choice 1 High|2 Normal|3 Low` */
function columnLine(column: MetadataColumn, ourName: string | undefined): string {
  const { name, type, choices = [], targets = [], requiredLevel, creatable, updatable } = column;
  const label = ourName === undefined || ourName === name ? name : `${ourName} (${name})`;
  const listed = choices.slice(0, maxChoices).map(({ value, label: text }) => `${value} ${text}`);
  const values = type === 'lookup' ? targets.join('|') : listed.join('|');
  const marks = [
    ...(requiredLevel === 'required' ? ['required'] : []),
    ...(creatable === false && updatable === false ? ['read-only'] : []),
  ];
  return `${label}: ${[type, values, ...marks].filter(Boolean).join(' ')}`;
}
