import { isGuid } from '../model/guid.ts';
import { isJsonObject } from '../model/json.ts';
import type { PushEndpoint } from './push-endpoint.ts';
import { type PushMessage, pushMessages } from './push-steps.ts';

/** A webhook request of an organization, as far as its first lines tell. */
export interface PushRequest {
  readonly method: string;
  /** The path with the query, or the URL. */
  readonly url: string;
  /** Names in lower case. */
  readonly headers: Readonly<Record<string, string | readonly string[] | undefined>>;
}

/** What the receiver expects. */
export interface PushExpectation extends Pick<PushEndpoint, 'key'> {
  /** `https://contoso.crm.dynamics.com`: a copy of the environment, which has the same steps, has another one. */
  readonly origin: string;
  /** Logical names of the tables whose changes are awaited. */
  readonly tables: Pick<ReadonlySet<string>, 'has'>;
}

/** What a request says, or the status with which it is refused. */
export type PushHint =
  | { readonly table: string; readonly message: PushMessage }
  | { readonly status: 400 | 401 | 403 | 405; readonly reason: string };

/**
 * Reads a webhook request of Dataverse, without its body: the key first, in constant time, then the headers. A hint says
 * only that it is worth looking at the table: the request is neither signed nor ordered, and can come twice.
 *
 * @see https://learn.microsoft.com/power-apps/developer/data-platform/use-webhooks
 * @example
 * const hint = readPushRequest(request, { key, origin, tables: new Set(['incident']) });
 * if ('status' in hint) return respond(hint.status);
 * await client.poll('case.created', {}, checkpoint, { wake: {} });
 */
export function readPushRequest(request: PushRequest, expected: PushExpectation): PushHint {
  const { url } = request;
  const query = new URLSearchParams(url.includes('?') ? url.slice(url.indexOf('?') + 1) : '');
  if (!isSameText(query.get('code') ?? '', expected.key.reveal()))
    return { status: 401, reason: 'The key is wrong.' };
  if (request.method !== 'POST') return { status: 405, reason: 'Only POST is allowed.' };
  const header = (name: string) => {
    const value = request.headers[`x-ms-dynamics-${name}`];
    return typeof value === 'string' ? value : '';
  };
  if (hostOf(header('organization')) !== hostOf(new URL(expected.origin).host))
    return { status: 403, reason: 'Another organization sent the request.' };
  const message = pushMessages.find((name) => name === header('request-name'));
  const table = header('entity-name');
  if (message === undefined || !expected.tables.has(table))
    return { status: 400, reason: 'The table or the message is not awaited.' };
  return { table, message };
}

/** The most bytes of a body that are read: Dataverse sends no longer one. */
export const maxPushBodyBytes = 256 * 1024;

/** The id of the row in the body of a Delete; undefined if the body does not tell it. */
export function readDeletedId(body: string, table: string): string | undefined {
  let context: unknown;
  try {
    context = JSON.parse(body);
  } catch {
    return undefined;
  }
  if (!isJsonObject(context)) return undefined;
  const { MessageName, PrimaryEntityName, PrimaryEntityId: id } = context;
  if (MessageName !== 'Delete' || PrimaryEntityName !== table || typeof id !== 'string') return undefined;
  return isGuid(id) ? id.toLowerCase() : undefined;
}

/** The time depends on the length of the expected text only. */
function isSameText(given: string, expected: string): boolean {
  let difference = given.length ^ expected.length;
  for (let at = 0; at < expected.length; at++) difference |= given.charCodeAt(at) ^ expected.charCodeAt(at);
  return difference === 0;
}

/** An environment has two names: `contoso.crm.dynamics.com` and `contoso.api.crm.dynamics.com`. */
function hostOf(text: string): string {
  return text.toLowerCase().replace(/^([^.]+)\.api\./, '$1.');
}
