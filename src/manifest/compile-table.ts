import { omitUndefined } from '../model/omit-undefined.ts';
import type { ActivityParties, ColumnType, Table, TableColumn } from '../model/table.ts';
import { toWireName } from '../odata/wire-name.ts';
import { allDefined } from './all-defined.ts';
import type { CompileContext, CompiledTable, TableInfo } from './compile-context.ts';
import { checkRequired, compileProperty } from './compile-property.ts';
import type { CompiledProperty } from './compiled-property.ts';
import type { SourceNode } from './source-node.ts';
import type { PropertyYaml, TableYaml } from './yaml-types.ts';

/** The facts about a table that other files need. */
export function toTableInfo(yaml: TableYaml): TableInfo {
  const { name: logicalName, ...facts } = yaml['x-table'];
  return { title: yaml.title, logicalName, ...facts };
}

/** Compiles schemas/tables/<name>.yaml; undefined if it has errors. */
export function compileTable(
  name: string,
  yaml: TableYaml,
  { node, context }: { node: SourceNode; context: CompileContext },
): CompiledTable | undefined {
  const compiled = allDefined(
    Object.entries(yaml.properties).map(([column, columnYaml]) => {
      const at = node.at('properties', column);
      const property = compileProperty(columnYaml, at, context);
      if (property?.type.kind === 'parties') return { property, name: column, yaml: columnYaml };
      const facts = property && compileColumn(column, columnYaml, property, at);
      const required = yaml.required.includes(column);
      return facts && { property, name: column, column: { ...facts, required } };
    }),
  );
  const names = checkRequired(yaml.required, Object.keys(yaml.properties), node);
  if (compiled === undefined || !names) return undefined;
  const columns = compiled.flatMap(({ column }) => column ?? []);
  if (!checkKey(yaml, columns, node) || !checkWireNames(columns, node)) return undefined;
  const properties = new Map(compiled.map(({ name: column, property }) => [column, property]));
  const parties = compiled.flatMap(({ name: party, yaml: own, property }) =>
    own === undefined ? [] : (toParties(party, own, property) ?? []),
  );
  return {
    table: toTable(name, yaml, { columns, parties, properties }),
    properties,
    searchedColumns: columns.filter(({ searchable }) => searchable).map(({ wireName }) => wireName),
    filterColumns: Object.entries(yaml.properties).flatMap(([column, own]) =>
      own['x-filter'] === true ? [column] : [],
    ),
  };
}

function toTable(
  name: string,
  yaml: TableYaml,
  {
    columns,
    parties,
    properties,
  }: Pick<Table, 'columns'> & {
    parties: readonly ActivityParties[];
    properties: ReadonlyMap<string, CompiledProperty>;
  },
): Table {
  const writable = [...columns.filter((column) => column.writable), ...parties].map((column) => column.name);
  return omitUndefined({
    name,
    ...toTableInfo(yaml),
    columns,
    parties: parties.length > 0 ? parties : undefined,
    rowSchema: {
      title: yaml.title,
      description: yaml.description,
      type: 'object',
      required: ['id'],
      properties: Object.fromEntries(
        columns.map(({ name: column }) => [
          column,
          properties.get(column)?.[column === 'id' ? 'input' : 'output'],
        ]),
      ),
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
    title: yaml.title ?? name,
    logicalName: column,
    wireName: toWireName({ name: column, type: columnType }),
    type: columnType,
    choices: type.choices,
    targets: type.targets,
    writable: yaml.readOnly !== true,
    searchable: yaml['x-search'] === true ? (true as const) : undefined,
  });
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

function checkWireNames(columns: readonly TableColumn[], node: SourceNode): boolean {
  const seen = new Map<string, string>();
  for (const { name, wireName } of columns) {
    const other = seen.get(wireName);
    if (other !== undefined) {
      node
        .at('properties', name)
        .error('S110', `"${name}" and "${other}" are the same column, ${wireName}`, { key: true });
    }
    seen.set(wireName, name);
  }
  return seen.size === columns.length;
}
