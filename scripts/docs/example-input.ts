import type { ActionDefinition, ConnectorDefinition, TriggerDefinition } from '../../src/model/definition.ts';
import type { Json, JsonObject, JsonSchema } from '../../src/model/json.ts';
import { ownValue } from '../../src/model/own-value.ts';

const sampleIds = ['2a8f6a3e-6f0c-4b6e-9f0e-6f1f6a3e2b10', '1f3d0c7a-5b1e-4c39-9d55-0a3c1c5d7e90'] as const;

/** Sample texts by the name of the input. */
const sampleTexts: Readonly<Record<string, string>> = {
  name: 'Contoso, Ltd.',
  lastName: 'Lee',
  title: 'Printer on fire',
  subject: 'Printer on fire',
  topic: 'Forty printers',
  text: 'printer',
  number: 'C-1001',
  street: 'Main Street 1',
  city: 'Berlin',
  description: 'Since this morning.',
};

/** A realistic input of an action: that of its first successful contract test, or one generated from its schema. */
export function exampleInput(
  action: ActionDefinition,
  { actions }: Pick<ConnectorDefinition, 'actions'>,
): JsonObject {
  const test = action.tests.find(({ fails }) => fails === undefined);
  if (test !== undefined) return test.input;
  const [table, verb = ''] = action.id.split('.');
  const properties = propertiesOf(action.input);
  const given = requiredValues(action.input);
  if (verb === 'delete-many') return given;
  if (verb.endsWith('-many')) {
    const { table: _, values, ...columns } = requiredValues(actions[`${table}.create`]?.input ?? {});
    const row = { ...columns, ...(values as JsonObject | undefined) };
    const rows = [verb === 'create-many' ? row : { id: sampleIds[0], ...row }];
    return verb === 'upsert-many' ? { ...given, matchOn: ['id'], rows } : { ...given, rows };
  }
  if (verb === 'update' || verb === 'upsert')
    return { id: sampleIds[0], ...given, ...firstColumn(properties) };
  if (verb === 'get-by-key') return firstColumn(properties);
  if (verb === 'add-note') return { ...given, text: 'Called back: it is the fuse.' };
  return 'limit' in properties ? { ...given, limit: 20 } : given;
}

/** The params of a trigger: those of its first successful contract test, or those that it requires. */
export function exampleParams({ tests, input }: TriggerDefinition): JsonObject {
  const test = tests.find(({ polls }) => polls.every(({ fails }) => fails === undefined));
  return test?.params ?? requiredValues(input);
}

function propertiesOf(schema: JsonSchema): Readonly<Record<string, JsonSchema>> {
  return (schema.properties ?? {}) as Readonly<Record<string, JsonSchema>>;
}

/** A column that a user would typically change, with a sample value. */
function firstColumn(properties: Readonly<Record<string, JsonSchema>>): JsonObject {
  const names = [...Object.keys(sampleTexts), ...Object.keys(properties)];
  const columns = names.flatMap((name) => {
    const schema = ownValue(properties, name);
    return schema === undefined ? [] : [[name, sampleValue(name, schema, 0)] as const];
  });
  return Object.fromEntries(columns.slice(0, 1));
}

/** The required properties with sample values. */
function requiredValues(schema: JsonSchema): JsonObject {
  const properties = propertiesOf(schema);
  let idCount = 0;
  // A lookup requires its id unless it has an alternate key.
  const { required: otherwise = [] } = (schema.then ?? {}) as { readonly required?: readonly string[] };
  const required = [...((schema.required ?? []) as readonly string[]), ...otherwise];
  return Object.fromEntries(
    required.map((name) => {
      const property = properties[name] ?? {};
      return [name, sampleValue(name, property, isId(property) ? idCount++ : 1)];
    }),
  );
}

const isId = ({ format, type }: JsonSchema) => format === 'uuid' && type === 'string';

interface ValueLists {
  readonly enum?: readonly Json[];
  readonly anyOf?: readonly JsonSchema[];
  readonly examples?: readonly Json[];
}

/** @param idIndex which of the sample ids to use */
function sampleValue(name: string, schema: JsonSchema, idIndex: number): Json {
  const { enum: [choice] = [], anyOf: [option] = [], examples: [example] = [] } = schema as ValueLists;
  if (choice !== undefined) return choice;
  if (option !== undefined) return sampleValue(name, option, idIndex);
  if (example !== undefined) return example;
  const type = [schema.type].flat()[0];
  if (type === 'object') return requiredValues(schema);
  if (type === 'array') return [sampleValue(name, (schema.items ?? {}) as JsonSchema, idIndex)];
  if (type === 'integer' || type === 'number') return Number(schema.minimum ?? 1);
  if (type === 'boolean') return true;
  if (isId(schema)) return sampleIds[idIndex % 2 === 0 ? 0 : 1];
  return sampleTexts[name] ?? sampleFormats[String(schema.format)] ?? 'text';
}

const sampleFormats: Readonly<Record<string, string>> = {
  date: '2026-01-15',
  'date-time': '2026-01-15T09:00:00Z',
  email: 'ann@example.com',
  uri: 'https://example.com/',
};
