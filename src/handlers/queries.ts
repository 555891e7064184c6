import { ConnectorError } from '../errors/connector-error.ts';
import type { Json, JsonObject } from '../model/json.ts';
import { isOnePage, readFetchPlace, withPage } from '../odata/fetch/paging.ts';
import { readPage } from '../odata/page.ts';
import { encodeQuery } from '../odata/url.ts';
import { callApi } from '../run/call-api.ts';
import { entitySet } from '../run/organisation-table.ts';
import type { Handler, HandlerContext } from './handler.ts';

const PAGE = 1000;

/** Rows of a FetchXML query over all its pages, as Dataverse sends them. It is checked before it is sent. */
export const fetchXml: Handler = async ({ table, query, limit, labels }, context) => {
  const { connection } = context;
  const xml = String(query);
  const { diagnostics } = await connection.checker.check({ table: String(table), fetchXml: xml });
  if (diagnostics.some(({ severity }) => severity === 'error')) {
    throw new ConnectorError('QUERY_INVALID', 'The FetchXML has faults; nothing was sent.', { diagnostics });
  }
  const set = await entitySet(connection, String(table));
  return await readFetch(context, { set, xml, most: Number(limit), labels: labels === true });
};

/** Rows of a view that the organisation (or the user) has saved. */
export const savedView: Handler = async ({ name, personal, limit, labels }, context) => {
  const set = personal === true ? 'userqueries' : 'savedqueries';
  const filter = `name eq '${String(name).replaceAll("'", "''")}'`;
  const { body } = await read(
    context,
    `/${set}${encodeQuery([
      ['$select', 'fetchxml,returnedtypecode'],
      ['$filter', filter],
    ])}`,
  );
  const [view] = readPage(body).rows;
  if (view === undefined) {
    const advice = 'Give the whole name as people see it; "personal" says whether it is a view of the user.';
    throw new ConnectorError('NOT_FOUND', 'There is no view of this name.', { advice });
  }
  const table = await entitySet(context.connection, String(view.returnedtypecode));
  const xml = String(view.fetchxml);
  return await readFetch(context, { set: table, xml, most: Number(limit), labels: labels === true });
};

interface Fetching {
  readonly set: string;
  readonly xml: string;
  readonly most: number;
  /** Also what people see: formatted dates, labels of choices, names of lookups. */
  readonly labels: boolean;
}

async function readFetch(context: HandlerContext, { set, xml, most, labels }: Fetching): Promise<Json> {
  const rows: JsonObject[] = [];
  const once = isOnePage(xml);
  const wanted = [
    'Microsoft.Dynamics.CRM.fetchxmlpagingcookie',
    'Microsoft.Dynamics.CRM.morerecords',
    ...(labels
      ? ['OData.Community.Display.V1.FormattedValue', 'Microsoft.Dynamics.CRM.lookuplogicalname']
      : []),
  ];
  const prefer = `odata.include-annotations="${wanted.join(',')}"`;
  let place: ReturnType<typeof readFetchPlace>;
  do {
    const paged = once ? xml : withPage(xml, Math.min(most, PAGE), place);
    const { body } = await read(context, `/${set}${encodeQuery([['fetchXml', paged]])}`, prefer);
    const page = readPage(body);
    rows.push(...page.rows.map(withoutEtag));
    const before = place?.page ?? 1;
    place = readFetchPlace(String(page.annotations['@Microsoft.Dynamics.CRM.fetchxmlpagingcookie'] ?? ''));
    if (place !== undefined && place.page <= before)
      throw new ConnectorError('RESPONSE_INVALID', 'A page of the fetch leads back; it would never end.');
  } while (place !== undefined && rows.length < most);
  return rows.slice(0, most);
}

function withoutEtag({ '@odata.etag': _, ...row }: JsonObject): JsonObject {
  return row;
}

async function read({ connection, action, options }: HandlerContext, path: string, prefer?: string) {
  return await callApi(connection, {
    operation: action.id,
    method: 'GET',
    path,
    headers: prefer === undefined ? {} : { prefer },
    safety: 'repeatable',
    ...(options.signal && { signal: options.signal }),
  });
}
