import { expect } from 'chai';
import {
  type ParseResult,
  parseApply,
  parseExpand,
  parseFilter,
  parseOrderBy,
} from 'dynamics365-connector/odata';
import { DataverseError } from '../../src/store/errors.ts';
import { openOrganizationStore } from '../../src/store/open-organization-store.ts';
import type {
  Actor,
  ColumnValues,
  EntityReference,
  OrganizationStore,
  StoredRow,
  StoreQuery,
} from '../../src/store/types.ts';
import { createStoreCopies } from './store-copies.ts';

const unwrapParsed = <T>(result: ParseResult<T>): T => {
  if (!result.ok) throw new Error(result.diagnostics.map(({ message }) => message).join('; '));
  return result.value;
};

export const parseTestFilter = (text: string) => unwrapParsed(parseFilter(text));
export const parseTestOrder = (text: string) => unwrapParsed(parseOrderBy(text));
export const parseTestExpand = (text: string) => unwrapParsed(parseExpand(text));
export const parseTestApply = (text: string) => unwrapParsed(parseApply(text));

/** A query as in a URL. */
export interface TextQuery {
  readonly filter?: string;
  readonly orderBy?: string;
  readonly expand?: string;
}

/** An organization with one user and a clock that only tests move. */
export interface StoreFixture {
  readonly store: OrganizationStore;
  readonly actor: Actor;
  readonly user: EntityReference;
  readonly businessUnit: EntityReference;
  readonly clock: { ms: number };
  add(table: string, values: ColumnValues): EntityReference;
  find(table: string, query: TextQuery, more?: Partial<StoreQuery>): readonly StoredRow[];
  /** The values of one column in the found rows. */
  column(table: string, column: string, query: TextQuery): readonly unknown[];
}

/** Wednesday, 15 May 2024, 10:30 UTC. */
export const wednesday = Date.UTC(2024, 4, 15, 10, 30);

const actor: Actor = { userId: '00000000-0000-4000-8000-00000000000a' };
const user: EntityReference = { table: 'systemuser', id: actor.userId };
const openSeeded = createStoreCopies(seedUser);

function seedUser(store: OrganizationStore): void {
  const { id } = store.insert('businessunit', { name: 'Root' }, actor);
  store.insert(
    'systemuser',
    {
      ...{ systemuserid: user.id, firstname: 'Ada', lastname: 'Byron' },
      ...{ domainname: 'ada@example', businessunitid: { table: 'businessunit', id } },
    },
    actor,
  );
}

export function createStoreFixture(file?: string): StoreFixture {
  const clock = { ms: wednesday };
  const now = () => clock.ms;
  const store = file === undefined ? openSeeded({ now }) : openOrganizationStore({ now, file });
  if (store.read('systemuser', user.id) === undefined) seedUser(store);
  const add = (table: string, values: ColumnValues): EntityReference => ({
    table,
    id: store.insert(table, values, actor).id,
  });
  const businessUnit = store.read('systemuser', user.id)!.values.businessunitid as EntityReference;
  const find = (table: string, query: TextQuery, more: Partial<StoreQuery> = {}): readonly StoredRow[] =>
    store.query(table, {
      actor,
      ...(query.filter !== undefined && { filter: parseTestFilter(query.filter) }),
      ...(query.orderBy !== undefined && { orderBy: parseTestOrder(query.orderBy) }),
      ...(query.expand !== undefined && { expand: parseTestExpand(query.expand) }),
      ...more,
    }).rows;
  const column = (table: string, name: string, query: TextQuery) =>
    find(table, query).map(({ values }) => values[name]);
  return { store, actor, user, businessUnit, clock, add, find, column };
}

/** Runs the work and returns the DataverseError that it throws. */
export function catchDataverseError(work: () => unknown): DataverseError {
  try {
    work();
  } catch (error) {
    expect(error).to.be.instanceOf(DataverseError);
    return error as DataverseError;
  }
  throw new Error('No DataverseError was thrown.');
}
