import fc from 'fast-check';
import type { Attribute, TableModel } from '../../src/model/types.ts';
import { findWebApiOperation, webApiOperations } from '../../src/operations/registry.ts';
import type { OrganizationStore } from '../../src/store/types.ts';

/** What requests are about: the tables of an organization and some of its rows. */
export interface FuzzDomain {
  readonly tables: readonly TableModel[];
  readonly rows: readonly FuzzRow[];
}

/** A row that existed when the requests were generated. */
export interface FuzzRow {
  readonly table: string;
  readonly set: string;
  readonly id: string;
}

/** Ids of rows that do not exist. */
export const missingId = '0000000a-0000-4000-8000-000000000001';

/** The tables that have an entity set, and some rows of each, but not the user who sends the requests. */
export function readDomain(store: OrganizationStore, userId: string): FuzzDomain {
  const tables = [...store.model.tables.values()].filter(({ set }) => set !== undefined);
  const rows = tables.flatMap(({ logicalName, set = '' }) =>
    store
      .query(logicalName, { pageSize: 3, actor: { userId } })
      .rows.filter(({ id }) => id !== userId)
      .map(({ id }) => ({ table: logicalName, set, id })),
  );
  return { tables, rows };
}

export const junk = fc.oneof(fc.string({ unit: 'binary', maxLength: 12 }), fc.string({ maxLength: 12 }));

export const arbitraryTable = ({ tables }: FuzzDomain): fc.Arbitrary<TableModel> =>
  fc.constantFrom(...tables);

export const arbitraryRow = ({ rows }: FuzzDomain): fc.Arbitrary<FuzzRow> => fc.constantFrom(...rows);

/** A table and one of its columns. */
export const arbitraryColumn = (domain: FuzzDomain): fc.Arbitrary<readonly [TableModel, Attribute]> =>
  arbitraryTable(domain).chain((table) =>
    fc.constantFrom(...table.attributes).map((attribute) => [table, attribute] as const),
  );

/** All operations of the sandbox. */
export const operations = webApiOperations.filter(({ name, boundTo }) =>
  boundTo === undefined ? findWebApiOperation(name) !== undefined : true,
);

/** A value that fits no, some or many columns. */
export const scalar = (domain: FuzzDomain): fc.Arbitrary<unknown> =>
  fc.oneof(
    fc.constantFrom<unknown>(
      ...[null, true, false, 0, 1, -1, 5, 0.5, 1e300, 2 ** 31, 2 ** 53, '', 'x', '1', 'W/"1"'],
      ...['2024-02-30', '2024-05-01', '2024-05-01T08:00:00Z', '0001-01-01T00:00:00Z', '$1', 'a@b.c', '1,2'],
      ...["O'Brien", '%', '[', '<a>', '{', 'incident', 'account', missingId],
    ),
    fc.integer(),
    arbitraryRow(domain).map(({ id }) => id),
    arbitraryRow(domain).map(({ set, id }) => `/${set}(${id})`),
    junk,
  );

/** A value in one of `rarity` cases, else undefined. */
export const rarely = <T>(arbitrary: fc.Arbitrary<T>, rarity: number): fc.Arbitrary<T | undefined> =>
  fc.oneof({ weight: 1, arbitrary }, { weight: rarity - 1, arbitrary: fc.constant(undefined) });
