import type { Attribute, TableModel } from '../../model/types.ts';
import type { AggregateResult, ColumnValue, EntityReference } from '../../store/types.ts';
import { formatValue } from '../format-value.ts';
import { entitySetName, toJsonValue } from '../odata-names.ts';
import type { ODataQuery } from '../query-options.ts';
import { contextUrl, jsonResponse } from '../responses.ts';
import { formattedValueAnnotation } from '../serialize-rows.ts';
import type { WebApiContext, WebApiResponse } from '../types.ts';

/** `GET incidents?$apply=groupby((statuscode),aggregate($count as count))` */
export function getAggregates(
  context: WebApiContext,
  { table, query }: { table: TableModel; query: ODataQuery },
): WebApiResponse {
  const { apply, filter, orderBy, top } = query;
  const result = context.org.store.aggregate(table.logicalName, {
    apply: apply!,
    ...(filter ? { filter } : {}),
    ...(orderBy ? { orderBy } : {}),
    ...(top === undefined ? {} : { top }),
    actor: context.actor,
  });
  return jsonResponse(context, {
    '@odata.context': contextUrl(context, entitySetName(table)),
    value: serializeAggregates(context, result),
  });
}

/** Aggregated rows as JSON: empty values are left out, each has its text for people where that was asked for. */
export function serializeAggregates(
  context: WebApiContext,
  { columns, rows }: AggregateResult,
): readonly object[] {
  const withFormattedValues = context.prefer.includesAnnotation(formattedValueAnnotation);
  return rows.map((row) => {
    const json: Record<string, unknown> = {};
    for (const { name, attribute } of columns) {
      const value = row[name] ?? null;
      if (value === null) continue;
      const text = withFormattedValues ? formatAggregate(context, attribute, value) : undefined;
      if (text !== undefined) json[`${name}@${formattedValueAnnotation}`] = text;
      json[name] = attribute ? toJsonValue(attribute, value) : value;
    }
    return json;
  });
}

function formatAggregate(
  { org }: WebApiContext,
  attribute: Attribute | undefined,
  value: ColumnValue,
): string | undefined {
  if (!attribute) return Number(value).toLocaleString('en-US');
  return formatValue(attribute, value, {
    row: (id) => (isReference(value) ? org.store.readNames(value.table, [id]).get(id) : undefined),
    table: (logicalName) => org.store.model.table(logicalName)?.displayName,
    currency: '$',
  });
}

function isReference(value: ColumnValue): value is EntityReference {
  return typeof value === 'object' && value !== null;
}
