import { ConnectorError } from '../errors/connector-error.ts';
import type { RequestAction } from '../model/definition.ts';
import type { JsonObject } from '../model/json.ts';
import { readPage } from '../odata/page.ts';
import { checkFilters } from './check-filters.ts';
import { checkInput } from './check-input.ts';
import type { Connection } from './connection.ts';
import { answered, type RunOptions, type Sent, sendPlan } from './send-plan.ts';
import { shapeRow } from './shape-row.ts';

/** A page of a list, in our words. */
export interface RowPage<Row = JsonObject> {
  readonly rows: readonly Row[];
  /** HTTP attempts that this page took. */
  readonly attempts: number;
  /** There is another page. */
  readonly more: boolean;
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
    const asked = askedLimit(action, input);
    const pageSize = options.pageSize ?? Math.min(asked, DEFAULT_PAGE_SIZE);
    const sent = await sendPlan(connection, action, checked, { ...options, pageSize });
    yield* cutAt(asked, walkPages(connection, sent, options.signal));
  }
  return {
    pages,
    async *[Symbol.asyncIterator]() {
      for await (const page of pages()) yield* page.rows;
    },
  };
}

/** The caller's own limit; the action's default is none, since a list has no cap of ours. */
function askedLimit({ pagination }: RequestAction, input: JsonObject): number {
  const name = pagination?.limit;
  return name !== undefined && Object.hasOwn(input, name)
    ? (input[name] as number)
    : Number.POSITIVE_INFINITY;
}

/** Large enough that round trips do not matter, small enough that a page fits in a few megabytes. */
const DEFAULT_PAGE_SIZE = 1000;

/** All rows up to the plan's limit, over as many pages as that takes; `more` says that the list was cut. */
export async function collectRows(
  connection: Connection,
  sent: Sent,
  options: RunOptions,
): Promise<{ output: readonly JsonObject[]; meta: { attempts: number; more: boolean } }> {
  const output: JsonObject[] = [];
  const meta = { attempts: 0, more: false };
  const pages = walkPages(connection, sent, options.signal);
  for await (const page of cutAt(sent.plan.limit ?? Number.POSITIVE_INFINITY, pages)) {
    for (const row of page.rows) output.push(row);
    options.onRows?.(output.length);
    meta.attempts += page.attempts;
    meta.more = page.more;
  }
  return { output, meta };
}

async function* cutAt(limit: number, pages: AsyncIterable<RowPage>): AsyncGenerator<RowPage> {
  let room = limit;
  for await (const page of pages) {
    const cut = page.rows.length > room;
    yield cut ? { ...page, rows: page.rows.slice(0, room), more: true } : page;
    room -= page.rows.length;
    if (room <= 0) return;
  }
}

/**
 * The pages of a list, from its first answer on. Each next link is checked against the connection's origin;
 * one that was followed before is refused, so that a broken service cannot keep us in a circle.
 */
async function* walkPages(connection: Connection, sent: Sent, signal?: AbortSignal): AsyncGenerator<RowPage> {
  const table = connection.definition.tables[(sent.plan.output as { table: string }).table]!;
  const followed = new Set<string>();
  for (let { answer } = sent; ; ) {
    const page = readPage(answer.body);
    const rows = page.rows.map((row) => shapeRow(table, row));
    yield { rows, attempts: answer.attempts, more: page.nextLink !== undefined };
    if (page.nextLink === undefined) return;
    const url = connection.guardLink(page.nextLink);
    if (followed.has(url)) {
      const message = `${sent.plan.operation}: a next link came twice; the list would never end.`;
      throw new ConnectorError('RESPONSE_INVALID', message, { requestId: sent.requestId });
    }
    followed.add(url);
    const { operation, headers } = sent.plan;
    const call = {
      operation,
      method: 'GET',
      url,
      headers,
      safety: 'repeatable',
      requestId: sent.requestId,
    } as const;
    answer = answered(await connection.exchange(signal === undefined ? call : { ...call, signal }));
  }
}
