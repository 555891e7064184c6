import { ConnectorError } from '../errors/connector-error.ts';
import type { RequestAction } from '../model/definition.ts';
import type { JsonObject } from '../model/json.ts';
import { readODataPage } from '../odata/read-page.ts';
import { checkFilters } from './check-filters.ts';
import { checkInput } from './check-input.ts';
import type { Connection } from './connection.ts';
import { type RunOptions, requireSuccess, type SentPlan, sendPlan } from './send-plan.ts';
import { shapeRow } from './shape-row.ts';

/** A page of a list, in our words. */
export interface RowPage<Row = JsonObject> {
  readonly rows: readonly Row[];
  /** HTTP attempts that this page took. */
  readonly attempts: number;
  /** There is another page. */
  readonly hasMore: boolean;
}

/**
 * A list without a cap: the rows, or its pages, as they are read. It ends at the caller's own `limit`, if the
 * input has one, and reads no page before it is asked for.
 */
export interface RowList<Row = JsonObject> extends AsyncIterable<Row> {
  pages(): AsyncIterable<RowPage<Row>>;
}

/** The rows of a list action, over all its pages. */
export function listRows(
  connection: Connection,
  action: RequestAction,
  input: JsonObject,
  options: RunOptions = {},
): RowList {
  if (action.output.kind !== 'rows') {
    throw new ConnectorError('INPUT_INVALID', `${action.id} does not list rows; use run.`, {
      operation: action.id,
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

/** The caller's own limit; the action's default is none, since a list has no cap of ours. */
function callerLimit({ pagination }: RequestAction, input: JsonObject): number {
  const name = pagination?.limitInput;
  return name !== undefined && Object.hasOwn(input, name)
    ? (input[name] as number)
    : Number.POSITIVE_INFINITY;
}

/** Large enough that round trips do not matter, small enough that a page fits in a few megabytes. */
const defaultPageSize = 1000;

/** All rows up to the plan's limit, over as many pages as that takes; `hasMore` says that the list was cut. */
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
 * The pages of a list, from its first answer on. Each next link is checked against the connection's origin;
 * one that was followed before is refused, so that a broken service cannot keep us in a circle.
 */
async function* followPages(
  connection: Connection,
  sent: SentPlan,
  signal?: AbortSignal,
): AsyncGenerator<RowPage> {
  const table = connection.definition.tables[(sent.plan.output as { table: string }).table]!;
  const followed = new Set<string>();
  for (let { response } = sent; ; ) {
    const page = readODataPage(response.body);
    const rows = page.rows.map((row) => shapeRow(table, row));
    yield { rows, attempts: response.attempts, hasMore: page.nextLink !== undefined };
    if (page.nextLink === undefined) return;
    const url = connection.guardLink(page.nextLink);
    if (followed.has(url)) {
      const message = `${sent.plan.operation}: a next link came twice; the list would never end.`;
      throw new ConnectorError('RESPONSE_INVALID', message, { requestId: sent.requestId });
    }
    followed.add(url);
    const { operation, headers } = sent.plan;
    const request = {
      operation,
      method: 'GET',
      url,
      headers,
      safety: 'repeatable',
      requestId: sent.requestId,
    } as const;
    response = requireSuccess(
      await connection.pipeline(signal === undefined ? request : { ...request, signal }),
    );
  }
}
