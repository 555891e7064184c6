/** A row as a header names it. */
export interface EntityId {
  readonly set: string;
  /** What stands in the parentheses, decoded: the id, or an alternate key. */
  readonly key: string;
  /** Lower case; absent when the row is named by an alternate key. */
  readonly id?: string;
}

/**
 * Reads `OData-EntityId` or `Location`: `https://org/api/data/v9.2/accounts(id)`. Undefined when it is not the
 * URL of a row. The origin is not checked here.
 */
export function parseEntityId(url: string): EntityId | undefined {
  const match = /(?:^|\/)(\w+)\(((?:[^()']|'[^']*')+)\)$/.exec(decode(url.slice(0, 4096)));
  if (match === null) return undefined;
  const [, set, key] = match as unknown as [string, string, string];
  const id = /^(?:\w+=)?([0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12})$/i.exec(key)?.[1];
  return { set, key, ...(id === undefined ? {} : { id: id.toLowerCase() }) };
}

function decode(text: string): string {
  try {
    return decodeURIComponent(text);
  } catch {
    return text;
  }
}
