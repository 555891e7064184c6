import { ConnectorError } from '../errors/connector-error.ts';
import type { JsonShape } from '../model/json-shape.ts';

/** Parses a value of the store. CHECKPOINT_INVALID, with its key, if it is not JSON or has another shape. */
export function parseStoredJson<Value>(key: string, text: string, hasShape: JsonShape): Value {
  const json = parseJson(text);
  if (json !== undefined && hasShape(json)) return json as Value;
  throw unreadableError(key);
}

/** CHECKPOINT_INVALID for a value of a feed. */
export function unreadableError(key: string): ConnectorError {
  return new ConnectorError('CHECKPOINT_INVALID', `The stored value of "${key}" cannot be read.`, {
    advice:
      'Restore the store from a backup, or delete the entries of the feed: it then reads the changes again.',
  });
}

function parseJson(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}
