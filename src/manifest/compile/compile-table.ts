import { suggest } from '../../errors/suggest.ts';
import { omitUndefined } from '../../model/omit-undefined.ts';
import {
  type ActivityParties,
  type Collection,
  type ColumnType,
  customColumnsName,
  expandedName,
  type Table,
  type TableColumn,
} from '../../model/table.ts';
import { toWireName } from '../../odata/wire-name.ts';
import { originOf } from '../read/manifest-package.ts';
import type { MergedColumn } from '../read/merge-column.ts';
import type { MergedTable } from '../read/merge-tables.ts';
import type { SourceNode } from '../read/source-node.ts';
import type { PropertyYaml, TableFileYaml, TableYaml } from '../read/yaml-types.ts';
import { allDefined } from './all-defined.ts';
import { customColumnsOutput, expandedOutput } from './compile-column-inputs.ts';
import type { CompileContext, CompiledTable, TableInfo } from './compile-context.ts';
import { checkRequired, compileProperty } from './compile-property.ts';
import type { CompiledProperty } from './compiled-property.ts';
import { requireKey } from './require-key.ts';
import { findTableInfo } from './resolve-refs.ts';

/** The facts about a table that other files need. */
export function toTableInfo(yaml: TableYaml): TableInfo {
  const { name: logicalName, ...facts } = yaml['x-table'];
  return { title: yaml.title, logicalName, ...facts };
}

/** Compiles a table; undefined if it has errors. */
export function compileTable(merged: MergedTable, context: CompileContext): CompiledTable | undefined {
  const { yaml, node } = merged;
  const collections = compileCollections(merged, context);
  const compiled = allDefined(
    columnsOf(merged).map(([column, { yaml: columnYaml, node: at, layer: origin }]) => {
      const property = compileProperty(columnYaml, at, context);
      if (property?.type.kind === 'parties') return { property, name: column, yaml: columnYaml };
      const facts = property && compileColumn(column, columnYaml, property, at);
      const required = yaml.required.includes(column);
      const from = originOf(origin);
      return facts && { property, name: column, column: omitUndefined({ ...facts, required, from }) };
    }),
  );
  const names = checkNames(merged);
  if (compiled === undefined || collections === undefined || !names) return undefined;
  const columns = compiled.flatMap(({ column }) => column ?? []);
  if (!checkKey(yaml, columns, node) || !checkWireNames(columns, merged)) return undefined;
  const properties = new Map(compiled.map(({ name: column, property }) => [column, property]));
  const parties = compiled.flatMap(({ name: party, yaml: own, property }) =>
    own === undefined ? [] : (toParties(party, own, property) ?? []),
  );
  return {
    table: toTable(merged, { columns, parties, collections, properties }),
    properties,
    searchedColumns: columns.filter(({ searchable }) => searchable).map(({ wireName }) => wireName),
    filterColumns: Object.entries(yaml.properties).flatMap(([column, own]) =>
      own['x-filter'] === true ? [column] : [],
    ),
  };
}

/** The properties that are columns or parties. */
function columnsOf({ columns }: MergedTable): readonly (readonly [string, MergedColumn])[] {
  return [...columns].filter(([, { yaml }]) => yaml['x-collection'] === undefined);
}

/** The properties that stand for rows of other tables. Undefined if one of them has an unknown table. */
function compileCollections(
  { columns }: MergedTable,
  context: CompileContext,
): readonly Collection[] | undefined {
  const collections = [...columns].filter(([, { yaml }]) => yaml['x-collection'] !== undefined);
  return allDefined(
    collections.map(([name, { yaml, node }]): Collection | undefined => {
      const { navigation, table, manyToMany } = requireKey(yaml, 'x-collection');
      const logicalName = findTableInfo(table, node.at('x-collection', 'table'), context)?.logicalName;
      const isManyToMany = manyToMany === true ? (true as const) : undefined;
      if (logicalName === undefined) return undefined;
      return omitUndefined({ name, title: yaml.title ?? name, navigation, table, logicalName, isManyToMany });
    }),
  );
}

function toTable(
  { name, yaml, layer }: MergedTable,
  {
    columns,
    parties,
    collections,
    properties,
  }: Pick<Table, 'columns'> & {
    parties: readonly ActivityParties[];
    collections: readonly Collection[];
    properties: ReadonlyMap<string, CompiledProperty>;
  },
): Table {
  const canExpand = collections.length > 0 || columns.some(({ type }) => type === 'lookup');
  const writable = [...columns.filter((column) => column.writable), ...parties].map((column) => column.name);
  return omitUndefined({
    name,
    ...toTableInfo(yaml),
    from: originOf(layer),
    keywords: yaml.keywords?.length === 0 ? undefined : yaml.keywords,
    keys: yaml.keys,
    columns,
    parties: parties.length > 0 ? parties : undefined,
    collections: collections.length > 0 ? collections : undefined,
    rowSchema: {
      title: yaml.title,
      description: yaml.description,
      type: 'object',
      required: ['id'],
      properties: {
        ...Object.fromEntries(
          columns.map(({ name: column }) => [
            column,
            properties.get(column)?.[column === 'id' ? 'input' : 'output'],
          ]),
        ),
        [customColumnsName]: customColumnsOutput,
        ...(canExpand ? { [expandedName]: expandedOutput } : {}),
      },
    },
    inputProperties: Object.fromEntries(
      writable.flatMap((column) => {
        const property = properties.get(column);
        return property === undefined ? [] : [[column, property.input]];
      }),
    ),
  });
}

function toParties(
  name: string,
  { title, 'x-parties': parties }: PropertyYaml,
  { type }: CompiledProperty,
): ActivityParties | undefined {
  if (parties === undefined) return undefined;
  const { collection, role } = parties;
  return { name, title: title ?? name, collection, role, targets: type.targets ?? [] };
}

function compileColumn(
  name: string,
  yaml: PropertyYaml,
  { type }: CompiledProperty,
  node: SourceNode,
): Omit<TableColumn, 'required'> | undefined {
  const column = yaml['x-lookup']?.column ?? yaml['x-column'];
  if (yaml.title === undefined) {
    node.error('M103', `the column "${name}" has no title`, { key: true, fix: 'add title' });
    return undefined;
  }
  if (column === undefined) {
    node.error('S103', `the column "${name}" has no Dataverse name`, { key: true, fix: 'add x-column' });
    return undefined;
  }
  if (['array', 'names', 'object'].includes(type.kind)) {
    node.error('S107', 'a column has one value, not a list or an object', {
      key: true,
      fix: 'for a list of choices, write type: array with x-choices',
    });
    return undefined;
  }
  const columnType = type.kind === 'name' ? 'string' : (type.kind as ColumnType);
  return omitUndefined({
    name,
    title: yaml.title,
    logicalName: column,
    wireName: toWireName({ name: column, type: columnType }),
    type: columnType,
    choices: type.choices,
    targets: type.targets,
    // A file is uploaded; a row has its id.
    writable: yaml.readOnly !== true && yaml['x-type'] !== 'file',
    searchable: yaml['x-search'] === true ? (true as const) : undefined,
  });
}

/** `required` and `keys` name columns of the table. */
function checkNames({ yaml, columns, parts }: MergedTable): boolean {
  const known = Object.keys(yaml.properties);
  return parts
    .map(({ node }) => {
      const { required = [], keys = [] } = node.source.data as unknown as TableFileYaml;
      const areKeysKnown = keys.map((key, index) => checkKeyColumns(key, columns, node.at('keys', index)));
      return checkRequired(required, known, node) && !areKeysKnown.includes(false);
    })
    .every((ok) => ok);
}

function checkKeyColumns(key: readonly string[], columns: MergedTable['columns'], node: SourceNode): boolean {
  const unknown = key.findIndex((name) => !columns.has(name));
  if (unknown < 0) return true;
  const name = key[unknown] ?? '';
  const [nearest] = suggest(name, columns.keys(), 1);
  node.at(unknown).error('S105', `"${name}" is in a key but is not a property`, {
    fix: nearest && `did you mean "${nearest}"?`,
  });
  return false;
}

function checkKey(yaml: TableYaml, columns: readonly TableColumn[], node: SourceNode): boolean {
  const { key } = yaml['x-table'];
  const id = columns.find((column) => column.name === 'id');
  if (id?.wireName === key && !id.writable) return true;
  const fix = `write id: { title: Id, type: string, format: uuid, x-column: ${key}, readOnly: true }`;
  node
    .at('properties', 'id')
    .error('S109', 'the property "id" must be the key of the table, read-only', { key: true, fix });
  return false;
}

function checkWireNames(columns: readonly TableColumn[], merged: MergedTable): boolean {
  const seen = new Map<string, string>();
  for (const { name, wireName } of columns) {
    const other = seen.get(wireName);
    if (other !== undefined) {
      const at = merged.columns.get(name)?.node;
      const otherNode = merged.columns.get(other)?.node;
      at?.error('S110', `"${name}" and "${other}" are the same column, ${wireName}`, {
        key: true,
        fix: 'remove one of them, or correct its x-column',
        related: otherNode && { node: otherNode, message: 'the other one', key: true },
      });
    }
    seen.set(wireName, name);
  }
  return seen.size === columns.length;
}
