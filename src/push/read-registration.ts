import { isJsonObject, type JsonObject } from '../model/json.ts';
import { encodeQuery } from '../odata/encode-url.ts';
import { quoteFilterText } from '../odata/quote-string.ts';
import { readODataPage } from '../odata/read-page.ts';
import type { Connection } from '../run/connection.ts';
import { sendApiRequest } from '../run/send-api-request.ts';
import { endpointPrefix } from './push-endpoint.ts';

/** A service endpoint of this product, of any installation. */
export interface RegisteredEndpoint {
  readonly id: string;
  readonly name: string;
  readonly url: string;
  readonly description: string;
  /** Sends its key as `code` of the query. */
  readonly sendsKey: boolean;
  readonly steps: readonly RegisteredStep[];
}

/** A step of one of our endpoints. */
export interface RegisteredStep {
  readonly id: string;
  readonly name: string;
  readonly table: string;
  readonly message: string;
  /** Logical names, in order; undefined for all. */
  readonly columns?: readonly string[];
  readonly isEnabled: boolean;
  /** Asynchronous, after the operation, and jobs that succeed are deleted. */
  readonly isAsWritten: boolean;
}

const webhookContract = 8;
/** The value of `authtype` with which Dataverse sends the key as `code` of the query. */
export const webhookKey = 4;
const operation = 'push';

/**
 * Reads our service endpoints with their steps, those of other installations included.
 *
 * @param ownId the id of an endpoint that is read also if it has another name
 */
export async function readRegistration(
  connection: Connection,
  { ownId, signal }: { readonly ownId?: string; readonly signal?: AbortSignal } = {},
): Promise<readonly RegisteredEndpoint[]> {
  const isNamed = `startswith(name,${quoteFilterText(endpointPrefix)})`;
  const isOurs = ownId === undefined ? isNamed : `${isNamed} or serviceendpointid eq ${ownId}`;
  const endpoints = await readAll(connection, 'serviceendpoints', {
    select: 'serviceendpointid,name,url,description,authtype',
    filter: `contract eq ${webhookContract} and (${isOurs})`,
    signal,
  });
  const found: RegisteredEndpoint[] = [];
  for (const row of endpoints) {
    const steps = await readAll(connection, 'sdkmessageprocessingsteps', {
      select: 'sdkmessageprocessingstepid,name,filteringattributes,mode,stage,asyncautodelete,statecode',
      filter: `_eventhandler_value eq ${row.serviceendpointid}`,
      expand: 'sdkmessageid($select=name),sdkmessagefilterid($select=primaryobjecttypecode)',
      signal,
    });
    found.push({
      id: String(row.serviceendpointid),
      name: String(row.name),
      url: String(row.url),
      description: String(row.description ?? ''),
      sendsKey: row.authtype === webhookKey,
      steps: steps.map(toStep),
    });
  }
  return found.sort((a, b) => (a.id < b.id ? -1 : 1));
}

function toStep(row: JsonObject): RegisteredStep {
  const columns = String(row.filteringattributes ?? '');
  return {
    id: String(row.sdkmessageprocessingstepid),
    name: String(row.name),
    table: textOf(row.sdkmessagefilterid, 'primaryobjecttypecode'),
    message: textOf(row.sdkmessageid, 'name'),
    columns: columns === '' ? undefined : columns.split(',').sort(),
    isEnabled: row.statecode === 0,
    isAsWritten: row.mode === 1 && row.stage === 40 && row.asyncautodelete === true,
  };
}

function textOf(value: JsonObject[string] | undefined, name: string): string {
  return isJsonObject(value) ? String(value[name]) : '';
}

/** A query of a set. */
export interface SetQuery {
  readonly select: string;
  readonly filter: string;
  readonly expand?: string;
  readonly orderBy?: string;
  readonly signal?: AbortSignal;
}

/** Reads all rows of a query. What was written just now is in the answer, also if a replica lags. */
export async function readAll(
  connection: Connection,
  set: string,
  { select, filter, expand, orderBy, signal }: SetQuery,
): Promise<readonly JsonObject[]> {
  const options: [string, string][] = [
    ['$select', select],
    ['$filter', filter],
  ];
  if (expand !== undefined) options.push(['$expand', expand]);
  if (orderBy !== undefined) options.push(['$orderby', orderBy]);
  const rows: JsonObject[] = [];
  let path: string | undefined = `/${set}${encodeQuery(options)}`;
  while (path !== undefined) {
    const { body } = await sendApiRequest(connection, {
      operation,
      method: 'GET',
      path,
      headers: { consistency: 'Strong' },
      safety: 'repeatable',
      signal,
    });
    const page = readODataPage(body);
    rows.push(...(page.rows as readonly JsonObject[]));
    path = page.nextLink && connection.guardLink(page.nextLink).slice(connection.baseUrl.length);
  }
  return rows;
}
