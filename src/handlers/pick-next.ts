import { ConnectorError } from '../errors/connector-error.ts';
import type { Json, JsonObject } from '../model/json.ts';
import type { Table } from '../model/table.ts';
import { includeFetchXmlAnnotations, readEtag } from '../odata/row-annotations.ts';
import { checkClient } from '../run/check-client.ts';
import { shapeReference } from '../run/codec/shape-reference.ts';
import { requireTable } from '../run/require-table.ts';
import type { Handler, HandlerContext } from './handler.ts';
import { ignoreNotFound, readRows, sendRead } from './send-read.ts';

/** Items that are read at once; so many users can pick from one queue at the same time without another read. */
const candidateCount = 25;
/** Reads after which a queue whose items are always taken by others is given up. */
const maxReads = 10;

/**
 * Finds the next item of a queue that has no worker, and gives it to a user. Of several users who pick at the same
 * time, each gets another item: an item is only taken if its version is still the one that was read.
 */
export const pickNext: Handler = async ({ id, user, order, table }, context): Promise<Json> => {
  const { userId } = user === undefined ? await checkClient(context.connection) : toUser(user);
  const query = nextItemsQuery(context, { queueId: String(id), order: String(order), table });
  for (let reads = 0; reads < maxReads; reads += 1) {
    const candidates = await readRows(context, {
      path: '/queueitems',
      query: { fetchXml: query },
      prefer: includeFetchXmlAnnotations,
    });
    for (const candidate of candidates) {
      if (await claim(context, candidate, userId)) return toItem(context, candidate);
    }
    if (candidates.length === 0) return { queueItemId: null, item: null, enteredOn: null };
  }
  throw new ConnectorError('CONFLICT', 'Other users took every item of the queue that was tried.', {
    operation: context.action.id,
    advice: 'Try again.',
  });
};

function toUser(user: Json): { readonly userId: string } {
  return { userId: typeof user === 'string' ? user : String((user as JsonObject).id) };
}

interface NextItems {
  readonly queueId: string;
  readonly order: string;
  /** Our name of the table of the items; undefined for any. */
  readonly table: Json | undefined;
}

/**
 * The items of a queue without a worker in their order. `useraworderby` sorts by the numbers of choices, which are the
 * same in every language.
 * https://learn.microsoft.com/power-apps/developer/data-platform/fetchxml/order-rows
 */
function nextItemsQuery({ connection }: HandlerContext, { queueId, order, table }: NextItems): string {
  const isUrgentFirst = order === 'most-urgent';
  const name = isUrgentFirst ? 'case' : table;
  const link = name === undefined ? '' : linkTo(requireTable(connection.definition, String(name)));
  return [
    `<fetch count="${candidateCount}" page="1" useraworderby="true"><entity name="queueitem">`,
    ...['queueitemid', 'objectid', 'enteredon', 'versionnumber'].map((each) => `<attribute name="${each}"/>`),
    isUrgentFirst ? urgentFirst : '',
    '<order attribute="enteredon"/><order attribute="queueitemid"/>',
    `<filter><condition attribute="queueid" operator="eq" value="${queueId}"/>`,
    '<condition attribute="statecode" operator="eq" value="0"/>',
    `<condition attribute="workerid" operator="null"/></filter>${link}</entity></fetch>`,
  ].join('');
}

/** Escalated cases first, then by priority. */
const urgentFirst =
  '<order entityname="row" attribute="isescalated" descending="true"/><order entityname="row" attribute="prioritycode"/>';

function linkTo({ logicalName, key }: Table): string {
  return `<link-entity name="${logicalName}" from="${key}" to="objectid" link-type="inner" alias="row"/>`;
}

/** Makes the user the worker of an item; false if another user has changed it since it was read. */
async function claim(context: HandlerContext, item: JsonObject, userId: string): Promise<boolean> {
  const { connection, action, options } = context;
  const path = `/queueitems(${item.queueitemid})`;
  const response = await connection.pipeline({
    operation: action.id,
    method: 'PATCH',
    url: `${connection.baseUrl}${path}`,
    headers: { 'if-match': readEtag(item) ?? `W/"${item.versionnumber}"` },
    body: { 'workerid_systemuser@odata.bind': `/systemusers(${userId})` },
    safety: 'repeatable',
    requestId: connection.services.uuid(),
    signal: options.signal,
  });
  if (response.error === undefined) return true;
  // An item that was removed from the queue, or that another user took.
  if (response.status === 404) return false;
  if (response.status !== 412) throw response.error;
  return response.ambiguous && (await isWorker(context, path, userId));
}

/** Whether an earlier attempt, whose response was lost, took the item. */
async function isWorker(context: HandlerContext, path: string, userId: string): Promise<boolean> {
  const query = { $select: '_workerid_value' };
  const item = await sendRead(context, { path, query }).catch(ignoreNotFound);
  return (item as JsonObject | undefined)?._workerid_value === userId;
}

function toItem({ connection }: HandlerContext, row: JsonObject): JsonObject {
  return {
    queueItemId: row.queueitemid ?? null,
    item: shapeReference(connection.definition.tables, row, '_objectid_value'),
    enteredOn: row.enteredon ?? null,
  };
}
