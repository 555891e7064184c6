import { odataPropertyName } from '../model/attribute.ts';
import type { TableModel } from '../model/types.ts';
import { toReference } from '../store/entity-reference.ts';
import { requireTable } from '../store/require-table.ts';
import type { StoredRow } from '../store/types.ts';
import { invalidArgument } from '../web-api/errors.ts';
import { entitySetName, entityTypeName, toJsonValue } from '../web-api/odata-names.ts';
import { contextUrl, jsonResponse } from '../web-api/responses.ts';
import type { WebApiResponse } from '../web-api/types.ts';
import { readRowParameter, readStringParameter } from './parameters.ts';
import type { OperationContext, WebApiOperation } from './types.ts';

/** Operations on rows of any table. */
export const initializeFromOperations: readonly WebApiOperation[] = [
  {
    name: 'InitializeFrom',
    kind: 'function',
    parameters: { EntityMoniker: 'required', TargetEntityName: 'required', TargetFieldType: 'required' },
    run: initializeFrom,
  },
];

/** A draft of a new row related to an existing one: a lookup to it, and its address columns. */
function initializeFrom(call: OperationContext): WebApiResponse {
  const { context } = call;
  const { model } = context.org.store;
  const source = readRowParameter(call, 'EntityMoniker');
  const target = model.table(readStringParameter(call, 'TargetEntityName'));
  if (!target) throw invalidArgument("The parameter 'TargetEntityName' is not the name of a table.");
  const from = requireTable(model, source.table);
  const relationship = model.oneToMany.find(
    ({ referenced, referencing }) => referenced === from.logicalName && referencing === target.logicalName,
  );
  const lookup = relationship && model.attribute(target, relationship.attribute);
  const navigation = lookup?.targets?.find(({ table }) => table === from.logicalName)?.navigation;
  const copied = target.attributes
    .filter((column) => /^address1_(line|city|state|postal|country)/.test(column.logicalName))
    .flatMap((column) => {
      const value = source.values[column.logicalName] ?? null;
      return value === null ? [] : [[odataPropertyName(column), toJsonValue(column, value)] as const];
    });
  const binding = navigation && { [`${navigation}@odata.bind`]: `${entitySetName(from)}(${source.id})` };
  return jsonResponse(context, {
    '@odata.context': contextUrl(context, `${entitySetName(target)}/$entity`),
    '@odata.type': `#${entityTypeName(target)}`,
    ...binding,
    ...currencyBinding(call, source, target),
    ...Object.fromEntries(copied),
  });
}

/** The draft has the currency of the source row. */
function currencyBinding({ context }: OperationContext, source: StoredRow, target: TableModel): object {
  const { model } = context.org.store;
  const currency = toReference(source.values.transactioncurrencyid);
  if (!currency || !model.attribute(target, 'transactioncurrencyid')) return {};
  return { 'transactioncurrencyid@odata.bind': `transactioncurrencies(${currency.id})` };
}
