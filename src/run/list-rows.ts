import { ConnectorError } from '../errors/connector-error.ts';
import type { RequestAction } from '../model/definition.ts';
import type { JsonObject } from '../model/json.ts';
import { readODataPage } from '../odata/read-page.ts';
import { checkFilters } from './check-filters.ts';
import { checkInput } from './check-input.ts';
import type { Connection } from './connection.ts';
import { requireTable } from './require-table.ts';
import type { RunOptions } from './run-options.ts';
import { requireSuccess, type SentPlan, sendPlan } from './send-plan.ts';
import { shapeRow } from './shape-row.ts';

/** One page of a list; its rows have our column names. */
export interface RowPage<Row = JsonObject> {
  readonly rows: readonly Row[];
  /** HTTP requests that were sent for this page, retries included. */
  readonly attempts: number;
  /** Whether there are more rows after this page. */
  readonly hasMore: boolean;
}

/**
 * All rows of a list, read page by page while they are iterated. The list ends at the `limit` of the input, if there is
 * one; the action's default limit does not apply.
 *
 * @example for await (const row of client.list('case.list', { state: 'active' })) console.log(row.title);
 */
export interface RowList<Row = JsonObject> extends AsyncIterable<Row> {
  pages(): AsyncIterable<RowPage<Row>>;
}

/** The rows of a list action over all its pages. INPUT_INVALID if the action does not return a list of rows. */
export function listRows(
  connection: Connection,
  action: RequestAction,
  input: JsonObject,
  options: RunOptions = {},
): RowList {
  if (action.output.kind !== 'rows') {
    throw new ConnectorError('INPUT_INVALID', `${action.id} does not return a list of rows.`, {
      operation: action.id,
      advice: 'Use run instead of list.',
    });
  }
  async function* pages(): AsyncGenerator<RowPage> {
    const checked = checkInput(connection.validator, action, input);
    await checkFilters(connection, action, checked);
    const limit = callerLimit(action, input);
    const pageSize = options.pageSize ?? Math.min(limit, defaultPageSize);
    const sent = await sendPlan(connection, action, checked, { ...options, pageSize });
    yield* limitPages(limit, followPages(connection, sent, options.signal));
  }
  return {
    pages,
    async *[Symbol.asyncIterator]() {
      for await (const page of pages()) yield* page.rows;
    },
  };
}

/** The limit in the caller's input. The action's default limit does not apply: a list reads all rows. */
function callerLimit({ pagination }: RequestAction, input: JsonObject): number {
  const name = pagination?.limitInput;
  return name !== undefined && Object.hasOwn(input, name)
    ? (input[name] as number)
    : Number.POSITIVE_INFINITY;
}

/** Rows per page: few round trips, and a page is only a few megabytes. */
const defaultPageSize = 1000;

/** Collects all rows up to the plan's limit; `meta.hasMore` says that there are more. */
export async function collectRows(
  connection: Connection,
  sent: SentPlan,
  options: RunOptions,
): Promise<{ output: readonly JsonObject[]; meta: { attempts: number; hasMore: boolean } }> {
  const output: JsonObject[] = [];
  const meta = { attempts: 0, hasMore: false };
  const pages = followPages(connection, sent, options.signal);
  for await (const page of limitPages(sent.plan.limit ?? Number.POSITIVE_INFINITY, pages)) {
    for (const row of page.rows) output.push(row);
    options.onRows?.(output.length);
    meta.attempts += page.attempts;
    meta.hasMore = page.hasMore;
  }
  return { output, meta };
}

async function* limitPages(limit: number, pages: AsyncIterable<RowPage>): AsyncGenerator<RowPage> {
  let left = limit;
  for await (const page of pages) {
    const isCut = page.rows.length > left;
    yield isCut ? { ...page, rows: page.rows.slice(0, left), hasMore: true } : page;
    left -= page.rows.length;
    if (left <= 0) return;
  }
}

/**
 * The pages of a list, starting with the response that was received. Each next link must be on the connection's origin.
 * A repeated link throws RESPONSE_INVALID, since following it would never end.
 */
async function* followPages(
  connection: Connection,
  sent: SentPlan,
  signal?: AbortSignal,
): AsyncGenerator<RowPage> {
  const { operation, headers, output } = sent.plan;
  const table = requireTable(connection.definition, (output as { readonly table: string }).table);
  const followed = new Set<string>();
  for (let { response } = sent; ; ) {
    const page = readODataPage(response.body);
    const rows = page.rows.map((row) => shapeRow(table, row));
    yield { rows, attempts: response.attempts, hasMore: page.nextLink !== undefined };
    if (page.nextLink === undefined) return;
    const url = connection.guardLink(page.nextLink);
    if (followed.has(url)) {
      const message = `${operation}: Dataverse sent the same next link twice; following it would never end.`;
      throw new ConnectorError('RESPONSE_INVALID', message, { requestId: sent.requestId });
    }
    followed.add(url);
    const request = {
      operation,
      method: 'GET',
      url,
      headers,
      safety: 'repeatable',
      requestId: sent.requestId,
      signal,
    } as const;
    response = requireSuccess(await connection.pipeline(request));
  }
}
