import { json } from './answer.ts';
import type { Exchange, OrgResponse } from './types.ts';

/** `GET /api/data/v9.2/`: the entity sets there are. */
export function serviceDocument(exchange: Exchange): OrgResponse {
  const sets = [...exchange.org.store.model.tables.values()]
    .flatMap(({ set }) => (set === undefined ? [] : [set]))
    .sort();
  return json(exchange, {
    '@odata.context': `${exchange.base}/$metadata`,
    value: sets.map((name) => ({ name, kind: 'EntitySet', url: name })),
  });
}
