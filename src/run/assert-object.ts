import { ConnectorError } from '../errors/connector-error.ts';
import { isJsonObject } from '../model/json.ts';

/** Returns an argument that must be an object. INPUT_INVALID for anything else: callers in JavaScript have no types. */
export function assertObject<T extends object>(name: string, value: T): T {
  if (isJsonObject(value)) return value;
  throw new ConnectorError('INPUT_INVALID', `The ${name} must be an object.`);
}

/** Returns an argument that must be a list or another iterable. INPUT_INVALID for anything else. */
export function assertIterable<T extends Iterable<unknown> | AsyncIterable<unknown>>(
  name: string,
  value: T,
): T {
  const isObject = typeof value === 'object' && value !== null;
  if (isObject && (Symbol.iterator in value || Symbol.asyncIterator in value)) return value;
  throw new ConnectorError('INPUT_INVALID', `The ${name} must be a list.`);
}
