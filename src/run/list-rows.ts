import { ConnectorError } from '../errors/connector-error.ts';
import type { RequestAction } from '../model/definition.ts';
import { isJsonObject, type Json, type JsonObject } from '../model/json.ts';
import { checkActionInput } from './ask-organization.ts';
import { checkFilters } from './check-filters.ts';
import { applyColumnInputs } from './column-inputs.ts';
import type { Connection } from './connection.ts';
import { followPages, type RowPage } from './list-pages.ts';
import { requireTable } from './require-table.ts';
import { returnsList } from './returns-list.ts';
import type { RunOptions } from './run-options.ts';
import { type SentPlan, sendPlan } from './send-plan.ts';
import type { RowGroup } from './stream-list.ts';

/**
 * All rows of a list, read while they are iterated: row by row as the response arrives, or page by page. The list ends at the `limit` of the input, if there is
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
  if (!returnsList(action)) {
    throw new ConnectorError('INPUT_INVALID', `${action.id} does not return a list of rows.`, {
      operation: action.id,
      advice: 'Use run instead of list.',
    });
  }
  // Read after the input is checked, when the first rows arrive.
  const limit = () => callerLimit(action, input);
  async function* groups(): AsyncGenerator<RowGroup> {
    const checked = await checkActionInput(connection, action, input);
    await checkFilters(connection, action, checked);
    const pageSize = options.pageSize ?? Math.min(limit(), defaultPageSize);
    const withColumns = await applyColumnInputs(connection, action, checked);
    const sendFirst = (sender: Connection) => sendPlan(sender, action, checked, { ...options, pageSize });
    const { signal } = options;
    const { output } = action;
    // A host that lists nothing does not load what cuts rows from a body.
    const { streamList } = await import('./stream-list.ts');
    const all =
      output.kind === 'rows'
        ? streamList(withColumns, requireTable(withColumns.definition, output.table), {
            sendFirst,
            shape: withColumns.compiled.of(withColumns.definition, action).shapeItem,
            signal,
          })
        : toGroups(followPages(withColumns, action, await sendFirst(withColumns), signal));
    yield* all as AsyncGenerator<RowGroup>;
  }
  return {
    pages: () => limitPages(limit, toPages(groups())),
    async *[Symbol.asyncIterator]() {
      let left: number | undefined;
      for await (const { rows } of groups()) {
        left ??= limit();
        yield* rows.length > left ? rows.slice(0, left) : rows;
        left -= rows.length;
        if (left <= 0) return;
      }
    },
  };
}

async function* toGroups(pages: AsyncIterable<RowPage<Json>>): AsyncGenerator<RowGroup<Json>> {
  for await (const { rows, ...end } of pages) yield { rows, end };
}

async function* toPages(groups: AsyncIterable<RowGroup>): AsyncGenerator<RowPage> {
  let rows: JsonObject[] = [];
  for await (const group of groups) {
    for (const row of group.rows) rows.push(row);
    if (group.end === undefined) continue;
    yield { rows, ...group.end };
    rows = [];
  }
}

/** The limit in the caller's input. The action's default limit does not apply: a list reads all rows. */
function callerLimit({ pagination }: RequestAction, input: JsonObject): number {
  const name = pagination?.limitInput;
  // The input is not checked yet.
  return name !== undefined && isJsonObject(input) && Object.hasOwn(input, name)
    ? (input[name] as number)
    : Number.POSITIVE_INFINITY;
}

/** Rows per page: few round trips, and a page is only a few megabytes. */
const defaultPageSize = 1000;

/** Collects all rows up to the plan's limit; `meta.hasMore` says that there are more. */
export async function collectRows(
  connection: Connection,
  action: RequestAction,
  sent: SentPlan,
  options: RunOptions,
): Promise<{ output: readonly Json[]; meta: { attempts: number; hasMore: boolean } }> {
  const output: Json[] = [];
  const meta = { attempts: 0, hasMore: false };
  const pages = followPages(connection, action, sent, options.signal);
  for await (const page of limitPages(() => sent.plan.limit ?? Number.POSITIVE_INFINITY, pages)) {
    for (const row of page.rows) output.push(row);
    options.onRows?.(output.length);
    meta.attempts += page.attempts;
    meta.hasMore = page.hasMore;
  }
  return { output, meta };
}

async function* limitPages<Row extends Json>(
  limit: () => number,
  pages: AsyncIterable<RowPage<Row>>,
): AsyncGenerator<RowPage<Row>> {
  let left: number | undefined;
  for await (const page of pages) {
    left ??= limit();
    const isCut = page.rows.length > left;
    yield isCut ? { ...page, rows: page.rows.slice(0, left), hasMore: true } : page;
    left -= page.rows.length;
    if (left <= 0) return;
  }
}
