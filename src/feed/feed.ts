import type { TriggerDefinition, TriggerWatch } from '../model/definition.ts';
import type { JsonObject } from '../model/json.ts';
import type { RuntimeServices } from '../model/runtime-services.ts';
import type { Table, TableColumn } from '../model/table.ts';
import { isMetadataTable } from '../run/metadata-table.ts';
import type { WriteMemory } from '../run/own-writes/write-memory.ts';
import { wireNamesOf } from './row-facts.ts';
import type { RowReader } from './row-reader-port.ts';

/** All changes of one table, as the user of one connection can read them. */
export interface Feed {
  /** The beginning of its keys in the store: `feed/<id>/`. */
  readonly key: string;
  readonly table: Table;
  readonly reader: RowReader;
  /** `clock` only measures the duration of a read; the times of changes are the organization's. */
  readonly services: Pick<RuntimeServices, 'store' | 'clock' | 'uuid' | 'log'>;
}

/** What the subscriptions of a feed need of it. A read covers the needs of all subscriptions that ever read it. */
export interface FeedNeeds {
  /** Created and changed rows; false for subscriptions that watch deletions only. */
  readonly changes: boolean;
  /** Wire names of the columns whose changes are watched. */
  readonly columns: readonly string[];
  readonly deletions: boolean;
  /** Wire names of the columns with deadlines. */
  readonly due: readonly string[];
  /** Wire names of further columns in the log: those of a table that was read from the organization's metadata. */
  readonly logged: readonly string[];
}

/** What a trigger watches, with the params filled in. */
export interface ResolvedWatch extends Omit<TriggerWatch, 'inputs' | 'changedTo'> {
  readonly changedTo?: JsonObject;
}

/** One trigger with its params, as the items of a feed are derived for it. */
export interface FeedSubscription {
  readonly trigger: Pick<TriggerDefinition, 'id'> & { readonly watch: ResolvedWatch };
  readonly params: JsonObject;
  /** The trigger's `where`, rendered with the params; undefined if every clause was omitted. */
  readonly filter?: string;
  /** The filter reads related rows or the clock: it is evaluated again at times, for rows that did not change. */
  readonly isReevaluated?: boolean;
  /** Where it starts: a date (RFC 3339) or `beginning`. By default it starts now and reports nothing old. */
  readonly from?: string;
  /** A systemuserid. Changes of rows that this user changed last are not reported. */
  readonly ignoreChangesBy?: string;
  /** The user of the connection, and what it wrote: changes that are only its own are not reported. */
  readonly ownWrites?: OwnWrites;
  /** Columns of the organization that the items also have. */
  readonly customColumns?: readonly TableColumn[];
}

/** The writes of a user. */
export interface OwnWrites {
  /** A systemuserid in lower case. */
  readonly userId: string;
  readonly memory: Pick<WriteMemory, 'find'>;
}

/** Options of one read of a feed. */
export interface FeedReadOptions {
  /** How far each read reaches back for late commits, in milliseconds; 10 minutes by default, at least 3. */
  readonly overlapMs?: number;
  readonly limits?: Partial<ReadLimits>;
  readonly retention?: Partial<Retention>;
  /** The epoch of a new feed: that of the subscription whose feed was lost. */
  readonly minEpoch?: number;
  /** Something told that rows have changed: a short read is enough. */
  readonly wake?: FeedWake;
}

/**
 * A hint that rows of the table have changed. The read then has the versions above the highest one that was read; the
 * overlap, tracked deletions, deadlines and checks are left to the next read without a wake. A feed that cannot be read
 * in this way is read as without one.
 */
export interface FeedWake {
  /** Rows that may have been deleted. A deletion is reported if Dataverse says that the row does not exist. */
  readonly deletedIds?: readonly string[];
}

/** Limits of one read; they are checked after each page. A read that stops at a limit returns `hasMore`. */
export interface ReadLimits {
  readonly pages: number;
  readonly rows: number;
  readonly ms: number;
  /** Rows per page, at most 5,000. */
  readonly pageSize: number;
}

/** How long the log keeps entries. A subscription that is further behind reads the changes of its time again. */
export interface Retention {
  readonly maxAgeMs: number;
  readonly maxEntries: number;
}

/** What the subscriptions of one table need together. */
export function needsOf(subscriptions: readonly FeedSubscription[], table: Table): FeedNeeds {
  const watches = subscriptions.map(({ trigger }) => trigger.watch);
  const compared = subscriptions.flatMap((subscription) => comparedColumns(subscription, table));
  const wireNames = (names: readonly string[]) =>
    table.columns.filter(({ name }) => names.includes(name)).map(({ wireName }) => wireName);
  return {
    changes: watches.some(({ changes }) => changes.some((change) => change !== 'deleted')),
    columns: [...new Set([...wireNames(watches.flatMap(({ columns }) => columns)), ...compared])],
    deletions: watches.some(({ changes }) => changes.includes('deleted')),
    due: wireNames(watches.flatMap(({ due }) => due ?? [])),
    logged: isMetadataTable(table) ? wireNamesOf(table) : [],
  };
}

/** Columns that every write changes. */
const alwaysChanged = new Set([
  'modifiedon',
  'versionnumber',
  '_modifiedby_value',
  '_modifiedonbehalfby_value',
]);

/**
 * The columns (wire names) by which changes of others are told from own ones: those that the subscription watches, or
 * all columns if it reports any change. Creations and deletions need none.
 */
export function comparedColumns(
  { trigger: { watch }, ownWrites }: Pick<FeedSubscription, 'trigger' | 'ownWrites'>,
  { columns }: Table,
): readonly string[] {
  if (ownWrites === undefined || !watch.changes.includes('updated')) return [];
  const wireNames = columns.flatMap(({ name, wireName }) =>
    watch.columns.length === 0 || watch.columns.includes(name) ? [wireName] : [],
  );
  return [...new Set(wireNames)].filter((wireName) => !alwaysChanged.has(wireName));
}

/** The union of needs, without repetitions, in the order of their first mention. */
export function mergeNeeds(a: FeedNeeds, b: FeedNeeds): FeedNeeds {
  return {
    changes: a.changes || b.changes,
    columns: [...new Set([...a.columns, ...b.columns])],
    deletions: a.deletions || b.deletions,
    due: [...new Set([...a.due, ...b.due])],
    logged: [...new Set([...a.logged, ...b.logged])],
  };
}

/** Whether a read for `covering` also covers `needs`. */
export function coversNeeds(covering: FeedNeeds, needs: FeedNeeds): boolean {
  return (
    (covering.changes || !needs.changes) &&
    (covering.deletions || !needs.deletions) &&
    needs.columns.every((column) => covering.columns.includes(column)) &&
    needs.due.every((column) => covering.due.includes(column)) &&
    needs.logged.every((column) => covering.logged.includes(column))
  );
}
