import { type Comparison, etagOfVersion } from 'dynamics365-connector/odata';
import type { TableModel } from '../../model/types.ts';
import type { Row } from '../../store/types.ts';
import { contextUrl, json } from '../answer.ts';
import { shapeOf } from '../build-shape.ts';
import { header } from '../headers.ts';
import { requireRow } from '../key.ts';
import { parseQuery, type Query } from '../options.ts';
import { noSuchRow } from '../refusal.ts';
import type { RowResource } from '../resource.ts';
import { writeRows } from '../rows.ts';
import type { Shape } from '../shape.ts';
import type { Exchange, OrgResponse } from '../types.ts';
import { setOf } from '../wire.ts';
import { pathTo, selection } from './list.ts';

/** Headers of an answer without a body, as Dataverse sends them. */
const notModified = { 'Content-Type': 'application/json; odata.metadata=minimal', 'OData-Version': '4.0' };

/** `GET accounts(id)?$select=…`: one row, or 304 when the caller's copy is current. */
export function readEntity(exchange: Exchange, resource: RowResource): OrgResponse {
  const query = parseQuery(exchange.options);
  const { store } = exchange.org;
  const shape = shapeOf(store.model, resource.table, query);
  const row = requireRow(store, resource.table, resource.key);
  const known = header(exchange.request.headers, 'If-None-Match');
  if (known === etagOfVersion(row.version) && !query.expand && !exchange.prefer.annotated) {
    return { status: 304, headers: notModified };
  }
  const full = query.expand ? readExpanded(exchange, { row, query, shape }) : row;
  return json(exchange, entityBody(exchange, full, shape), { headers: { ETag: etagOfVersion(row.version) } });
}

/** The JSON of one row with its context. */
export function entityBody(exchange: Exchange, row: Row, shape: Shape): object {
  const columns = shape.context === '' ? '' : `(${shape.context})`;
  const context = contextUrl(exchange, `${setOf(shape.table)}${columns}/$entity`);
  const [body] = writeRows([row], shape, {
    store: exchange.org.store,
    base: exchange.base,
    prefer: exchange.prefer,
    list: false,
  });
  return { '@odata.context': context, ...body };
}

function readExpanded(
  exchange: Exchange,
  { row, query, shape }: { row: Row; query: Query; shape: Shape },
): Row {
  const result = exchange.org.store.query(shape.table.logicalName, {
    ...selection(query, shape),
    filter: idIs(shape.table, row.id),
    actor: exchange.actor,
  });
  const [full] = result.rows;
  if (!full) throw noSuchRow(shape.table.logicalName, row.id);
  return full;
}

/** The condition that finds one row by its id. */
export function idIs(table: TableModel, id: string): Comparison {
  const place = { start: 0, end: 0 };
  const right = { kind: 'guid', text: id, ...place } as const;
  return { kind: 'compare', operator: 'eq', left: pathTo(table.primaryId), right, ...place };
}
