import type { ColumnValue, ColumnValues } from './types.ts';

const composite = /^(\w+)_composite$/;
const addressPart = /_(?:line\d|city|stateorprovince|postalcode|country)$/;

/**
 * The text of an address: the lines, the place and the country, each on a line of its own. Null without any part.
 *
 * @example composeAddress({ address1_city: 'Redmond', address1_country: 'United States' }, 'address1')
 * // 'Redmond\r\nUnited States'
 */
export function composeAddress(values: ColumnValues, prefix: string): string | null {
  const part = (name: string): ColumnValue => values[`${prefix}_${name}`] ?? null;
  const region = [part('stateorprovince'), part('postalcode')].filter(Boolean).join(' ');
  const separator = part('stateorprovince') ? ', ' : ' ';
  const place = [part('city'), region].filter(Boolean).join(separator);
  const lines = [part('line1'), part('line2'), part('line3'), place, part('country')].filter(Boolean);
  return lines.length > 0 ? lines.join('\r\n') : null;
}

/** The prefix of a composite address: `address1` of `address1_composite`. */
export const addressOf = (logicalName: string): string | undefined => composite.exec(logicalName)?.[1];

/** The composite addresses of a row whose parts are among the written values. */
export function compositeValues(
  columns: readonly { readonly logicalName: string }[],
  written: ColumnValues,
  row: ColumnValues,
): ColumnValues {
  const parts = Object.keys(written).filter((name) => addressPart.test(name));
  if (parts.length === 0) return {};
  return Object.fromEntries(
    columns.flatMap(({ logicalName: name }) => {
      const prefix = addressOf(name);
      const isWritten = prefix !== undefined && parts.some((part) => part.startsWith(`${prefix}_`));
      return isWritten ? [[name, composeAddress(row, prefix)] as const] : [];
    }),
  );
}
