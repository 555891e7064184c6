import type { Json, JsonObject, JsonSchema } from 'dynamics365-connector';
import type { OperationView } from 'dynamics365-connector/host';
import { readFieldValue } from './read-field-value.ts';

/** Where the values of a form come from. */
export interface FormValues {
  /** Returns a parameter of the node, or undefined. */
  readonly getParameter: (name: string) => unknown;
  /** IANA name of the workflow's time zone. */
  readonly timeZone: string;
}

/** The part of an operation's view that its form shows. */
type OperationForm = Pick<OperationView, 'kind' | 'fields'>;

/** Reads the input of an operation from its form. Unknown names are passed on: the engine reports them. */
export function readInput(view: OperationForm, { getParameter, timeZone }: FormValues): JsonObject {
  const { fields } = view;
  const required = fields.flatMap((field) => (field.required ? [field.name] : []));
  const entered = toPlainJson({
    ...Object.fromEntries(required.map((name) => [name, getParameter(name)])),
    ...collectedValues(view, getParameter),
  });
  const values = Object.entries(entered).flatMap(([name, value]): (readonly [string, Json])[] => {
    const field = fields.find((one) => one.name === name);
    if (field === undefined) return [[name, value]];
    const converted = readFieldValue(field, { value, timeZone });
    const isEmpty = converted === undefined || (converted === null && !acceptsNull(field.schema));
    return isEmpty ? [] : [[name, converted]];
  });
  return Object.fromEntries(values);
}

/**
 * The values in the node's collections. The options of an action include those of the call, which are no inputs; a trigger's
 * are none.
 */
function collectedValues(
  { kind, fields }: OperationForm,
  getParameter: FormValues['getParameter'],
): JsonObject {
  const collected = (name: string) => Object.entries((getParameter(name) ?? {}) as JsonObject);
  const options = kind === 'trigger' ? [] : collected('options');
  const inputs = options.filter(([name]) => fields.some((field) => field.name === name));
  return Object.fromEntries([...collected('filters'), ...collected('additionalFields'), ...inputs]);
}

function acceptsNull({ type }: JsonSchema): boolean {
  return [type].flat().includes('null');
}

/** Converts results of expressions to plain JSON: objects of another realm, Date and Luxon's DateTime. */
export function toPlainJson(value: object): JsonObject {
  return JSON.parse(JSON.stringify(value)) as JsonObject;
}
