import { ConnectorError } from '../errors/connector-error.ts';

/** What was handed in as an object of ours; INPUT_INVALID where a host without types handed in something else. */
export function assertObject<T extends object>(name: string, value: T): T {
  if (typeof value === 'object' && value !== null && !Array.isArray(value)) return value;
  throw new ConnectorError('INPUT_INVALID', `The ${name} must be an object.`);
}

/** What was handed in as a list, or anything that can be gone through. */
export function assertIterable<T extends Iterable<unknown> | AsyncIterable<unknown>>(
  name: string,
  value: T,
): T {
  const isObject = typeof value === 'object' && value !== null;
  if (isObject && (Symbol.iterator in value || Symbol.asyncIterator in value)) return value;
  throw new ConnectorError('INPUT_INVALID', `The ${name} must be a list.`);
}
