import { ConnectorError } from '../errors/connector-error.ts';

/** What the store keeps under a key, as data. CHECKPOINT_INVALID for a text that is none of ours. */
export function parseStoredJson<Value>(key: string, text: string): Value {
  try {
    return JSON.parse(text) as Value;
  } catch {
    throw new ConnectorError('CHECKPOINT_INVALID', `What the store holds under "${key}" is damaged.`, {
      advice: 'Restore the store from a backup, or leave the checkpoint out to start anew from now.',
    });
  }
}
