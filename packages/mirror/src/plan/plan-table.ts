import type { MetadataColumn, MetadataTable } from 'dynamics365-connector';
import { ConnectorError } from 'dynamics365-connector';
import { suggest, type Table, toWireName } from 'dynamics365-connector/host';
import type { MirrorColumn, MirrorType, TablePlan } from './mirror-column.ts';

/** What mirror.yaml says about a table. */
export interface TableChoice {
  /** Names of columns: ours, or logical ones. Default: all columns. */
  readonly columns?: readonly string[];
  readonly deletes?: 'apply' | 'keep';
  /** How long deleted rows are kept. Default: for ever. */
  readonly keepDeletedMs?: number;
}

/** The columns without which a table cannot be followed; a table may lack one of the last two. */
const followedColumns = ['versionnumber', 'modifiedon'];

/**
 * What is mirrored of a table, by its metadata.
 *
 * @param ownTable our table schema, whose names the chosen columns can have
 * @throws SETTING_INVALID if the table cannot be followed
 */
export function planTable(table: MetadataTable, choice: TableChoice, ownTable: Table | undefined): TablePlan {
  const columns = table.columns.filter(isMirrored);
  const names = columns.map(({ name }) => name);
  if (!names.includes(followedColumns[1] ?? '')) {
    const message = `The table ${table.name} has no column modifiedon, so its changes cannot be followed.`;
    throw new ConnectorError('SETTING_INVALID', message, { advice: 'Remove it from mirror.yaml.' });
  }
  const chosen = choice.columns?.map((written) => ({ written, name: logicalNameOf(written, ownTable) }));
  const chosenNames = chosen?.map(({ name }) => name);
  const selected =
    chosenNames === undefined
      ? columns
      : columns.filter(({ name }) => isSelected(name, table.key, chosenNames));
  const known = new Set([...names, ...(ownTable?.columns.map(({ name }) => name) ?? [])]);
  return {
    table: table.name,
    key: table.key,
    columns: withUniqueNames(selected.flatMap(toMirrorColumns)),
    deletes: choice.deletes ?? 'apply',
    missing: (chosen ?? [])
      .filter(({ name }) => !names.includes(name))
      .map(({ written, name }) => {
        const [suggestion] = suggest(written, known, 1);
        return { name: written, logicalName: name, ...(suggestion !== undefined && { suggestion }) };
      }),
  };
}

function logicalNameOf(written: string, ownTable: Table | undefined): string {
  return ownTable?.columns.find(({ name }) => name === written)?.logicalName ?? written;
}

function isSelected(name: string, key: string, chosen: readonly string[]): boolean {
  return name === key || followedColumns.includes(name) || chosen.includes(name);
}

/** Images are only read when they are asked for; people of activities are rows of another table. */
function isMirrored({ type }: MetadataColumn): boolean {
  return type !== 'other' && type !== 'parties' && type !== 'image';
}

const types: Readonly<Record<string, MirrorType>> = {
  string: 'text',
  uuid: 'uuid',
  file: 'uuid',
  integer: 'integer',
  bigint: 'bigint',
  decimal: 'decimal',
  boolean: 'boolean',
  date: 'date',
  choice: 'integer',
  choices: 'choices',
  lookup: 'uuid',
};

function toMirrorColumns(column: MetadataColumn): readonly MirrorColumn[] {
  const { name, type, choices, targets = [] } = column;
  const wireName = toWireName({ name, type });
  if (type === 'lookup') {
    const onlyTable = targets.length === 1 ? targets[0] : undefined;
    const table = { name: `${name}_table`, source: `${name}/table`, wireName, type: 'text' as const };
    return [
      { name, source: name, wireName, type: 'uuid' },
      { ...table, lookup: { onlyTable } },
    ];
  }
  const labels = choices?.map(({ value, label }) => ({ value, label }));
  return [{ name, source: name, wireName, type: mirrorType(column), ...(labels && { labels }) }];
}

function mirrorType({ type, timeZoneIndependent }: MetadataColumn): MirrorType {
  if (type === 'date-time') return timeZoneIndependent === true ? 'local-timestamp' : 'timestamp';
  return types[type] ?? 'text';
}

/** PostgreSQL cuts longer names. */
const maxNameLength = 63;

/** Names that differ within the length that every target keeps. Real columns keep their names. */
function withUniqueNames(columns: readonly MirrorColumn[]): readonly MirrorColumn[] {
  const used = new Set(columns.filter(({ lookup }) => lookup === undefined).map(({ name }) => name));
  return columns.map((column) => {
    if (column.lookup === undefined && column.name.length <= maxNameLength) return column;
    let name = column.name.slice(0, maxNameLength);
    for (let number = 2; used.has(name); number++)
      name = `${column.name.slice(0, maxNameLength - 4)}__${number}`;
    used.add(name);
    return { ...column, name };
  });
}
