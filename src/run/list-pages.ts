import type { RequestAction } from '../model/definition.ts';
import type { Json, JsonObject } from '../model/json.ts';
import type { RequestPlan } from '../model/plan.ts';
import { type ItemPage, readItemPage, readODataPage } from '../odata/read-page.ts';
import type { Connection } from './connection.ts';
import { createLinkFollower } from './follow-links.ts';
import { completeNestedLists, type NextPageRequest } from './nested-lists.ts';
import { requireSuccess, type SentPlan } from './send-plan.ts';

/** One page of a list; its rows have our names. */
export interface RowPage<Row = JsonObject> {
  readonly rows: readonly Row[];
  /** HTTP requests that were sent for this page, retries included. */
  readonly attempts: number;
  /** Whether there are more rows after this page. */
  readonly hasMore: boolean;
}

/** The pages of a list action, starting with the response that was received. */
export async function* followPages(
  connection: Connection,
  action: RequestAction,
  sent: SentPlan,
  signal?: AbortSignal,
): AsyncGenerator<RowPage<Json>> {
  const { shapeItem } = connection.compiled.of(connection.definition, action);
  const next = nextPageRequest(sent, signal);
  const follow = createLinkFollower(connection, next);
  for (let { response } = sent; ; ) {
    const page = readPage(sent.plan, response.body);
    const completed = await completeNestedLists(connection, page.items, next);
    const attempts = response.attempts + completed.attempts;
    yield { rows: completed.value.map(shapeItem), attempts, hasMore: page.nextLink !== undefined };
    if (page.nextLink === undefined) return;
    response = requireSuccess(await connection.pipeline({ ...next, url: follow(page.nextLink) }));
  }
}

/** What the requests of all pages of a list have in common. */
interface PageSource {
  readonly plan: Pick<RequestPlan, 'operation' | 'headers'>;
  readonly requestId: string;
}

/** The request that reads a further page of a response. */
export function nextPageRequest(
  { plan: { operation, headers }, requestId }: PageSource,
  signal?: AbortSignal,
): NextPageRequest {
  return { operation, method: 'GET', headers, safety: 'repeatable', requestId, signal };
}

/** The page of a response, whose items are not decoded yet. */
function readPage({ output }: RequestPlan, body: Json | undefined): ItemPage {
  if (output.kind !== 'rows') return readItemPage(body);
  const { rows, nextLink } = readODataPage(body);
  return { items: rows, nextLink };
}
