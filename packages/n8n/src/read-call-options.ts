import type { Json, JsonObject } from 'dynamics365-connector';
import { type CallOptions, type OperationView, parseCallOptions } from 'dynamics365-connector/host';
import { readFieldValue } from './read-field-value.ts';
import { toPlainJson } from './read-input.ts';

/** Reads the call options that the author added. INPUT_INVALID for unknown ones and invalid values, also for empty ones. */
export function readCallOptions(
  { fields, callOptions }: OperationView,
  added: unknown,
  timeZone: string,
): CallOptions {
  const entries = Object.entries((added ?? {}) as Readonly<Record<string, unknown>>)
    .filter(([name]) => fields.every((field) => field.name !== name))
    .map(([name, entered]): readonly [string, Json | undefined] => {
      const { value }: JsonObject = toPlainJson({ value: entered });
      const field = callOptions.find((one) => one.name === name);
      return [name, field === undefined ? value : readFieldValue(field, { value, timeZone })];
    });
  return parseCallOptions(Object.fromEntries(entries));
}
