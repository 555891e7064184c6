import type { ActionDefinition, ConnectorDefinition, TriggerDefinition } from '../model/definition.ts';
import type { HandlerName } from '../model/handlers.ts';
import type { JsonSchema } from '../model/json.ts';
import type { Table } from '../model/table.ts';
import { mainColumnsOf } from './main-columns.ts';
import type { AnswerView } from './operation-view.ts';

const downloads: readonly (HandlerName | undefined)[] = ['downloadFile', 'downloadColumnFile'];

/** Describes what an action answers, or the row of a trigger's item. */
export function describeAnswer(
  { tables }: ConnectorDefinition,
  operation: ActionDefinition | TriggerDefinition,
): AnswerView {
  if ('watch' in operation)
    return rowAnswer(tables[operation.watch.table ?? ''], 'row', operation.outputSchema);
  const { output, handler } = operation;
  if (downloads.includes(handler)) return plainAnswer('file', 'The file: its name, type and content.');
  switch (output.kind) {
    case 'none':
      return plainAnswer('nothing', 'Nothing.');
    case 'count':
      return plainAnswer('count', 'The number of rows.');
    case 'row':
    case 'rows':
      return rowAnswer(tables[output.table], output.kind, operation.outputSchema);
    case 'json':
      return jsonAnswer(operation);
  }
}

function plainAnswer(kind: AnswerView['kind'], text: string): AnswerView {
  return { kind, text, columns: [], mainColumns: [] };
}

function rowAnswer(table: Table | undefined, kind: 'row' | 'rows', schema: JsonSchema): AnswerView {
  if (table === undefined) return plainAnswer(kind, kind === 'row' ? 'The row.' : 'A list of rows.');
  // A deleted row has its id only. A definition that was compiled for n8n has no output schemas.
  const { properties } = ((kind === 'rows' ? schema.items : schema) ?? {}) as JsonAnswerSchema;
  const isReturned = (name: string) => properties === undefined || Object.hasOwn(properties, name);
  return {
    kind,
    text: kind === 'row' ? `The ${table.title.toLowerCase()}.` : `A list of ${table.plural.toLowerCase()}.`,
    table: table.name,
    columns: table.columns.filter(({ name }) => isReturned(name)).map(({ name, title }) => ({ name, title })),
    mainColumns: mainColumnsOf(table).filter(isReturned),
  };
}

/** JSON that YAML describes: its members, and for a list the members of its items. */
function jsonAnswer(action: ActionDefinition): AnswerView {
  const { type, description, items, properties } = action.outputSchema as JsonAnswerSchema;
  const isList = [type].flat().includes('array');
  const members = Object.entries((isList ? items?.properties : properties) ?? {});
  const fallback = isList
    ? 'A list.'
    : members.length > 0
      ? namesText(members)
      : 'JSON as Dataverse returns it.';
  return {
    kind: isList ? 'rows' : 'data',
    text: description ?? fallback,
    columns: members.map(([name, schema]) => ({ name, title: schema.title ?? name })),
    mainColumns: members.map(([name]) => name),
  };
}

interface JsonAnswerSchema {
  readonly type?: string | readonly string[];
  readonly title?: string;
  readonly description?: string;
  readonly items?: JsonAnswerSchema;
  readonly properties?: Readonly<Record<string, JsonAnswerSchema>>;
}

function namesText(members: readonly (readonly [string, JsonAnswerSchema])[]): string {
  return `An object with ${members.map(([name]) => name).join(', ')}.`;
}
