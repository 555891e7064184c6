import { prepareFunctionOf } from '../../src/handlers/preparations.ts';
import type { ActionDefinition, ConnectorDefinition, TriggerDefinition } from '../../src/model/definition.ts';
import type { JsonObject, JsonSchema } from '../../src/model/json.ts';
import type { Table } from '../../src/model/table.ts';
import { templateSource } from '../../src/run/render-template.ts';
import { exampleInput, exampleParams } from './example-input.ts';

/** docs/catalog.md: every action and trigger with its inputs, its request, its answer and an example. */
export function catalogPage(definition: ConnectorDefinition): string {
  const actions = Object.values(definition.actions);
  const triggers = Object.values(definition.triggers);
  const groups = [...new Set([...actions, ...triggers].map(({ group }) => group))].sort();
  return `${[
    '# What it can do',
    '',
    'Generated from the YAML (`npm run docs`). Every action and trigger by the thing it is about, then the columns of each table. `client.run(id, input)` runs an action, `client.poll(id, params, checkpoint)` a trigger; `d365 describe <id>` says the same in a terminal, `d365 explain <id>` shows the exact request.',
    '',
    contentsTable(groups, { actions, triggers }),
    ...groups.flatMap((group) => [
      `## ${group}`,
      '',
      ...actions.filter((action) => action.group === group).map((action) => actionText(action, definition)),
      ...triggers.filter((trigger) => trigger.group === group).map(triggerText),
    ]),
    '# Columns',
    '',
    'What inputs and outputs call them, and what Dataverse does. A create needs those in **bold**.',
    '',
    ...Object.values(definition.tables).map(tableText),
  ].join('\n')}`;
}

function contentsTable(
  groups: readonly string[],
  { actions, triggers }: { actions: readonly ActionDefinition[]; triggers: readonly TriggerDefinition[] },
): string {
  const verbs = (all: readonly { readonly id: string; readonly group: string }[], group: string) =>
    all
      .filter((operation) => operation.group === group)
      .map(({ id }) => `[${id.slice(id.indexOf('.') + 1)}](#${headingAnchor(id)})`)
      .join(', ');
  const rows = groups.map((group) => `| ${group} | ${verbs(actions, group)} | ${verbs(triggers, group)} |`);
  return ['| | actions | triggers |', '|---|---|---|', ...rows, ''].join('\n');
}

/** As GitHub makes it of a heading. */
function headingAnchor(heading: string): string {
  return heading
    .toLowerCase()
    .replace(/[^a-z0-9 -]/g, '')
    .replaceAll(' ', '-');
}

function actionText(action: ActionDefinition, { tables, actions }: ConnectorDefinition): string {
  return [
    `### ${action.id}`,
    '',
    `${action.title}. ${action.description}`,
    '',
    ...inputLines(action.input, columnsTable(action, tables)),
    `Sends ${requestText(action)}. Answers ${answerText(action, tables)}.`,
    '',
    ...jsonLines(exampleInput(action, { actions })),
  ].join('\n');
}

function triggerText(trigger: TriggerDefinition): string {
  const { id, title, description, input, watch } = trigger;
  const what = [watch.changes.join(' or '), ...watch.columns, ...(watch.due ? [watch.due] : [])].join(', ');
  return [
    `### ${id}`,
    '',
    `Trigger. ${title}. ${description}`,
    '',
    ...inputLines(input, undefined),
    `Watches ${watch.table}: ${what}; every ${watch.intervalMs / 1000} s. An item's \`row\` is one of those that \`list\` answers.`,
    '',
    ...jsonLines(exampleParams(trigger)),
  ].join('\n');
}

/** An input, where there is something in it. */
function jsonLines(example: JsonObject): readonly string[] {
  return Object.keys(example).length === 0 ? [] : ['```json', JSON.stringify(example, null, 2), '```', ''];
}

/** The table whose writable columns an input has: named once instead of listed. */
function columnsTable(
  { request, input }: ActionDefinition,
  tables: ConnectorDefinition['tables'],
): Table | undefined {
  if (request?.body?.kind !== 'row') return undefined;
  const table = tables[request.body.table]!;
  const writable = Object.keys(table.inputProperties).filter((name) => !isParties(table, name));
  const properties = Object.keys((input.properties ?? {}) as object);
  return writable.length > 3 && writable.every((name) => properties.includes(name)) ? table : undefined;
}

function isParties({ parties = [] }: Table, name: string): boolean {
  return parties.some((one) => one.name === name);
}

function inputLines({ properties = {}, required = [] }: JsonSchema, table: Table | undefined): string[] {
  const columns = new Set(table === undefined ? [] : Object.keys(table.inputProperties));
  const own = Object.entries(properties as Readonly<Record<string, JsonSchema>>).filter(
    ([name]) => !columns.has(name),
  );
  const rows = own.flatMap(([name, schema]) => {
    const mark = (required as readonly string[]).includes(name) ? `**${name}**` : name;
    const words = [schema.title, schema.description].filter(Boolean).join('. ').replaceAll('|', '\\|');
    return [
      `| ${mark} | ${typeText(schema)} | ${words}${defaultText(schema)} |`,
      ...memberLines(name, schema),
    ];
  });
  const more =
    table === undefined
      ? []
      : [`| ... | | the [columns of ${table.title}](#columns-of-${headingAnchor(table.name)}) |`];
  return rows.length + more.length === 0 ? [] : ['| input | | |', '|---|---|---|', ...rows, ...more, ''];
}

/** What each object of a list is made of. */
function memberLines(list: string, { items }: JsonSchema): readonly string[] {
  const { properties = {}, required = [] } = (items ?? {}) as JsonSchema;
  const members = Object.entries(properties as Readonly<Record<string, JsonSchema>>);
  if ('id' in (properties as object)) return [];
  return members.map(([name, schema]) => {
    const path = `${list}[].${name}`;
    const mark = (required as readonly string[]).includes(name) ? `**${path}**` : path;
    const words = [schema.title, schema.description].filter(Boolean).join('. ').replaceAll('|', '\\|');
    return `| ${mark} | ${typeText(schema)} | ${words} |`;
  });
}

function defaultText({ default: value }: JsonSchema): string {
  return value === undefined ? '' : ` (${JSON.stringify(value)} unless told)`;
}

function typeText({ type, format, enum: values, anyOf, properties, items }: JsonSchema): string {
  const choices =
    values ?? (anyOf as readonly JsonSchema[] | undefined)?.find(({ enum: some }) => some)?.enum;
  if (choices !== undefined) return (choices as readonly unknown[]).filter((one) => one !== null).join(', ');
  if (properties !== undefined && 'id' in (properties as object)) return 'link: table and id';
  if (items !== undefined) return `list of ${typeText(items as JsonSchema)}`;
  const kind = [type].flat().filter((one) => one !== 'null');
  return String(format ?? (kind.length > 1 ? 'number' : kind[0]) ?? 'anything').replace('uuid', 'id');
}

function requestText({ request, handler }: ActionDefinition): string {
  if (request === undefined) {
    return prepareFunctionOf(handler) === undefined
      ? 'several requests, which follow from one another'
      : 'one request, made with what the organization’s metadata says';
  }
  const key = request.match === undefined ? '' : '(the columns that are matched)';
  return `\`${request.method} ${templateSource(request.path)}${key}\``;
}

function answerText(
  { output, outputSchema }: ActionDefinition,
  tables: ConnectorDefinition['tables'],
): string {
  switch (output.kind) {
    case 'none':
      return 'nothing';
    case 'row':
      return `the ${tables[output.table]!.title.toLowerCase()}`;
    case 'rows':
      return `${tables[output.table]!.plural.toLowerCase()}`;
    case 'count':
      return 'a number';
    case 'links':
      return 'links to what was made';
    case 'json':
      return output.names === undefined ? shapeText(outputSchema) : shapeText({ properties: output.names });
  }
}

/** `{ written, failed }`, `a list of { name, action, output }`, or what no schema tells: columns as Dataverse has them. */
function shapeText({ properties = {}, items }: { readonly [keyword: string]: unknown }): string {
  const names = Object.keys(properties as object);
  if (items !== undefined) return `a list of ${shapeText(items as JsonSchema)}`;
  return names.length === 0 ? 'an object, by Dataverse’s own names' : `\`{ ${names.join(', ')} }\``;
}

function tableText({ name, title, logicalName, columns, parties = [] }: Table): string {
  const rows = columns.map(
    ({ name: own, title: words, logicalName, type, choices, targets, writable, required }) => {
      const values = choices === undefined ? type : Object.keys(choices).join(', ');
      const kind = targets === undefined ? values : `link to ${targets.map(({ table }) => table).join(', ')}`;
      return `| ${required ? `**${own}**` : own} | ${logicalName} | ${kind}${writable ? '' : ', read only'} | ${words} |`;
    },
  );
  const people = parties.map(
    ({ name: own, title: words, collection, targets }) =>
      `| ${own} | ${collection} | list of ${targets.map(({ table }) => table).join(', ')}, written with a new row | ${words} |`,
  );
  const head = [`## Columns of ${name}`, '', `${title} is \`${logicalName}\` in Dataverse.`, ''];
  return [...head, '| name | in Dataverse | | |', '|---|---|---|---|', ...rows, ...people, ''].join('\n');
}
