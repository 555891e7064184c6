import type { ApplyStep, ExpandItem, FetchElement, Filter, OrderItem } from 'dynamics365-connector/odata';
import type { Attribute, Model, OneToManyRelationship, TableModel } from '../model/types.ts';
import type { BlobStore } from './blob-store.ts';
import type { CustomTable } from './custom-table.ts';
import type { HeldWork } from './delayed-commits.ts';
import type { DeletedRows } from './deleted-rows.ts';
import type { OrganizationSchema } from './organization-schema.ts';
import type { OrganizationSecurity } from './organization-security.ts';
import type { ReadAccess } from './read-access.ts';

export type { HeldWork } from './delayed-commits.ts';

/** A reference to a row: the value of a lookup. */
export interface EntityReference {
  /** Logical name of its table: `account`, `systemuser`. */
  readonly table: string;
  /** GUID in lower case, without braces. */
  readonly id: string;
}

/** A row that references a row, and what happens to it when that row is deleted. */
export interface Dependent {
  readonly row: EntityReference;
  /** Logical name of the lookup that is cleared; absent when the row is deleted. */
  readonly cleared?: string;
}

/**
 * The value of a column, by its type. Uniqueidentifier, String, Memo, EntityName, File: text. Integer, Picklist,
 * State, Status, Double: number. Boolean: boolean. BigInt, Decimal, Money: text with all digits (`20000.0000`).
 * DateTime: `2024-05-01T08:30:00Z`, or `2024-05-01` if date-only. MultiSelectPicklist: `1,2`. Lookup, Customer,
 * Owner: a reference.
 */
export type ColumnValue = string | number | boolean | null | EntityReference;

/** Column values by logical name (`customerid`, not `_customerid_value`). */
export type ColumnValues = Readonly<Record<string, ColumnValue>>;

/** A row with the columns that were read, by logical name. */
export interface StoredRow {
  /** Logical name of its table. For a row of a view, the real table (`email`, not `activitypointer`). */
  readonly table: string;
  readonly id: string;
  /** Row version, as digits: the number in the ETag `W/"…"`. */
  readonly version: string;
  readonly values: ColumnValues;
  /** Expanded rows by navigation property; present when the query expands. */
  readonly expanded?: Readonly<Record<string, StoredRow | null | readonly StoredRow[]>>;
}

/** The user who reads or writes. */
export interface Actor {
  readonly userId: string;
  /** The user whose token was used, when it impersonates `userId`: `createdonbehalfby` and `modifiedonbehalfby`. */
  readonly delegateId?: string;
  /** What the user may read. Absent: everything. */
  readonly access?: ReadAccess;
}

/** A query. Columns are given by OData property name (`title`, `_customerid_value`). */
export interface StoreQuery {
  readonly filter?: Filter;
  readonly orderBy?: readonly OrderItem[];
  /** Default: all columns. */
  readonly select?: readonly string[];
  readonly expand?: readonly ExpandItem[];
  /** Maximum number of rows over all pages. */
  readonly top?: number;
  /** Maximum number of rows of this page. Default and maximum: 5,000. */
  readonly pageSize?: number;
  /** `next` of the previous page. The other members of the query must be the same. */
  readonly pageToken?: string;
  /** The page after a row, or, without an id or such a row, after the pages before it. For cookies without a token. */
  readonly pageStart?: { readonly page: number; readonly lastId?: string | undefined };
  /** Whether to count all matches, up to 5,000. */
  readonly count?: boolean;
  /** Restricts the rows to a collection of this row: `accounts(id)/contact_customer_accounts`. */
  readonly relatedTo?: { readonly table: string; readonly id: string; readonly navigation: string };
  readonly actor: Actor;
}

export interface StoreQueryResult {
  readonly rows: readonly StoredRow[];
  /** Token of the next page; absent on the last page. */
  readonly next?: string;
  /** Number of the page, from 1. */
  readonly page: number;
  /** Number of matches, at most 5,000. Only with `count`. */
  readonly count?: number;
  /** Whether there are more than 5,000 matches. Only with `count`. */
  readonly countLimitExceeded?: boolean;
}

/** A column of an aggregate. */
export interface AggregateColumn {
  readonly name: string;
  /** The column whose values it shows, for formatting; absent for counts. */
  readonly attribute?: Attribute;
}

/** The rows of `$apply` or of an aggregate FetchXML query: values by alias. */
export interface AggregateResult {
  readonly columns: readonly AggregateColumn[];
  readonly rows: readonly ColumnValues[];
  /** The formatted values that do not follow from the values, row by row: `Quarter 1 FY2024`. */
  readonly texts?: readonly Readonly<Record<string, string>>[];
}

export interface AggregateRequest {
  readonly apply: readonly ApplyStep[];
  readonly filter?: Filter;
  /** Only rows of a collection of one row. */
  readonly relatedTo?: StoreQuery['relatedTo'];
  readonly orderBy?: readonly OrderItem[];
  readonly top?: number;
  readonly actor: Actor;
}

/** A column of a linked table in a FetchXML row, by its alias or as `alias.column`. */
export interface LinkedColumn {
  readonly name: string;
  readonly attribute: Attribute;
}

/** A row of a FetchXML query. */
export interface FetchedRow extends StoredRow {
  /** The values of linked columns, by alias or as `alias.column`. */
  readonly linked: ColumnValues;
  /** The currencies of the linked amounts. */
  readonly linkedCurrencies: ColumnValues;
}

/** A part of the rows of a query. */
export interface RowWindow {
  /** Rows before it. */
  readonly offset: number;
  readonly size: number;
}

/** The result of a FetchXML query: rows or aggregates. */
export interface FetchResult {
  readonly table: TableModel;
  readonly rows: readonly FetchedRow[];
  readonly linkedColumns: readonly LinkedColumn[];
  /** Replaces the rows of an aggregate query. */
  readonly aggregate?: AggregateResult;
  /** Logical names of the requested columns. Absent: all columns. */
  readonly select?: readonly string[];
  /** Paging cookie of the next page; absent on the last page. */
  readonly pagingCookie?: string;
  readonly moreRecords: boolean;
  /** Total count with `returntotalrecordcount`, else -1. */
  readonly totalCount: number;
  readonly totalCountLimitExceeded: boolean;
}

/** One entry of a table's change log: rows by version, then deletions. */
export type ChangeEntry =
  | { readonly kind: 'row'; readonly row: StoredRow }
  | { readonly kind: 'deleted'; readonly id: string; readonly version: string };

export interface ChangesRequest {
  /** Row version after which changes are read. `0` reads all rows and no deletions. */
  readonly since: string;
  /** `next` of the previous page. */
  readonly pageToken?: string;
  readonly pageSize?: number;
  /** OData property names. Default: all columns. */
  readonly select?: readonly string[];
  /** Hides columns that a user cannot read. */
  readonly access?: ReadAccess;
}

export interface ChangesResult {
  readonly entries: readonly ChangeEntry[];
  readonly next?: string;
}

/**
 * The database of one organization. All methods are synchronous. Invalid requests throw a `DataverseError` with
 * Dataverse's HTTP status, code and message.
 */
export interface OrganizationStore {
  readonly model: Model;
  /** Data that is not in rows: bytes of files, shares, settings. */
  readonly blobs: BlobStore;
  /** Changes tables, columns, keys, relationships and choices. */
  readonly schema: OrganizationSchema;
  /** Roles, privileges and shares. */
  readonly security: OrganizationSecurity;
  /** Deleted rows that can be restored. */
  readonly bin: DeletedRows;

  /** Runs the work in a transaction; nested calls are savepoints. */
  transaction<T>(work: () => T): T;
  /**
   * Runs the work now, but makes its writes visible to others only when the caller commits them. A change of the schema is
   * committed at once.
   */
  hold<T>(work: () => T): HeldWork<T>;
  /**
   * Runs the work now, but makes its writes visible to others only at `visibleAtMs`, as in a long transaction. Returns
   * the result of the work at once.
   */
  commitLater<T>(visibleAtMs: number, work: () => T): T;
  /** Runs the work at another time: its writes get that time, but the next row versions. */
  withTime<T>(ms: number, work: () => T): T;

  /** Inserts a row with the defaults of its table. `values` can hold the primary key. 412 when the id or a key is taken. */
  insert(table: string, values: ColumnValues, actor: Actor): StoredRow;
  /** Inserts a row as `insert` does, and returns only its id: reading all its columns takes as long as writing them. */
  add(table: string, values: ColumnValues, actor: Actor): string;
  /** Updates columns. 404 when the row does not exist, 412 when its version is not `expected`. */
  update(change: {
    readonly table: string;
    readonly id: string;
    readonly values: ColumnValues;
    readonly actor: Actor;
    readonly expected?: string;
  }): StoredRow;
  /** Deletes a row and records the deletion. 404 and 412 as for `update`. */
  delete(table: string, id: string, expected?: string): void;

  /** The rows that a deletion of a row would delete too, or whose lookups it would clear. */
  dependentsOf(table: string, id: string): readonly Dependent[];

  /** Reads a row by its primary key, with all columns. */
  read(table: string, id: string): StoredRow | undefined;
  /** Reads a row by the columns of an alternate key, by logical name. Rejects columns that are not a key. */
  readByKey(table: string, key: ColumnValues): StoredRow | undefined;
  query(table: string, request: StoreQuery): StoreQueryResult;
  /** Runs `$apply`. Rejects more than 50,000 source rows, as Dataverse does. */
  aggregate(table: string, request: AggregateRequest): AggregateResult;
  /** Counts the matches of a filter, or all rows, without a limit. */
  count(table: string, request?: Pick<StoreQuery, 'filter' | 'relatedTo' | 'actor'>): number;
  fetchXml(xml: string, actor: Actor): FetchResult;
  /** Runs the elements of a FetchXML query, which are not checked by its rules. */
  fetch(query: FetchElement, actor: Actor, window?: RowWindow): FetchResult;

  /** Reads the primary names of rows, by id: the formatted values of lookups. `table` can be `principal`. */
  readNames(table: string, ids: Iterable<string>): ReadonlyMap<string, string>;

  /** Adds a pair to a many-to-many relationship, once. `navigation` is a navigation property of `near`. */
  associate(pair: {
    readonly navigation: string;
    readonly near: EntityReference;
    readonly far: EntityReference;
  }): void;
  disassociate(pair: {
    readonly navigation: string;
    readonly near: EntityReference;
    readonly far: EntityReference;
  }): void;

  /** Reads the changes of a table after a version. */
  changesSince(table: string, request: ChangesRequest): ChangesResult;
  /** Counts the changed rows and deletions after a version. */
  countChanges(table: string, since: string): number;
  /** The last row version used. */
  currentVersion(): string;
  /** The row version up to which all changes are visible: the version of a delta link. */
  visibleVersion(): string;

  /** Adds a custom table. Its key, name, owner and time columns are added automatically. */
  addTable(table: CustomTable): TableModel;
  addColumn(table: string, attribute: Attribute): Attribute;
  addKey(table: string, name: string, columns: readonly string[], displayName?: string): void;
  addOneToMany(relationship: OneToManyRelationship): void;

  /**
   * Copies everything that is committed: rows, files, shares, settings, custom tables, row versions. The copy lasts
   * until the store closes.
   *
   * @returns the id of the copy
   */
  saveSnapshot(): string;
  /**
   * Replaces everything by a copy, or nothing when it fails. As in a restored environment, row versions continue after
   * those of the copy, and writes that are not visible yet are lost.
   *
   * @throws ConnectorError `SETTING_INVALID` when there is no such copy
   */
  restoreSnapshot(id: string): void;
  /** Replaces everything by a new organization without rows, runs `fill` in it, or changes nothing when that fails. */
  recreate(fill: () => void): void;

  /** Whether the store has not been closed. */
  readonly isOpen: boolean;
  close(): void;
}
