import type { Json, JsonObject, JsonSchema } from 'dynamics365-connector';
import { runtimeOf } from 'dynamics365-connector/host';
import { classifyField, inputSchemaOf, type OperationDefinition } from './classify-field.ts';
import type { N8nContext } from './n8n-context.ts';
import { readFieldValue } from './read-field-value.ts';

/** Where the values of a form come from. */
export interface FormValues {
  /** Returns a parameter of the node, or undefined. */
  readonly getParameter: (name: string) => unknown;
  /** IANA name of the workflow's time zone. */
  readonly timeZone: string;
}

/** Reads the input of an operation from its form. Unknown names are passed on: the engine reports them. */
export function readInput(
  { connector }: N8nContext,
  operation: OperationDefinition,
  { getParameter, timeZone }: FormValues,
): JsonObject {
  const { definition } = runtimeOf(connector);
  const { properties, required } = inputSchemaOf(operation);
  const entered = toPlainJson({
    ...Object.fromEntries(required.map((name) => [name, getParameter(name)])),
    ...(getParameter('additionalFields') as JsonObject | undefined),
  });
  const values = Object.entries(entered).flatMap(([name, value]): (readonly [string, Json])[] => {
    const schema = Object.hasOwn(properties, name) ? properties[name] : undefined;
    if (schema === undefined) return [[name, value]];
    const converted = readFieldValue(classifyField(definition, operation, name), { name, value, timeZone });
    const isEmpty = converted === undefined || (converted === null && !acceptsNull(schema));
    return isEmpty ? [] : [[name, converted]];
  });
  return Object.fromEntries(values);
}

function acceptsNull({ type }: JsonSchema): boolean {
  return [type].flat().includes('null');
}

/** Converts results of expressions to plain JSON: objects of another realm, Date and Luxon's DateTime. */
export function toPlainJson(value: object): JsonObject {
  return JSON.parse(JSON.stringify(value)) as JsonObject;
}
