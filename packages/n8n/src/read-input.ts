import type { Json, JsonObject, JsonSchema } from 'dynamics365-connector';
import { classifyField, inputSchemaOf, type OperationDefinition } from './classify-field.ts';
import type { N8nContext } from './n8n-context.ts';
import { readFieldValue } from './read-field-value.ts';

/** Where the values of a form are read. */
export interface FormValues {
  /** A parameter of the node, or undefined. */
  readonly getParameter: (name: string) => unknown;
  /** IANA name of the workflow's time zone. */
  readonly timeZone: string;
}

/** The input of an operation from the fields of its form. Names that it does not know are the engine's to refuse. */
export function readInput(
  { connector: { definition } }: N8nContext,
  operation: OperationDefinition,
  { getParameter, timeZone }: FormValues,
): JsonObject {
  const { properties, required } = inputSchemaOf(operation);
  const entered = toPlainJson({
    ...Object.fromEntries(required.map((name) => [name, getParameter(name)])),
    ...(getParameter('additionalFields') as JsonObject | undefined),
  });
  const read = Object.entries(entered).flatMap(([name, value]): (readonly [string, Json])[] => {
    const schema = Object.hasOwn(properties, name) ? properties[name] : undefined;
    if (schema === undefined) return [[name, value]];
    const found = readFieldValue(classifyField(definition, operation, name), { name, value, timeZone });
    return found === undefined || (found === null && !acceptsNull(schema)) ? [] : [[name, found]];
  });
  return Object.fromEntries(read);
}

function acceptsNull({ type }: JsonSchema): boolean {
  return [type].flat().includes('null');
}

/** Plain data of what expressions come to: objects of another realm, JavaScript's dates and Luxon's. */
export function toPlainJson(value: object): JsonObject {
  return JSON.parse(JSON.stringify(value)) as JsonObject;
}
