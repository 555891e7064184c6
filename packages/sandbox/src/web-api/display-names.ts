import { referenceId } from '../store/entity-reference.ts';
import type { ColumnValue, OrganizationStore } from '../store/types.ts';
import type { CurrencyFormat, DisplayNames } from './format-value.ts';
import type { UserFormat } from './user-format.ts';

/** Names for formatted values that are not part of a row. Row names are read one by one. */
export function createDisplayNames(
  store: OrganizationStore,
  format: UserFormat,
  currency: ColumnValue = null,
): DisplayNames {
  let found: CurrencyFormat | undefined;
  return {
    format,
    row: ({ table, id }) => store.readNames(table, [id]).get(id),
    table(logicalName) {
      const table = store.model.table(logicalName);
      return table?.translations?.displayName?.[format.language] ?? table?.displayName;
    },
    get currency() {
      found ??= readCurrencyFormat(store, currency);
      return found;
    },
  };
}

/** How amounts of a currency are written; without one, those of the organization's base currency. */
export function readCurrencyFormat(store: OrganizationStore, currency: ColumnValue): CurrencyFormat {
  const id = referenceId(currency) ?? baseCurrencyId(store);
  const { currencysymbol, currencyprecision } =
    (id === undefined ? undefined : store.read('transactioncurrency', id)?.values) ?? {};
  return { symbol: String(currencysymbol ?? '$'), places: Number(currencyprecision ?? 2) };
}

function baseCurrencyId(store: OrganizationStore): string | undefined {
  const query = { select: ['_basecurrencyid_value'], pageSize: 1, actor: { userId: '' } };
  const currency = store.query('organization', query).rows[0]?.values.basecurrencyid;
  return referenceId(currency);
}
