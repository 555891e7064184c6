import { createHash } from 'node:crypto';
import type { JsonObject } from 'dynamics365-connector';
import type { DocumentScope } from './document-scope.ts';

/** The texts of documents that were asked for lately. */
export interface DocumentCache {
  /** The text of a document, which is made for the first request and whenever what it shows has changed. */
  read(make: (scope: DocumentScope) => Promise<JsonObject>, scope: DocumentScope): Promise<string>;
}

/** Whole documents have about 500 KB. */
const defaultMaxCount = 10;

/** Creates an empty cache. Requests at the same time share one making; a failure is not kept. */
export function createDocumentCache(maxCount = defaultMaxCount): DocumentCache {
  const known = new Map<string, Promise<string>>();
  return {
    read(make, scope) {
      const key = `${make.name} ${keyOf(scope)}`;
      const text = known.get(key) ?? make(scope).then((document) => JSON.stringify(document));
      // The one that was asked for last is forgotten last.
      known.delete(key);
      known.set(key, text);
      text.catch(() => known.delete(key));
      const [oldest] = known.keys();
      if (known.size > maxCount && oldest !== undefined) known.delete(oldest);
      return text;
    },
  };
}

/** What the document of one service depends on: the definition and the address do not change. */
function keyOf({ actions, triggers, connection, customColumns = new Map() }: DocumentScope): string {
  const ids = [...actions, ...triggers].map(({ id }) => id);
  const shown = JSON.stringify([connection ?? null, ids, [...customColumns]]);
  return createHash('sha256').update(shown).digest('base64');
}
