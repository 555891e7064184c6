import { expect } from 'chai';
import { type Parsed, parseApply, parseExpand, parseFilter, parseOrderBy } from 'dynamics365-connector/odata';
import { openStore } from '../../src/store/open-store.ts';
import { StoreRefusal } from '../../src/store/refusal.ts';
import type { Actor, QueryRequest, Reference, Row, Store, Values } from '../../src/store/types.ts';

const parsed = <T>(result: Parsed<T>): T => {
  if (!result.ok) throw new Error(result.faults.map(({ message }) => message).join('; '));
  return result.value;
};

export const filterOf = (text: string) => parsed(parseFilter(text));
export const orderOf = (text: string) => parsed(parseOrderBy(text));
export const expandOf = (text: string) => parsed(parseExpand(text));
export const applyOf = (text: string) => parsed(parseApply(text));

/** A query as it stands in a URL. */
export interface TextQuery {
  readonly filter?: string;
  readonly orderBy?: string;
  readonly expand?: string;
}

/** An organisation with one user, whose clock stands still until it is moved. */
export interface World {
  readonly store: Store;
  readonly actor: Actor;
  readonly user: Reference;
  readonly businessUnit: Reference;
  readonly clock: { ms: number };
  add(table: string, values: Values): Reference;
  find(table: string, query: TextQuery, more?: Partial<QueryRequest>): readonly Row[];
  /** The values of one column of the rows found, in order. */
  column(table: string, column: string, query: TextQuery): readonly unknown[];
}

/** Wednesday, the 15th of May 2024, 10:30 UTC. */
export const wednesday = Date.UTC(2024, 4, 15, 10, 30);

export function createWorld(file?: string): World {
  const clock = { ms: wednesday };
  const store = openStore({ now: () => clock.ms, ...(file !== undefined && { file }) });
  const actor = { userId: '00000000-0000-4000-8000-00000000000a' };
  const add = (table: string, values: Values): Reference => ({
    table,
    id: store.insert(table, values, actor).id,
  });
  const user = { table: 'systemuser', id: actor.userId };
  if (store.read('systemuser', user.id) === undefined) {
    const unit = add('businessunit', { name: 'Root' });
    add('systemuser', {
      ...{ systemuserid: user.id, firstname: 'Ada', lastname: 'Byron' },
      ...{ domainname: 'ada@example', businessunitid: unit },
    });
  }
  const businessUnit = store.read('systemuser', user.id)!.values.businessunitid as Reference;
  const find = (table: string, query: TextQuery, more: Partial<QueryRequest> = {}): readonly Row[] =>
    store.query(table, {
      actor,
      ...(query.filter !== undefined && { filter: filterOf(query.filter) }),
      ...(query.orderBy !== undefined && { orderBy: orderOf(query.orderBy) }),
      ...(query.expand !== undefined && { expand: expandOf(query.expand) }),
      ...more,
    }).rows;
  const column = (table: string, name: string, query: TextQuery) =>
    find(table, query).map(({ values }) => values[name]);
  return { store, actor, user, businessUnit, clock, add, find, column };
}

/** What the work is refused with. */
export function refusalOf(work: () => unknown): StoreRefusal {
  try {
    work();
  } catch (error) {
    expect(error).to.be.instanceOf(StoreRefusal);
    return error as StoreRefusal;
  }
  throw new Error('It was not refused.');
}
