import { asConnectorError } from './as-connector-error.ts';
import type { ConnectorError } from './connector-error.ts';

/** Runs a synchronous public function: whatever it throws becomes a ConnectorError. */
export function guard<T>(work: () => T): T {
  try {
    return work();
  } catch (error) {
    throw asConnectorError(error);
  }
}

/** Runs an asynchronous public function: it rejects with a ConnectorError only and never throws synchronously. */
export function guardAsync<T>(work: () => T | Promise<T>): Promise<T> {
  try {
    return Promise.resolve(work()).catch(throwConnectorError);
  } catch (error) {
    return Promise.reject(asConnectorError(error));
  }
}

function throwConnectorError(error: unknown): never {
  throw asConnectorError(error);
}

/** Iterates what `open` returns: opening and each step reject with a ConnectorError only. */
export async function* guardIterable<T>(
  open: () => AsyncIterable<T>,
  convert: (error: unknown) => ConnectorError = asConnectorError,
): AsyncGenerator<T> {
  try {
    yield* open();
  } catch (error) {
    throw convert(error);
  }
}
