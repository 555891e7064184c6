import type { ApplyStep, ExpandItem, Filter, OrderItem } from 'dynamics365-connector/odata';
import type { Attribute, Model, OneToManyRelationship, TableModel } from '../model/types.ts';
import type { BlobStore } from './blob-store.ts';

/** A row that another column points at. */
export interface EntityReference {
  /** Logical name of its table: `account`, `systemuser`. */
  readonly table: string;
  /** Lower case, without braces. */
  readonly id: string;
}

/**
 * The value of a column. Uniqueidentifier, String, Memo, EntityName, File: text. Integer, Picklist, State,
 * Status, Double: number. Boolean: boolean. BigInt, Decimal, Money: text of digits, exact (`20000.0000`).
 * DateTime: `2024-05-01T08:30:00Z`, or `2024-05-01` where it is date-only. MultiSelectPicklist: `1,2`.
 * Lookup, Customer, Owner: a reference.
 */
export type ColumnValue = string | number | boolean | null | EntityReference;

/** Column values by logical name (`customerid`, not `_customerid_value`). */
export type ColumnValues = Readonly<Record<string, ColumnValue>>;

/** One row as it was read: the columns asked for, by logical name. */
export interface StoredRow {
  /** Logical name of its table; of a view's row that of the real table (`email`, not `activitypointer`). */
  readonly table: string;
  readonly id: string;
  /** Row version, digits: what stands in `W/"…"`. */
  readonly version: string;
  readonly values: ColumnValues;
  /** By navigation property; present when the query asked to expand. */
  readonly expanded?: Readonly<Record<string, StoredRow | null | readonly StoredRow[]>>;
}

/** Who writes or asks: fills createdby and modifiedby, and answers EqualUserId. */
export interface Actor {
  readonly userId: string;
  /** Who really does it, in the name of `userId`: fills createdonbehalfby and modifiedonbehalfby. */
  readonly delegateId?: string;
}

/** What to read. Columns are wire names (`title`, `_customerid_value`), as in the query options. */
export interface StoreQuery {
  readonly filter?: Filter;
  readonly orderBy?: readonly OrderItem[];
  /** Absent: every column. */
  readonly select?: readonly string[];
  readonly expand?: readonly ExpandItem[];
  /** Most rows over all pages. */
  readonly top?: number;
  /** Most rows of this page; 5,000 unless told. */
  readonly pageSize?: number;
  /** `next` of the page before; opaque text. The rest of the request must be the same. */
  readonly pageToken?: string;
  /** Also count all matches, capped at 5,000. */
  readonly count?: boolean;
  /** Only rows that are reached from this row: `accounts(id)/contact_customer_accounts`. */
  readonly relatedTo?: { readonly table: string; readonly id: string; readonly navigation: string };
  readonly actor: Actor;
}

export interface StoreQueryResult {
  readonly rows: readonly StoredRow[];
  /** Absent on the last page. */
  readonly next?: string;
  /** Number of the page (from 1). */
  readonly page: number;
  /** With `count`: the number of matches, at most 5,000. */
  readonly count?: number;
  /** With `count`: there are more than 5,000. */
  readonly countLimitExceeded?: boolean;
}

/** A column of an aggregate: the attribute whose values it shows, so that they can be formatted. */
export interface AggregateColumn {
  readonly name: string;
  /** Absent for counts. */
  readonly attribute?: Attribute;
}

/** Rows of `$apply` or of an aggregate FetchXML: values by alias. */
export interface AggregateResult {
  readonly columns: readonly AggregateColumn[];
  readonly rows: readonly ColumnValues[];
}

export interface AggregateRequest {
  readonly apply: readonly ApplyStep[];
  readonly filter?: Filter;
  readonly orderBy?: readonly OrderItem[];
  readonly top?: number;
  readonly actor: Actor;
}

/** A value of a linked table in a FetchXML row: `alias.column` or an attribute's own alias. */
export interface LinkedColumn {
  readonly name: string;
  readonly attribute: Attribute;
}

/** What a FetchXML query answers: rows of its entity, with `linked` values by `alias.column`, or aggregates. */
export interface FetchResult {
  readonly table: TableModel;
  readonly rows: readonly (StoredRow & { readonly linked: ColumnValues })[];
  readonly linkedColumns: readonly LinkedColumn[];
  /** Instead of rows when the fetch aggregates. */
  readonly aggregate?: AggregateResult;
  /** Logical names of the columns asked for; absent: every column. */
  readonly select?: readonly string[];
  /** Cookie for the next page; absent on the last one. */
  readonly pagingCookie?: string;
  readonly moreRecords: boolean;
  /** With `returntotalrecordcount`; -1 without. */
  readonly totalCount: number;
  readonly totalCountLimitExceeded: boolean;
}

/** One entry of the change log of a table, oldest first: rows by version, then deletions. */
export type ChangeEntry =
  | { readonly kind: 'row'; readonly row: StoredRow }
  | { readonly kind: 'deleted'; readonly id: string; readonly version: string };

export interface ChangesRequest {
  /** Everything after this version; `0` gives all rows and no deletions. */
  readonly since: string;
  /** `next` of the page before. */
  readonly pageToken?: string;
  readonly pageSize?: number;
  /** Wire names; absent: every column. */
  readonly select?: readonly string[];
}

export interface ChangesResult {
  readonly entries: readonly ChangeEntry[];
  readonly next?: string;
}

/**
 * The database of one organization. Everything is synchronous. What the caller got wrong is thrown as
 * `StoreRefusal` with Dataverse's code, status and words.
 */
export interface OrganizationStore {
  readonly model: Model;
  /** What is kept beside the rows. */
  readonly blobs: BlobStore;

  /** All or nothing; nested calls are savepoints. */
  transaction<T>(work: () => T): T;
  /**
   * Does the work with the time and the versions of now, but shows it to nobody before `visibleAtMs`: how a
   * long transaction looks from outside. The answer of `work` comes back at once.
   */
  commitLater<T>(visibleAtMs: number, work: () => T): T;
  /** Does the work as if it were another time: what it writes carries that time. Versions go on as ever. */
  withTime<T>(ms: number, work: () => T): T;

  /** Adds a row with the defaults of its table. Its primary key may stand in `values`. Refuses a taken id or key (412). */
  insert(table: string, values: ColumnValues, actor: Actor): StoredRow;
  /** Changes the named columns. 404 when there is no such row; 412 when its version is not `expected`. */
  update(change: {
    readonly table: string;
    readonly id: string;
    readonly values: ColumnValues;
    readonly actor: Actor;
    readonly expected?: string;
  }): StoredRow;
  /** Removes a row and notes it in the change log. 404 and 412 as `update`. */
  delete(table: string, id: string, expected?: string): void;

  /** One row by its primary key, with every column. */
  read(table: string, id: string): StoredRow | undefined;
  /** One row by the columns of an alternate key, by logical name. Refuses columns that are no key. */
  readByKey(table: string, key: ColumnValues): StoredRow | undefined;
  query(table: string, request: StoreQuery): StoreQueryResult;
  /** `$apply`. Refuses more than 50,000 source rows as Dataverse does. */
  aggregate(table: string, request: AggregateRequest): AggregateResult;
  /** Number of matches of a filter, or of all rows; not capped. */
  count(table: string, request?: Pick<StoreQuery, 'filter' | 'relatedTo' | 'actor'>): number;
  fetchXml(xml: string, actor: Actor): FetchResult;

  /** Names of rows for people, by id: the formatted values of lookups. `table` may be `principal`. */
  readNames(table: string, ids: Iterable<string>): ReadonlyMap<string, string>;

  /** Adds a pair to an N:N relationship; twice is once. `near` is the end whose navigation is named. */
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

  /** What happened to a table after a version. */
  changesSince(table: string, request: ChangesRequest): ChangesResult;
  /** Number of rows and deletions after a version. */
  countChanges(table: string, since: string): number;
  /** The last version given to any row. */
  currentVersion(): string;
  /** Changes up to this version are all visible: the place a delta link may name. */
  visibleVersion(): string;

  /** A maker's work. Columns of the key, name, owner and times are added to a new table by itself. */
  addTable(table: CustomTable): TableModel;
  addColumn(table: string, attribute: Attribute): Attribute;
  addKey(table: string, name: string, columns: readonly string[]): void;
  addOneToMany(relationship: OneToManyRelationship): void;

  close(): void;
}

/** A table as a maker describes it: `{ logicalName: 'new_example', set: 'new_examples', attributes: [...] }`. */
export interface CustomTable {
  readonly logicalName: string;
  readonly schemaName?: string;
  readonly set?: string;
  readonly displayName?: string;
  /** Column that names a row; `<prefix>_name` unless told. */
  readonly primaryName?: string;
  readonly ownership?: 'UserOwned' | 'OrganizationOwned';
  readonly changeTracking?: boolean;
  readonly attributes?: readonly Attribute[];
}
