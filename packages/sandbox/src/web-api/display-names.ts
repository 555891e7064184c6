import type { OrganizationStore } from '../store/types.ts';
import type { DisplayNames } from './format-value.ts';

/** The currency symbol of amounts without a currency. */
export const defaultCurrencySymbol = '$';

/** Names for formatted values that are not part of a row. Row names are read one by one. */
export const createDisplayNames = (store: OrganizationStore): DisplayNames => ({
  row: ({ table, id }) => store.readNames(table, [id]).get(id),
  table: (logicalName) => store.model.table(logicalName)?.displayName,
  currency: defaultCurrencySymbol,
});
