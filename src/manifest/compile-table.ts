import type { Column, ColumnType, Table } from '../model/table.ts';
import { checkRequired, compileProperty } from './compile-property.ts';
import type { Property } from './property.ts';
import type { PropertyYaml, TableYaml } from './shapes.ts';
import type { Site } from './site.ts';
import type { CompiledTable, TableFacts, Workshop } from './workshop.ts';

/** What the other files need to know of it. */
export function factsOf(yaml: TableYaml): TableFacts {
  const { name: logicalName, ...facts } = yaml['x-table'];
  return { title: yaml.title, logicalName, ...facts };
}

/** Compiles schemas/tables/<name>.yaml. */
export function compileTable(name: string, yaml: TableYaml, site: Site, shop: Workshop): CompiledTable {
  const properties = new Map<string, Property>();
  const columns: Column[] = [];
  for (const [column, columnYaml] of Object.entries(yaml.properties)) {
    const at = site.at('properties', column);
    const property = compileProperty(columnYaml, at, shop);
    const compiled = property && compileColumn(column, columnYaml, property, at);
    if (compiled === undefined) continue;
    properties.set(column, property!);
    columns.push({ ...compiled, required: yaml.required.includes(column) });
  }
  checkRequired(yaml.required, Object.keys(yaml.properties), site);
  checkColumns(yaml, columns, site);
  return {
    table: toTable(name, yaml, { columns, properties }),
    properties,
    filters: Object.keys(yaml.properties).filter((column) => yaml.properties[column]!['x-filter'] === true),
  };
}

function toTable(
  name: string,
  yaml: TableYaml,
  { columns, properties }: { columns: readonly Column[]; properties: ReadonlyMap<string, Property> },
): Table {
  const writable = columns.filter((column) => column.writable).map((column) => column.name);
  return {
    name,
    ...factsOf(yaml),
    columns,
    rowSchema: {
      title: yaml.title,
      description: yaml.description,
      type: 'object',
      required: ['id'],
      properties: Object.fromEntries(
        [...properties].map(([column, { input, output }]) => [column, column === 'id' ? input : output]),
      ),
    },
    inputProperties: Object.fromEntries(writable.map((column) => [column, properties.get(column)!.input])),
  };
}

function compileColumn(
  name: string,
  yaml: PropertyYaml,
  { type }: Property,
  site: Site,
): Omit<Column, 'required'> | undefined {
  const column = yaml['x-lookup']?.column ?? yaml['x-column'];
  if (column === undefined) {
    site.error('S103', `Dataverse’s name of "${name}" is missing`, { key: true, fix: 'add x-column' });
    return undefined;
  }
  if (['array', 'names', 'object'].includes(type.kind)) {
    site.error('S107', 'a column holds one value, not a list or an object', {
      key: true,
      fix: 'a list of choices is type: array with x-choices',
    });
    return undefined;
  }
  return {
    name,
    title: yaml.title!,
    column,
    wire: type.kind === 'lookup' ? `_${column}_value` : column,
    type: type.kind === 'name' ? 'string' : (type.kind as ColumnType),
    ...(type.choices && { choices: type.choices }),
    ...(type.targets && { targets: type.targets }),
    writable: yaml.readOnly !== true,
  };
}

function checkColumns(yaml: TableYaml, columns: readonly Column[], site: Site): void {
  const { key } = yaml['x-table'];
  const id = columns.find((column) => column.name === 'id');
  if (yaml.properties.id === undefined || (id !== undefined && (id.wire !== key || id.writable))) {
    const fix = `write id: { title: Id, type: string, format: uuid, x-column: ${key}, readOnly: true }`;
    site
      .at('properties', 'id')
      .error('S109', 'the property "id" must be the key of the table, read-only', { key: true, fix });
  }
  const seen = new Map<string, string>();
  for (const { name, wire } of columns) {
    const other = seen.get(wire);
    if (other !== undefined) {
      site
        .at('properties', name)
        .error('S110', `"${name}" and "${other}" are the same column, ${wire}`, { key: true });
    }
    seen.set(wire, name);
  }
}
