import type { Attribute, TableModel } from '../model/types.ts';

/** The columns that a table with a money column also has: the amount in the base currency, the currency and its rate. */
export function moneyCompanions(table: TableModel, { logicalName, displayName }: Attribute): Attribute[] {
  if (logicalName.endsWith('_base')) return [];
  const custom = { required: 'None', custom: true } as const;
  const readOnly = { ...custom, validForCreate: false, validForUpdate: false } as const;
  const companions: Attribute[] = [
    {
      logicalName: `${logicalName}_base`,
      schemaName: `${logicalName}_Base`,
      displayName: `${displayName} (Base)`,
      type: 'Money',
      ...readOnly,
    },
    {
      logicalName: 'transactioncurrencyid',
      schemaName: 'TransactionCurrencyId',
      displayName: 'Currency',
      type: 'Lookup',
      targets: [{ table: 'transactioncurrency', navigation: 'transactioncurrencyid' }],
      ...custom,
      validForCreate: true,
      validForUpdate: true,
    },
    {
      logicalName: 'exchangerate',
      schemaName: 'ExchangeRate',
      displayName: 'Exchange Rate',
      type: 'Decimal',
      precision: 12,
      ...readOnly,
    },
  ];
  return companions.filter(
    (companion) => !table.attributes.some((each) => each.logicalName === companion.logicalName),
  );
}
