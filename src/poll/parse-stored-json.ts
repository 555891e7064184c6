import { ConnectorError } from '../errors/connector-error.ts';

/** Parses a value of the store. CHECKPOINT_INVALID if it is not JSON. */
export function parseStoredJson<Value>(key: string, text: string): Value {
  try {
    return JSON.parse(text) as Value;
  } catch {
    throw new ConnectorError('CHECKPOINT_INVALID', `The stored value of "${key}" is not valid JSON.`, {
      advice: 'Restore the store from a backup, or poll without a checkpoint to start from now.',
    });
  }
}
