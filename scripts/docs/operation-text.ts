import { prepareFunctionOf } from '../../src/handlers/preparations.ts';
import type { ActionDefinition, ConnectorDefinition, TriggerDefinition } from '../../src/model/definition.ts';
import type { JsonSchema } from '../../src/model/json.ts';
import type { Table } from '../../src/model/table.ts';
import { templateSource } from '../../src/run/render-template.ts';
import { requireTable } from '../../src/run/require-table.ts';
import { headingAnchor } from './heading-anchor.ts';

export function watchedTableText({ table, inputs }: TriggerDefinition['watch']): string {
  return inputs === undefined ? `the table ${table}` : `the table that the input \`${inputs.table}\` names`;
}

/** The table whose writable columns an input has. The page links to its columns instead of listing them again. */
export function columnsTable(
  { request, input }: ActionDefinition,
  tables: ConnectorDefinition['tables'],
): Table | undefined {
  if (request?.body?.kind !== 'row') return undefined;
  const table = requireTable({ tables }, request.body.table);
  const writable = Object.keys(table.inputProperties).filter((name) => !isParties(table, name));
  const properties = Object.keys((input.properties ?? {}) as object);
  return writable.length > 3 && writable.every((name) => properties.includes(name)) ? table : undefined;
}

function isParties({ parties = [] }: Table, name: string): boolean {
  return parties.some((one) => one.name === name);
}

/** The inputs as a table. `linkOf` gives the address of the columns of a table. */
export function inputLines(
  { properties = {}, required = [] }: JsonSchema,
  table: Table | undefined,
  linkOf = ({ name }: Table) => `#columns-of-${headingAnchor(name)}`,
): string[] {
  const columns = new Set(table === undefined ? [] : Object.keys(table.inputProperties));
  const own = Object.entries(properties as Readonly<Record<string, JsonSchema>>).filter(
    ([name]) => !columns.has(name),
  );
  const rows = own.flatMap(([name, schema]) => {
    const label = (required as readonly string[]).includes(name) ? `**${name}**` : name;
    return [
      `| ${label} | ${typeText(schema)} | ${describe(schema)}${defaultText(schema)} |`,
      ...memberLines(name, schema),
    ];
  });
  if (table !== undefined) {
    rows.push(`| ... | | the [columns of ${table.title}](${linkOf(table)}) |`);
  }
  return rows.length === 0 ? [] : ['| input | type | description |', '|---|---|---|', ...rows, ''];
}

function describe({ title, description }: JsonSchema): string {
  return [title, description].filter(Boolean).join('. ').replaceAll('|', '\\|');
}

/** The properties of the objects in a list. */
function memberLines(list: string, { items }: JsonSchema): readonly string[] {
  const { properties = {}, required = [] } = (items ?? {}) as JsonSchema;
  const members = Object.entries(properties as Readonly<Record<string, JsonSchema>>);
  if ('id' in (properties as object)) return [];
  return members.map(([name, schema]) => {
    const path = `${list}[].${name}`;
    const label = (required as readonly string[]).includes(name) ? `**${path}**` : path;
    return `| ${label} | ${typeText(schema)} | ${describe(schema)} |`;
  });
}

function defaultText({ default: value }: JsonSchema): string {
  return value === undefined ? '' : ` (default: ${JSON.stringify(value)})`;
}

function typeText({ type, format, enum: values, anyOf, properties, items }: JsonSchema): string {
  const choices =
    values ?? (anyOf as readonly JsonSchema[] | undefined)?.find(({ enum: some }) => some)?.enum;
  if (choices !== undefined) return (choices as readonly unknown[]).filter((one) => one !== null).join(', ');
  if (properties !== undefined && 'id' in (properties as object)) return 'link: table and id';
  if (items !== undefined) return `list of ${typeText(items as JsonSchema)}`;
  const kind = [type].flat().filter((one) => one !== 'null');
  return String(format ?? (kind.length > 1 ? 'number' : kind[0]) ?? 'any JSON value').replace('uuid', 'id');
}

export function requestText({ request, handler }: ActionDefinition): string {
  if (request === undefined) {
    return prepareFunctionOf(handler) === undefined
      ? 'several requests'
      : 'one request that depends on the organization’s metadata';
  }
  const key = request.match === undefined ? '' : '(key columns)';
  return `\`${request.method} ${templateSource(request.path)}${key}\``;
}

export function outputText(
  { output, outputSchema }: ActionDefinition,
  tables: ConnectorDefinition['tables'],
): string {
  switch (output.kind) {
    case 'none':
      return 'nothing';
    case 'row':
      return `the ${requireTable({ tables }, output.table).title.toLowerCase()}`;
    case 'rows':
      return `a list of ${requireTable({ tables }, output.table).plural.toLowerCase()}`;
    case 'count':
      return 'a number';
    case 'json':
      return output.type?.items?.kind === 'lookup'
        ? 'references to the created rows'
        : shapeText(outputSchema);
  }
}

/** The shape of a JSON output: `{ written, failed }`, or `a list of { name, action, output }`. */
function shapeText({ properties = {}, items }: { readonly [keyword: string]: unknown }): string {
  const names = Object.keys(properties as object);
  if (items !== undefined) return `a list of ${shapeText(items as JsonSchema)}`;
  return names.length === 0 ? 'an object with Dataverse’s property names' : `\`{ ${names.join(', ')} }\``;
}
