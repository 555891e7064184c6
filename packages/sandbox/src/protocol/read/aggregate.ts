import type { Attribute, TableModel } from '../../model/types.ts';
import type { AggregateResult, Reference, Value } from '../../store/types.ts';
import { contextUrl, json } from '../answer.ts';
import { formatValue } from '../format.ts';
import type { Query } from '../options.ts';
import { formattedValue } from '../rows.ts';
import type { Exchange, OrgResponse } from '../types.ts';
import { setOf, wireValue } from '../wire.ts';

/** `GET incidents?$apply=groupby((statuscode),aggregate($count as count))` */
export function listAggregates(
  exchange: Exchange,
  { table, query }: { table: TableModel; query: Query },
): OrgResponse {
  const { apply, filter, orderBy, top } = query;
  const result = exchange.org.store.aggregate(table.logicalName, {
    apply: apply!,
    ...(filter ? { filter } : {}),
    ...(orderBy ? { orderBy } : {}),
    ...(top === undefined ? {} : { top }),
    actor: exchange.actor,
  });
  return json(exchange, {
    '@odata.context': contextUrl(exchange, setOf(table)),
    value: writeAggregates(exchange, result),
  });
}

/** Aggregated rows as JSON: empty values are left out, each has its text for people where that was asked for. */
export function writeAggregates(exchange: Exchange, { columns, rows }: AggregateResult): readonly object[] {
  const wanted = exchange.prefer.wants(formattedValue);
  return rows.map((row) => {
    const json: Record<string, unknown> = {};
    for (const { name, attribute } of columns) {
      const value = row[name] ?? null;
      if (value === null) continue;
      const text = wanted ? textOf(exchange, attribute, value) : undefined;
      if (text !== undefined) json[`${name}@${formattedValue}`] = text;
      json[name] = attribute ? wireValue(attribute, value) : value;
    }
    return json;
  });
}

function textOf({ org }: Exchange, attribute: Attribute | undefined, value: Value): string | undefined {
  if (!attribute) return Number(value).toLocaleString('en-US');
  return formatValue(attribute, value, {
    row: (id) => (isReference(value) ? org.store.names(value.table, [id]).get(id) : undefined),
    table: (logicalName) => org.store.model.table(logicalName)?.displayName,
    currency: '$',
  });
}

function isReference(value: Value): value is Reference {
  return typeof value === 'object' && value !== null;
}
