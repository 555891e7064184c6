import type { Model } from '../model/types.ts';
import { type Database, quote } from './database.ts';
import { fromMillis } from './moment.ts';
import type { Actor, Reference } from './types.ts';

/** What a new or changed row is filled in with. */
export interface Filling {
  readonly model: Model;
  /** `2024-05-01T08:30:00Z` */
  readonly now: string;
  readonly by: Reference;
  /** Who did it in their name. */
  readonly delegate: Reference | null;
  /** Business unit of an owner, if the owner is known. */
  businessUnitOf(owner: Reference): Reference | null;
  /** The organisation's own currency, if it has one. */
  baseCurrency(): Reference | null;
  /** `CAS-01000-X1Y2Z3` */
  ticketNumber(): string;
}

/** Where a filling comes from. */
export interface Sources {
  readonly database: Database;
  readonly model: Model;
  readonly nowMs: () => number;
  readonly ticketNumber: () => string;
}

/** What rows that this actor writes now are filled in with. */
export function fillingFor(
  { userId, delegateId }: Actor,
  { database, model, nowMs, ticketNumber }: Sources,
): Filling {
  const user = (id: string): Reference => ({ table: 'systemuser', id: id.toLowerCase() });
  const first = (table: string, sql: string, values: readonly string[] = []): Reference | null => {
    const id = database.get(sql, values)?.id;
    return id ? { table, id: id as string } : null;
  };
  return {
    model,
    now: `${fromMillis(nowMs())}Z`,
    by: user(userId),
    delegate: delegateId === undefined ? null : user(delegateId),
    ticketNumber,
    businessUnitOf({ table, id }) {
      const key = table === 'team' ? '"teamid"' : '"systemuserid"';
      const sql = `SELECT "businessunitid" AS id FROM ${quote(table)} WHERE ${key} = ?1`;
      return first('businessunit', sql, [id.toLowerCase()]);
    },
    baseCurrency: () =>
      first('transactioncurrency', 'SELECT "basecurrencyid" AS id FROM "organization" LIMIT 1'),
  };
}
