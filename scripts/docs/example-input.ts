import type { ActionDefinition, ConnectorDefinition, TriggerDefinition } from '../../src/model/definition.ts';
import type { Json, JsonObject, JsonSchema } from '../../src/model/json.ts';

const sampleIds = ['2a8f6a3e-6f0c-4b6e-9f0e-6f1f6a3e2b10', '1f3d0c7a-5b1e-4c39-9d55-0a3c1c5d7e90'] as const;

/** What people would write, by the name of the input. */
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

/** An input of an action as somebody would write it: that of its first contract test, or one made from its schema. */
export function exampleInput(
  action: ActionDefinition,
  { actions }: Pick<ConnectorDefinition, 'actions'>,
): JsonObject {
  const test = action.tests.find(({ fails }) => fails === undefined);
  if (test !== undefined) return test.input;
  const [table, verb = ''] = action.id.split('.');
  const properties = propertiesOf(action.input);
  const given = requiredValues(action.input);
  if (verb.endsWith('-many')) {
    const row = requiredValues(actions[`${table}.create`]!.input);
    const named = verb === 'create-many' ? row : { id: sampleIds[0], ...row };
    return { ...given, ...(verb === 'upsert-many' ? { matchOn: ['id'] } : {}), rows: [named] };
  }
  if (verb === 'update' || verb === 'upsert')
    return { id: sampleIds[0], ...given, ...firstColumn(properties) };
  if (verb === 'get-by-key') return firstColumn(properties);
  if (verb === 'add-note') return { ...given, text: 'Called back: it is the fuse.' };
  return 'limit' in properties ? { ...given, limit: 20 } : given;
}

/** Params of a trigger: those of its first contract test. */
export function exampleParams({ tests }: TriggerDefinition): JsonObject {
  return tests[0]?.params ?? {};
}

function propertiesOf(schema: JsonSchema): Readonly<Record<string, JsonSchema>> {
  return (schema.properties ?? {}) as Readonly<Record<string, JsonSchema>>;
}

/** A column that a person would change. */
function firstColumn(properties: Readonly<Record<string, JsonSchema>>): JsonObject {
  const name = Object.keys(sampleTexts).find((word) => word in properties) ?? Object.keys(properties)[0]!;
  return { [name]: sampleValue(name, properties[name]!, 0) };
}

/** What is needed, filled in. */
function requiredValues(schema: JsonSchema): JsonObject {
  const properties = propertiesOf(schema);
  let rows = 0;
  const required = (schema.required ?? []) as readonly string[];
  return Object.fromEntries(
    required.map((name) => [
      name,
      sampleValue(name, properties[name]!, isId(properties[name]!) ? rows++ : 1),
    ]),
  );
}

const isId = ({ format }: JsonSchema) => format === 'uuid';

function sampleValue(name: string, schema: JsonSchema, place: number): Json {
  const { enum: choices, anyOf, examples, items } = schema as { [keyword: string]: readonly Json[] };
  if (choices !== undefined) return choices[0]!;
  if (anyOf !== undefined) return sampleValue(name, anyOf[0] as unknown as JsonSchema, place);
  if (examples?.[0] !== undefined) return examples[0];
  const type = [schema.type].flat()[0];
  if (type === 'object') return requiredValues(schema);
  if (type === 'array') return [sampleValue(name, (items ?? {}) as unknown as JsonSchema, place)];
  if (type === 'integer' || type === 'number') return Number(schema.minimum ?? 1);
  if (type === 'boolean') return true;
  return isId(schema)
    ? sampleIds[place % sampleIds.length]!
    : (sampleTexts[name] ?? sampleFormats[String(schema.format)] ?? 'text');
}

const sampleFormats: Readonly<Record<string, string>> = {
  date: '2026-01-15',
  'date-time': '2026-01-15T09:00:00Z',
  email: 'ann@example.com',
  uri: 'https://example.com/',
};
