import { readCallerId } from '../auth/caller-id.ts';
import { ConnectorError } from '../errors/connector-error.ts';
import type { TriggerDefinition } from '../model/definition.ts';
import type { JsonObject } from '../model/json.ts';
import type { Table } from '../model/table.ts';
import { findOutsideReferences } from '../odata/query/find-outside-references.ts';
import { parseFilter } from '../odata/query/parse-filter.ts';
import { checkColumnInputs } from '../run/ask-organization.ts';
import { checkClauses } from '../run/check-filters.ts';
import { withCustomColumns } from '../run/column-inputs.ts';
import type { Connection } from '../run/connection.ts';
import { deterministicId } from '../run/deterministic-id.ts';
import { compileClauses } from '../run/plan-request.ts';
import { requireTable } from '../run/require-table.ts';
import type { Feed, FeedSubscription, ResolvedWatch } from './feed.ts';
import { resolveWatch } from './resolve-watch.ts';
import { createRowReader, type ReadPurpose } from './row-reader.ts';

/**
 * Opens the feed of a table: all changes that the user of the connection can read. Nothing is read yet. Two users of one
 * organization never share a feed, because they may read different rows. Triggers of a table schema and those of any table
 * share the feed: both read it by the names of Dataverse.
 */
export async function openFeed(connection: Connection, table: Table, purpose: ReadPurpose): Promise<Feed> {
  const user = await readUser(connection, purpose.signal);
  const id = deterministicId('feed', connection.origin, user, table.logicalName);
  const reader = createRowReader(connection, table, purpose);
  return { key: `feed/${id}/`, table, reader, services: connection.services };
}

/** The user of the access token; if the token does not tell, Dataverse is asked. */
async function readUser({ tokens, whoAmI }: Connection, signal: AbortSignal | undefined): Promise<string> {
  return readCallerId(await tokens.getToken({ signal })) ?? (await whoAmI()).userId;
}

/** Where a subscription starts, and whose changes it ignores. */
export interface SubscriptionOptions {
  /** Where a first poll starts: a date (RFC 3339) or `beginning`. By default it starts now and returns no items. */
  readonly from?: string;
  /**
   * `self`: changes that this connection made are not reported, so that a workflow does not trigger itself. The store
   * must remember its writes (`rememberWrites`), which it does since a trigger was first opened with `self`. Anything else
   * is reported, also what another program writes as the same user. Or a systemuserid: rows that this user changed last are not reported, whatever changed before.
   */
  readonly ignoreChangesBy?: string;
}

/** A subscription with its table, from whose feed its items are derived. */
export interface OpenedSubscription extends FeedSubscription {
  readonly table: Table;
}

/**
 * Checks the params of a trigger and fills them in. INPUT_INVALID reports all that are wrong, QUERY_INVALID what is wrong
 * in a filter.
 */
export async function openSubscription(
  connection: Connection,
  trigger: TriggerDefinition,
  params: JsonObject,
  { from, ignoreChangesBy }: SubscriptionOptions = {},
): Promise<OpenedSubscription> {
  const { table: ownTable } = trigger.watch;
  const columnsOf = ownTable === undefined ? undefined : requireTable(connection.definition, ownTable);
  const checked = await checkColumnInputs(connection, trigger, columnsOf, params);
  const { table, watch } = await resolveWatch(connection, trigger, checked);
  const clauses = { operation: trigger.id, table: table.logicalName, clauses: watch.where };
  await checkClauses(connection, clauses, checked);
  const filter = compileClauses(watch.where)({ input: checked, connection: connection.settings });
  return {
    trigger: { id: trigger.id, watch },
    table,
    params: checked,
    filter,
    isReevaluated: canMatchWithoutChange(connection, watch, filter),
    from,
    customColumns: await findCustomColumns(connection, trigger, checked),
    ...(await resolveIgnored(connection, trigger.id, ignoreChangesBy)),
  };
}

/** Whether a trigger that reports any change, or rows that have left, has a filter that related rows or the clock can change. */
function canMatchWithoutChange(
  { definition }: Connection,
  { changes, columns, due }: ResolvedWatch,
  filter = '',
): boolean {
  const reportsAnyChange = changes.includes('updated') && columns.length === 0;
  const isConcerned = (reportsAnyChange || changes.includes('left')) && due === undefined;
  const parsed = isConcerned && filter !== '' ? parseFilter(filter) : undefined;
  const keys = new Set(Object.values(definition.tables).map(({ key }) => key));
  return parsed?.ok === true && findOutsideReferences(parsed.value, keys).length > 0;
}

async function resolveIgnored(
  { writes, whoAmI }: Connection,
  trigger: string,
  ignoreChangesBy: string | undefined,
): Promise<Pick<FeedSubscription, 'ignoreChangesBy' | 'ownWrites'>> {
  if (ignoreChangesBy !== 'self') return { ignoreChangesBy };
  if (writes !== undefined) {
    // Before the first poll: what is written after it must be known.
    await writes.start();
    return { ownWrites: { userId: (await whoAmI()).userId.toLowerCase(), memory: writes } };
  }
  const message = `${trigger}: "ignoreChangesBy: self" needs a connection that remembers its writes.`;
  const advice = 'Remove "rememberWrites: false", or name the user by its systemuserid.';
  throw new ConnectorError('INPUT_INVALID', message, { operation: trigger, advice });
}

/** The columns of the organization that the params ask for; undefined if there are none. */
async function findCustomColumns(
  connection: Connection,
  { watch }: TriggerDefinition,
  { customColumns = null }: JsonObject,
): Promise<FeedSubscription['customColumns']> {
  if (customColumns === null || watch.table === undefined) return undefined;
  const extended = await withCustomColumns(connection, watch.table, { custom: customColumns });
  return requireTable(extended.definition, watch.table).columns.filter(({ isCustom }) => isCustom === true);
}
