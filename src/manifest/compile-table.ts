import type { Column, ColumnType, Parties, Table } from '../model/table.ts';
import { checkRequired, compileProperty } from './compile-property.ts';
import { complete } from './complete.ts';
import type { Property } from './property.ts';
import type { PropertyYaml, TableYaml } from './shapes.ts';
import type { Site } from './site.ts';
import type { CompiledTable, TableFacts, Workshop } from './workshop.ts';

/** What the other files need to know of it. */
export function factsOf(yaml: TableYaml): TableFacts {
  const { name: logicalName, ...facts } = yaml['x-table'];
  return { title: yaml.title, logicalName, ...facts };
}

/** Compiles schemas/tables/<name>.yaml; undefined after a fault. */
export function compileTable(
  name: string,
  yaml: TableYaml,
  { site, shop }: { site: Site; shop: Workshop },
): CompiledTable | undefined {
  const compiled = complete(
    Object.entries(yaml.properties).map(([column, columnYaml]) => {
      const at = site.at('properties', column);
      const property = compileProperty(columnYaml, at, shop);
      if (property?.type.kind === 'parties') return { property, name: column, yaml: columnYaml };
      const facts = property && compileColumn(column, columnYaml, property, at);
      const required = yaml.required.includes(column);
      return facts && { property, name: column, column: { ...facts, required } };
    }),
  );
  const names = checkRequired(yaml.required, Object.keys(yaml.properties), site);
  if (compiled === undefined || !names) return undefined;
  const columns = compiled.flatMap(({ column }) => column ?? []);
  if (!checkKey(yaml, columns, site) || !checkWires(columns, site)) return undefined;
  const properties = new Map(compiled.map(({ name: column, property }) => [column, property]));
  const parties = compiled.flatMap(({ name: party, yaml: own, property }) =>
    own === undefined ? [] : partiesOf(party, own, property),
  );
  return {
    table: toTable(name, yaml, { columns, parties, properties }),
    properties,
    searches: columns.filter(({ searched }) => searched).map(({ wire }) => wire),
    filters: Object.keys(yaml.properties).filter((column) => yaml.properties[column]!['x-filter'] === true),
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
    parties: readonly Parties[];
    properties: ReadonlyMap<string, Property>;
  },
): Table {
  const writable = [...columns.filter((column) => column.writable), ...parties].map((column) => column.name);
  return {
    name,
    ...factsOf(yaml),
    columns,
    ...(parties.length > 0 && { parties }),
    rowSchema: {
      title: yaml.title,
      description: yaml.description,
      type: 'object',
      required: ['id'],
      properties: Object.fromEntries(
        columns.map(({ name: column }) => {
          const { input, output } = properties.get(column)!;
          return [column, column === 'id' ? input : output];
        }),
      ),
    },
    inputProperties: Object.fromEntries(writable.map((column) => [column, properties.get(column)!.input])),
  };
}

function partiesOf(name: string, yaml: PropertyYaml, { type }: Property): Parties {
  const { collection, role } = yaml['x-parties']!;
  return { name, title: yaml.title!, collection, role, targets: type.targets ?? [] };
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
    ...(yaml['x-search'] === true && { searched: true }),
  };
}

function checkKey(yaml: TableYaml, columns: readonly Column[], site: Site): boolean {
  const { key } = yaml['x-table'];
  const id = columns.find((column) => column.name === 'id');
  if (id?.wire === key && !id.writable) return true;
  const fix = `write id: { title: Id, type: string, format: uuid, x-column: ${key}, readOnly: true }`;
  site
    .at('properties', 'id')
    .error('S109', 'the property "id" must be the key of the table, read-only', { key: true, fix });
  return false;
}

function checkWires(columns: readonly Column[], site: Site): boolean {
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
  return seen.size === columns.length;
}
