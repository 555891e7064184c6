import type { ConnectorDefinition, JsonObject, JsonSchema } from 'dynamics365-connector';

/**
 * The schemas of a document. What a table file describes (a row, a choice, a lookup) becomes one component with a name
 * from that file, so that a generated client keeps its type names over releases.
 */
export interface SchemaPool {
  /** The schema for JSON Schema 2020-12, with references to components. */
  convert(schema: JsonSchema): JsonSchema;
  /** The components that were referred to, by name. */
  readonly components: Readonly<Record<string, JsonSchema>>;
}

/** Members that say something to people; they stand beside a reference. */
const annotations = ['title', 'description', 'default', 'examples', 'deprecated', 'readOnly'];

/** Creates the pool of a connector. References begin with `prefix`: `#/components/schemas/`. */
export function createSchemaPool(definition: ConnectorDefinition, prefix: string): SchemaPool {
  const names = nameTableSchemas(definition);
  const components: Record<string, JsonSchema> = {};
  const convert = (schema: JsonSchema): JsonSchema => {
    const name = names.get(contentOf(schema));
    if (name === undefined) return convertMembers(schema, convert);
    if (components[name] === undefined) {
      components[name] = {};
      components[name] = { title: name, ...convertMembers(withoutAnnotations(schema), convert) };
    }
    return { $ref: `${prefix}${name}`, ...onlyAnnotations(schema) };
  };
  return { convert, components };
}

/** What a schema describes, without its annotations -> the name of its component. */
function nameTableSchemas({ tables }: ConnectorDefinition): ReadonlyMap<string, string> {
  const names = new Map<string, string>();
  const used = new Set<string>();
  const add = (schema: JsonSchema, name: string) => {
    if (!isWorthName(schema) || names.has(contentOf(schema)) || used.has(name)) return;
    names.set(contentOf(schema), name);
    used.add(name);
  };
  for (const table of Object.values(tables)) {
    const { properties = {} } = table.rowSchema as {
      readonly properties?: Readonly<Record<string, JsonSchema>>;
    };
    add(table.rowSchema, toPascalCase(table.name));
    for (const [name, schema] of Object.entries(properties))
      add(schema, lookupName(schema, '') ?? toPascalCase(`${table.name} ${name}`));
    for (const [name, schema] of Object.entries(table.inputProperties))
      add(schema, lookupName(schema, 'Input') ?? `${toPascalCase(`${table.name} ${name}`)}Input`);
  }
  return names;
}

const maxTablesInName = 3;

/** `LookupToAccountOrContact`, or `Lookup` to any table, for `{ table, id }`: many columns have the same one. */
function lookupName(schema: JsonSchema, suffix: string): string | undefined {
  const { properties } = schema as { readonly properties?: Readonly<Record<string, JsonSchema>> };
  if (properties?.table === undefined || properties.id === undefined) return undefined;
  const tables = properties.table.enum as readonly string[] | undefined;
  if (tables === undefined) return `Lookup${suffix}`;
  if (tables.length > maxTablesInName) return undefined;
  return `LookupTo${tables.map(toPascalCase).join('Or')}${suffix}`;
}

const minLength = 90;

function isWorthName(schema: JsonSchema): boolean {
  const { properties, anyOf, enum: values } = schema as { readonly enum?: readonly unknown[] } & JsonSchema;
  const hasParts = properties !== undefined || anyOf !== undefined || (values?.length ?? 0) > 2;
  return hasParts && contentOf(schema).length > minLength;
}

function contentOf(schema: JsonSchema): string {
  return JSON.stringify(withoutAnnotations(schema));
}

function withoutAnnotations(schema: JsonSchema): JsonSchema {
  return Object.fromEntries(Object.entries(schema).filter(([name]) => !annotations.includes(name)));
}

function onlyAnnotations(schema: JsonSchema): JsonSchema {
  return Object.fromEntries(Object.entries(schema).filter(([name]) => annotations.includes(name)));
}

type Convert = (schema: JsonSchema) => JsonSchema;

/** Draft-07 to 2020-12, with every schema inside converted. */
function convertMembers(schema: JsonSchema, convert: Convert): JsonSchema {
  const entries = Object.entries(schema as JsonObject).flatMap(([name, value]) =>
    convertMember(name, value, convert),
  );
  return Object.fromEntries(entries) as JsonSchema;
}

type Entry = readonly [name: string, value: unknown];

function convertMember(name: string, value: unknown, convert: Convert): readonly Entry[] {
  switch (name) {
    case 'properties':
    case 'patternProperties':
      return [[name, mapValues(value as JsonObject, convert)]];
    case 'items':
    case 'additionalProperties':
    case 'not':
    case 'if':
    case 'then':
    case 'else':
    case 'contains':
      return [[name, typeof value === 'object' ? convert(value as JsonSchema) : value]];
    case 'anyOf':
    case 'oneOf':
    case 'allOf':
      return [[name, (value as readonly JsonSchema[]).map(convert)]];
    case 'dependencies':
      return convertDependencies(value as JsonObject, convert);
    default:
      return [[name, value]];
  }
}

/** https://json-schema.org/draft/2020-12/release-notes: `dependencies` became two keywords. */
function convertDependencies(dependencies: JsonObject, convert: Convert): readonly Entry[] {
  const lists = Object.entries(dependencies).filter(([, value]) => Array.isArray(value));
  const schemas = Object.entries(dependencies).filter(([, value]) => !Array.isArray(value));
  return [
    ...(lists.length > 0 ? ([['dependentRequired', Object.fromEntries(lists)]] as const) : []),
    ...(schemas.length > 0
      ? ([['dependentSchemas', mapValues(Object.fromEntries(schemas) as JsonObject, convert)]] as const)
      : []),
  ];
}

function mapValues(schemas: JsonObject, convert: Convert): Readonly<Record<string, JsonSchema>> {
  return Object.fromEntries(
    Object.entries(schemas).map(([name, value]) => [name, convert(value as JsonSchema)]),
  );
}

/** `case-article` -> `CaseArticle` */
export function toPascalCase(text: string): string {
  return text
    .split(/[^A-Za-z0-9]+/)
    .filter((word) => word !== '')
    .map((word) => `${word.charAt(0).toUpperCase()}${word.slice(1)}`)
    .join('');
}
