import type { Json, JsonObject, JsonSchema } from 'dynamics365-connector';
import { fieldKind, inputOf, type Operation } from './field-kind.ts';
import type { House } from './house.ts';
import { readField } from './read-field.ts';

/** Where the values of a form are read. */
export interface Form {
  /** A parameter of the node, or undefined. */
  readonly parameter: (name: string) => unknown;
  /** IANA name of the workflow's time zone. */
  readonly timeZone: string;
}

/** The input of an operation from the fields of its form. Names that it does not know are the engine's to refuse. */
export function readInput(
  { connector: { definition } }: House,
  operation: Operation,
  { parameter, timeZone }: Form,
): JsonObject {
  const { properties, required } = inputOf(operation);
  const entered = toJson({
    ...Object.fromEntries(required.map((name) => [name, parameter(name)])),
    ...(parameter('additionalFields') as JsonObject | undefined),
  });
  const read = Object.entries(entered).flatMap(([name, value]): (readonly [string, Json])[] => {
    const schema = Object.hasOwn(properties, name) ? properties[name] : undefined;
    if (schema === undefined) return [[name, value]];
    const found = readField(fieldKind(definition, operation, name), { name, value, timeZone });
    return found === undefined || (found === null && !takesNull(schema)) ? [] : [[name, found]];
  });
  return Object.fromEntries(read);
}

function takesNull({ type }: JsonSchema): boolean {
  return [type].flat().includes('null');
}

/** Plain data of what expressions come to: objects of another realm, JavaScript's dates and Luxon's. */
export function toJson(value: object): JsonObject {
  return JSON.parse(JSON.stringify(value)) as JsonObject;
}
