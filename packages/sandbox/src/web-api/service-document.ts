import { jsonResponse } from './responses.ts';
import type { WebApiContext, WebApiResponse } from './types.ts';

/** Handles `GET /api/data/v9.2/`: the list of entity sets. */
export function getServiceDocument(context: WebApiContext): WebApiResponse {
  const sets = [...context.org.store.model.tables.values()]
    .flatMap(({ set }) => (set === undefined ? [] : [set]))
    .sort();
  return jsonResponse(context, {
    '@odata.context': `${context.base}/$metadata`,
    value: sets.map((name) => ({ name, kind: 'EntitySet', url: name })),
  });
}
