import { ConnectorError } from '../errors/connector-error.ts';
import type { Json, JsonObject } from '../model/json.ts';
import {
  addPaging,
  type FetchXmlPage,
  isSinglePage,
  nextFetchXmlPage,
} from '../odata/fetchxml/fetchxml-paging.ts';
import { quoteString } from '../odata/quote-string.ts';
import { readODataPage } from '../odata/read-page.ts';
import { includeFetchXmlAnnotations, includeFetchXmlPaging, omitEtag } from '../odata/row-annotations.ts';
import { countIssues } from '../run/count-issues.ts';
import { requireEntitySet } from '../run/metadata-table.ts';
import type { Handler, HandlerContext } from './handler.ts';
import { readRows, sendRead } from './send-read.ts';

const pageSize = 1000;

/** Runs a FetchXML query over all its pages, and returns the rows as Dataverse sends them. */
export const fetchXml: Handler = async ({ table, query, limit, labels }, context) => {
  const { connection } = context;
  const xml = String(query);
  const { diagnostics } = await connection.queryChecker.check({ table: String(table), fetchXml: xml });
  if (diagnostics.some(({ severity }) => severity === 'error')) {
    const message = `The FetchXML has ${countIssues(diagnostics)}; no request was sent.`;
    throw new ConnectorError('QUERY_INVALID', message, { diagnostics });
  }
  const entitySet = await requireEntitySet(connection, String(table));
  return await readFetchPages(context, { entitySet, xml, maxRows: Number(limit), labels: labels === true });
};

/** Runs a saved view of the organization or a personal view of the user, and returns its rows. */
export const savedView: Handler = async ({ name, personal, limit, labels }, context) => {
  const set = personal === true ? 'userqueries' : 'savedqueries';
  const filter = `name eq ${quoteString(String(name))}`;
  const query = { $select: 'fetchxml,returnedtypecode', $filter: filter };
  const [view] = await readRows(context, { path: `/${set}`, query });
  if (view === undefined) {
    const advice = 'Use the full display name of the view, and set "personal" to true for a personal view.';
    throw new ConnectorError('NOT_FOUND', 'There is no view with this name.', { advice });
  }
  const table = await requireEntitySet(context.connection, String(view.returnedtypecode));
  const xml = String(view.fetchxml);
  return await readFetchPages(context, {
    entitySet: table,
    xml,
    maxRows: Number(limit),
    labels: labels === true,
  });
};

interface FetchRequest {
  readonly entitySet: string;
  readonly xml: string;
  readonly maxRows: number;
  /** Whether to include display values: formatted dates, labels of choices, names of lookups. */
  readonly labels: boolean;
}

async function readFetchPages(
  context: HandlerContext,
  { entitySet, xml, maxRows, labels }: FetchRequest,
): Promise<Json> {
  const rows: JsonObject[] = [];
  const singlePage = isSinglePage(xml);
  const prefer = labels ? includeFetchXmlAnnotations : includeFetchXmlPaging;
  let nextPage: FetchXmlPage | undefined;
  do {
    const paged = singlePage ? xml : addPaging(xml, Math.min(maxRows, pageSize), nextPage);
    const query = { fetchXml: paged };
    const page = readODataPage(await sendRead(context, { path: `/${entitySet}`, query, prefer }));
    rows.push(...page.rows.map(omitEtag));
    nextPage = nextFetchXmlPage(page, nextPage);
  } while (nextPage !== undefined && rows.length < maxRows);
  return rows.slice(0, maxRows);
}
