import type { HttpRequest, HttpSender } from '../../model/http.ts';
import type { JsonObject } from '../../model/json.ts';
import type { Table } from '../../model/table.ts';
import { UnjudgedFilter } from './judge-row.ts';
import { respond } from './scripted-sender.ts';
import type { TestFailure } from './test-failure.ts';
import { TestRows } from './test-rows.ts';

/** An organization with the rows that a trigger's test states for each poll. */
export interface TestOrganization {
  readonly send: HttpSender;
  /** The rows at the next poll, with our names. Undefined: nothing has changed. */
  setRows(rows: readonly JsonObject[] | undefined, atMs: number): void;
  /** Requests that rows cannot answer. */
  failures(): readonly TestFailure[];
}

/** Creates an organization that has one table. It answers the reads of a trigger, whatever they are. */
export function createTestOrganization(table: Table, baseUrl: string): TestOrganization {
  const rows = new TestRows(table);
  const failures: TestFailure[] = [];
  let nowMs = 0;
  return {
    async send(request) {
      const date = new Date(nowMs).toUTCString();
      try {
        return respond({ status: 200, body: answer(request, { rows, table, baseUrl }) }, date);
      } catch (error) {
        if (!(error instanceof UnjudgedFilter)) throw error;
        const message = `rows do not answer this request: ${error.message}; state "exchanges" instead of "rows"`;
        failures.push({ message });
        return respond({ status: 501, body: { error: { code: '', message } } }, date);
      }
    },
    setRows(stated, atMs) {
      nowMs = atMs;
      if (stated !== undefined) rows.set(stated, atMs);
    },
    failures: () => failures,
  };
}

interface Organization {
  readonly rows: TestRows;
  readonly table: Table;
  readonly baseUrl: string;
}

/** The body of a response to a read of the table. */
function answer(
  { method, url: text, headers }: HttpRequest,
  { rows, table, baseUrl }: Organization,
): JsonObject {
  const url = new URL(text);
  const path = decodeURIComponent(url.origin + url.pathname).slice(baseUrl.length);
  if (path.startsWith('/RetrieveTotalRecordCount(')) return {};
  const set = `/${table.entitySet}`;
  if (method !== 'GET' || path !== set) throw new UnjudgedFilter(`${method} ${path}`);
  const token = url.searchParams.get('$deltatoken');
  const isTracked = token !== null || headers.prefer?.includes('odata.track-changes') === true;
  const value =
    token === null ? rows.select(url.searchParams) : trackedChanges(Number(token), { rows, table, baseUrl });
  const link = { '@odata.deltaLink': `${baseUrl}${set}?$deltatoken=${rows.changes}` };
  return { value: [...value], ...(isTracked ? link : {}) };
}

function trackedChanges(since: number, { rows, table, baseUrl }: Organization): readonly JsonObject[] {
  const { written, deleted } = rows.changesSince(since);
  const context = `${baseUrl}/$metadata#${table.entitySet}/$deletedEntity`;
  return [...written, ...deleted.map((id) => ({ '@odata.context': context, id, reason: 'deleted' }))];
}
