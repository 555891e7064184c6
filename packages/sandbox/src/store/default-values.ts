import { decimalScale } from '../model/attribute.ts';
import type { Model } from '../model/types.ts';
import type { AutoNumber } from './auto-numbers.ts';
import { quoteIdentifier, type StoreContext } from './database.ts';
import { formatDateTime } from './date-time.ts';
import { fromUnits } from './decimal.ts';
import type { Actor, EntityReference } from './types.ts';

/** The values that Dataverse fills in when a row is written. */
export interface DefaultValues {
  readonly model: Model;
  /** `2024-05-01T08:30:00Z` */
  readonly now: string;
  readonly writtenBy: EntityReference;
  /** The user whose token was used, when it impersonates `writtenBy`. */
  readonly delegate: EntityReference | null;
  /** Business unit of an owner; null when the owner is unknown. */
  businessUnitOf(owner: EntityReference): EntityReference | null;
  /** Base currency of the organization; null when it has none. */
  baseCurrency(): EntityReference | null;
  /** Units of a currency for one of the base currency: `1.0850000000`; `1` when the currency has no rate. */
  exchangeRate(currency: EntityReference): string;
  /** `CAS-01000-X1Y2Z3` */
  ticketNumber(): string;
  readonly autoNumber: AutoNumber;
}

/** Where default values come from. */
export interface DefaultValueSources extends StoreContext {
  readonly nowMs: () => number;
  readonly ticketNumber: () => string;
  readonly autoNumber: AutoNumber;
}

/** The default values of rows that this actor writes now. */
export function createDefaultValues(
  { userId, delegateId }: Actor,
  { database, model, nowMs, ticketNumber, autoNumber }: DefaultValueSources,
): DefaultValues {
  const user = (id: string): EntityReference => ({ table: 'systemuser', id: id.toLowerCase() });
  const first = (table: string, sql: string, values: readonly string[] = []): EntityReference | null => {
    const id = database.get(sql, values)?.id;
    return id ? { table, id: id as string } : null;
  };
  return {
    model,
    now: formatDateTime(nowMs()),
    writtenBy: user(userId),
    delegate: delegateId === undefined ? null : user(delegateId),
    ticketNumber,
    autoNumber,
    businessUnitOf({ table, id }) {
      const key = table === 'team' ? '"teamid"' : '"systemuserid"';
      const sql = `SELECT "businessunitid" AS id FROM ${quoteIdentifier(table)} WHERE ${key} = ?1`;
      return first('businessunit', sql, [id.toLowerCase()]);
    },
    baseCurrency: () =>
      first('transactioncurrency', 'SELECT "basecurrencyid" AS id FROM "organization" LIMIT 1'),
    exchangeRate({ table, id }) {
      const column = model.table(table)?.attributes.find(({ logicalName }) => logicalName === 'exchangerate');
      const sql =
        'SELECT CAST("exchangerate" AS TEXT) AS "rate" FROM "transactioncurrency" WHERE "transactioncurrencyid" = ?1';
      const units = column && database.get(sql, [id.toLowerCase()])?.rate;
      return column && units ? fromUnits(String(units), decimalScale(column)) : '1';
    },
  };
}
