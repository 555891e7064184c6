import { formattedValueAnnotation } from 'dynamics365-connector/odata';
import type { Attribute, TableModel } from '../../model/types.ts';
import type { AggregateResult, ColumnValue, StoreQuery } from '../../store/types.ts';
import { createDisplayNames } from '../display-names.ts';
import { type DisplayNames, formatValue, groupDigits } from '../format-value.ts';
import { entitySetName, toJsonValue } from '../odata-names.ts';
import type { ODataQuery } from '../query-options.ts';
import { contextUrl, jsonResponse } from '../responses.ts';
import type { WebApiContext, WebApiResponse } from '../types.ts';

/** Handles `GET incidents?$apply=groupby((statuscode),aggregate($count as count))`. */
export function getAggregates(
  context: WebApiContext,
  {
    table,
    query,
    relatedTo,
  }: {
    readonly table: TableModel;
    readonly query: ODataQuery & Required<Pick<ODataQuery, 'apply'>>;
    readonly relatedTo?: StoreQuery['relatedTo'];
  },
): WebApiResponse {
  const { apply, filter, orderBy, top } = query;
  const result = context.org.store.aggregate(table.logicalName, {
    apply,
    filter,
    orderBy,
    top,
    relatedTo,
    actor: context.actor,
  });
  return jsonResponse(context, {
    '@odata.context': contextUrl(context, entitySetName(table)),
    value: serializeAggregates(context, result),
  });
}

/** Aggregates as JSON: empty values are omitted; formatted values are added on request. */
export function serializeAggregates(
  context: WebApiContext,
  { columns, rows, texts }: AggregateResult,
): readonly object[] {
  const withFormattedValues = context.prefer.includesAnnotation(formattedValueAnnotation);
  const names = createDisplayNames(context.org.store, context.format);
  return rows.map((row, index) => {
    const json: Record<string, unknown> = {};
    for (const { name, attribute } of columns) {
      const value = row[name] ?? null;
      if (value === null) continue;
      const text = withFormattedValues
        ? (texts?.[index]?.[name] ?? formatAggregate(attribute, value, names))
        : undefined;
      if (text !== undefined) json[`${name}@${formattedValueAnnotation}`] = text;
      json[name] = attribute ? toJsonValue(attribute, value) : value;
    }
    return json;
  });
}

function formatAggregate(
  attribute: Attribute | undefined,
  value: ColumnValue,
  names: DisplayNames,
): string | undefined {
  if (!attribute) return groupDigits(String(value), 0, names.format);
  return formatValue(attribute, value, names);
}
