import type { Clock } from 'dynamics365-connector';
import {
  maxPushBodyBytes,
  type PushEndpoint,
  type PushRequest,
  readDeletedId,
  readPushRequest,
} from 'dynamics365-connector/host';
import type { ReceivedWake } from './wake-collector.ts';

/** A connection whose organization sends webhooks. */
export interface PushRoute {
  readonly connection: string;
  readonly endpoint: PushEndpoint;
  /** `https://contoso.crm.dynamics.com` */
  readonly origin: string;
  /** By the logical name of their table. */
  readonly feeds: ReadonlyMap<string, PushedFeed>;
}

/** The subscriptions of a feed that have push. */
export interface PushedFeed {
  readonly feed: string;
  readonly subscriptions: readonly string[];
}

/** A request to the receiver. The body is only read for a Delete whose key is right. */
export interface ReceivedRequest extends PushRequest {
  readonly body: AsyncIterable<Uint8Array> | null;
}

/** The answer to a request: its status. Only the status counts for Dataverse. */
export interface PushAnswer {
  readonly status: 204 | 400 | 401 | 403 | 404 | 405;
  /** For the log. Undefined for a webhook that was taken. */
  readonly reason?: string;
}

/** Answers requests of organizations. */
export type PushReceiver = (request: ReceivedRequest) => Promise<PushAnswer>;

export interface PushReceiverOptions {
  /** By the ids of their endpoints. They may change at any time. */
  readonly routes: ReadonlyMap<string, PushRoute>;
  readonly receive: (wake: ReceivedWake) => void;
  readonly clock: Clock;
}

/** A body that arrives more slowly is not waited for: change tracking finds the deletion. */
const maxBodyMs = 4000;

/**
 * Creates the receiver of webhooks. It answers 204 without waiting for anything but the body of a Delete. Whatever is
 * wrong with a request, it wakes nothing.
 */
export function createPushReceiver({ routes, receive, clock }: PushReceiverOptions): PushReceiver {
  return async (request) => {
    const route = routes.get(endpointIdOf(request.url));
    if (route === undefined) return { status: 404, reason: 'No connection has this address.' };
    const { endpoint, origin, feeds } = route;
    const hint = readPushRequest(request, { key: endpoint.key, origin, tables: feeds });
    if ('status' in hint) return hint;
    const feed = feeds.get(hint.table);
    if (feed === undefined) return { status: 400, reason: 'The table is not awaited.' };
    const body = hint.message === 'Delete' ? await readBody(request.body, clock) : '';
    receive({ ...feed, deletedId: readDeletedId(body, hint.table) });
    return { status: 204 };
  };
}

/** The last part of the path. */
function endpointIdOf(url: string): string {
  const [path = ''] = url.split('?');
  return path.slice(path.lastIndexOf('/') + 1);
}

/** The text of a body; empty if it is too long or too slow. */
async function readBody(body: ReceivedRequest['body'], clock: Clock): Promise<string> {
  if (body === null) return '';
  const timer = new AbortController();
  const tooLate = clock.sleep(maxBodyMs, timer.signal).then(
    () => '',
    () => '',
  );
  try {
    return await Promise.race([collectText(body), tooLate]);
  } catch {
    return '';
  } finally {
    timer.abort('the body was read');
  }
}

async function collectText(body: AsyncIterable<Uint8Array>): Promise<string> {
  const decoder = new TextDecoder();
  let length = 0;
  let text = '';
  for await (const part of body) {
    length += part.length;
    if (length > maxPushBodyBytes) return '';
    text += decoder.decode(part, { stream: true });
  }
  return text + decoder.decode();
}
