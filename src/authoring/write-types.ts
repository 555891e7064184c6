import { buildTableSchema } from '../metadata/build-table-schema.ts';
import type { ConnectorDefinition } from '../model/definition.ts';
import type { JsonSchema } from '../model/json.ts';
import type { MetadataTable } from '../model/metadata.ts';
import { propertyName, schemaType, writtenType } from './schema-type.ts';

/** What a file of types is made from. */
export interface TypesOptions {
  readonly definition: ConnectorDefinition;
  /** Tables of an organization, for rows in Dataverse's own words with its custom columns. */
  readonly tables?: readonly MetadataTable[];
}

/**
 * TypeScript types of everything a connector does, as one file: a type for the row of each table, `Operations` for
 * `connector.connect<Operations>(…)`, and `Columns` of an organization's tables where they are given.
 */
export function writeTypes({ definition, tables = [] }: TypesOptions): string {
  const names = rowNames(definition);
  const actions = Object.values(definition.actions).map(({ id, title, input, outputSchema }) => ({
    id,
    title,
    parts: { input, output: outputSchema },
  }));
  const triggers = Object.values(definition.triggers).map(({ id, title, input, outputSchema }) => ({
    id,
    title,
    parts: { params: input, row: outputSchema },
  }));
  const body = [
    ...Object.values(definition.tables).map(({ rowSchema, title }) => rowType(rowSchema, title, names)),
    '/** Inputs and outputs of every action, params and rows of every trigger. */',
    `export interface Operations {\n${operationsBlock('actions', actions, names)}\n${operationsBlock('triggers', triggers, names)}\n}`,
    ...(tables.length === 0 ? [] : ['', columnsInterface(tables, names)]),
    '',
  ].join('\n');
  return `// Written by \`d365 types\`; what is changed here is lost when it is written again.\n${jsonTypes(body)}${body}`;
}

/** What has a name of its own: the rows of our tables. */
type RowTypeName = (schema: JsonSchema) => string | undefined;

function rowNames({ tables }: ConnectorDefinition): RowTypeName {
  const known = new Map(
    Object.values(tables).map(({ name, rowSchema }) => [JSON.stringify(rowSchema), `${pascal(name)}Row`]),
  );
  return (schema) => (schema.properties === undefined ? undefined : known.get(JSON.stringify(schema)));
}

/** `queue-item` -> `QueueItem`. */
function pascal(name: string): string {
  return name.replace(/(?:^|-)(.)/g, (_, letter: string) => letter.toUpperCase());
}

function rowType(schema: JsonSchema, title: string, nameOf: RowTypeName): string {
  const type = writtenType(schema, { nameOf, indent: '' });
  return `/** ${title}: a row as actions and triggers answer it. */\nexport interface ${nameOf(schema)} ${type}\n`;
}

interface OperationEntry {
  readonly id: string;
  readonly title: string;
  readonly parts: Readonly<Record<string, JsonSchema>>;
}

function operationsBlock(name: string, entries: readonly OperationEntry[], nameOf: RowTypeName): string {
  const indent = '      ';
  const lines = entries.map(({ id, title, parts }) => {
    const members = Object.entries(parts).map(
      ([part, schema]) => `${indent}readonly ${part}: ${schemaType(schema, { nameOf, indent })};`,
    );
    return `    /** ${title}. */\n    readonly ${propertyName(id)}: {\n${members.join('\n')}\n    };`;
  });
  return `  readonly ${name}: {\n${lines.join('\n')}\n  };`;
}

/** What a row of each table may hold, in Dataverse's own words. */
function columnsInterface(tables: readonly MetadataTable[], nameOf: RowTypeName): string {
  const lines = tables.map((table) => {
    const schema = { ...buildTableSchema(table, 'create'), required: [] };
    return `  /** ${table.title}. */\n  readonly ${table.name}: ${schemaType(schema, { nameOf, indent: '  ' })};`;
  });
  return `/** Columns of the organization's tables that can be written. */\nexport interface Columns {\n${lines.join('\n')}\n}`;
}

/** Plain JSON, where something is not described closer; the file stands on its own. */
function jsonTypes(body: string): string {
  if (!/\bJson(?:Object)?\b/.test(body)) return '\n';
  return `
type Json = string | number | boolean | null | readonly Json[] | JsonObject;
interface JsonObject {
  readonly [name: string]: Json;
}

`;
}
