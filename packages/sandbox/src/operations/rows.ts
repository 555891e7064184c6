import { wireName } from '../model/attribute.ts';
import type { TableModel } from '../model/types.ts';
import { contextUrl, json } from '../protocol/answer.ts';
import { badArgument } from '../protocol/refusal.ts';
import type { OrgResponse } from '../protocol/types.ts';
import { setOf, typeName, wireValue } from '../protocol/wire.ts';
import type { Reference, Row } from '../store/types.ts';
import { rowParameter, textParameter } from './parameters.ts';
import type { Call, Operation } from './types.ts';

/** What can be done with rows of any table. */
export const rowOperations: readonly Operation[] = [
  {
    name: 'InitializeFrom',
    kind: 'function',
    parameters: { EntityMoniker: 'required', TargetEntityName: 'required', TargetFieldType: 'required' },
    run: initializeFrom,
  },
];

/** A draft of a new row that belongs to an existing one: the lookup back to it, and columns of the same name. */
function initializeFrom(call: Call): OrgResponse {
  const { exchange } = call;
  const { model } = exchange.org.store;
  const source = rowParameter(call, 'EntityMoniker');
  const target = model.table(textParameter(call, 'TargetEntityName'));
  if (!target) throw badArgument("The parameter 'TargetEntityName' does not name an entity.");
  const from = model.table(source.table)!;
  const relationship = model.oneToMany.find(
    ({ referenced, referencing }) => referenced === from.logicalName && referencing === target.logicalName,
  );
  const lookup = relationship && model.attribute(target, relationship.attribute);
  const navigation = lookup?.targets?.find(({ table }) => table === from.logicalName)?.navigation;
  const copied = target.attributes
    .filter((column) => /^address1_(line|city|state|postal|country)/.test(column.logicalName))
    .flatMap((column) => {
      const value = source.values[column.logicalName] ?? null;
      return value === null ? [] : [[wireName(column), wireValue(column, value)] as const];
    });
  return json(exchange, {
    '@odata.context': contextUrl(exchange, `${setOf(target)}/$entity`),
    '@odata.type': `#${typeName(target)}`,
    ...(navigation ? { [`${navigation}@odata.bind`]: `${setOf(from)}(${source.id})` } : {}),
    ...currencyOf(call, source, target),
    ...Object.fromEntries(copied),
  });
}

/** Money in the draft keeps the currency of the row it comes from. */
function currencyOf({ exchange }: Call, source: Row, target: TableModel): object {
  const { model } = exchange.org.store;
  const currency = source.values.transactioncurrencyid as Reference | null | undefined;
  if (!currency || !model.attribute(target, 'transactioncurrencyid')) return {};
  return { 'transactioncurrencyid@odata.bind': `transactioncurrencies(${currency.id})` };
}
