import type { Model } from '../model/types.ts';
import { type Database, quoteIdentifier } from './database.ts';
import { fromEpochMs } from './date-time.ts';
import type { Actor, EntityReference } from './types.ts';

/** What a new or changed row is filled in with. */
export interface DefaultValues {
  readonly model: Model;
  /** `2024-05-01T08:30:00Z` */
  readonly now: string;
  readonly writtenBy: EntityReference;
  /** Who did it in their name. */
  readonly delegate: EntityReference | null;
  /** Business unit of an owner, if the owner is known. */
  businessUnitOf(owner: EntityReference): EntityReference | null;
  /** The organization's own currency, if it has one. */
  baseCurrency(): EntityReference | null;
  /** `CAS-01000-X1Y2Z3` */
  ticketNumber(): string;
}

/** Where a filling comes from. */
export interface DefaultValueSources {
  readonly database: Database;
  readonly model: Model;
  readonly nowMs: () => number;
  readonly ticketNumber: () => string;
}

/** What rows that this actor writes now are filled in with. */
export function createDefaultValues(
  { userId, delegateId }: Actor,
  { database, model, nowMs, ticketNumber }: DefaultValueSources,
): DefaultValues {
  const user = (id: string): EntityReference => ({ table: 'systemuser', id: id.toLowerCase() });
  const first = (table: string, sql: string, values: readonly string[] = []): EntityReference | null => {
    const id = database.get(sql, values)?.id;
    return id ? { table, id: id as string } : null;
  };
  return {
    model,
    now: `${fromEpochMs(nowMs())}Z`,
    writtenBy: user(userId),
    delegate: delegateId === undefined ? null : user(delegateId),
    ticketNumber,
    businessUnitOf({ table, id }) {
      const key = table === 'team' ? '"teamid"' : '"systemuserid"';
      const sql = `SELECT "businessunitid" AS id FROM ${quoteIdentifier(table)} WHERE ${key} = ?1`;
      return first('businessunit', sql, [id.toLowerCase()]);
    },
    baseCurrency: () =>
      first('transactioncurrency', 'SELECT "basecurrencyid" AS id FROM "organization" LIMIT 1'),
  };
}
