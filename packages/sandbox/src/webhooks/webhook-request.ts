import { readXml } from 'dynamics365-connector/odata';
import type { ColumnValues } from '../store/types.ts';
import type { WebhookPost } from '../web-api/events/message-event.ts';
import { isLoopback, type WebhookRequest } from './send-webhook.ts';

/** Why a webhook was not delivered: code and text of the system job. */
export class WebhookError extends Error {
  /** For example `0x80050201`. */
  readonly code: string;

  constructor(code: string, message: string) {
    super(message);
    this.name = 'WebhookError';
    this.code = code;
  }
}

/** `contract` of a webhook. Others are queues of Azure. */
const webhookContract = 8;

const authTypes = { webhookKey: 4, httpHeader: 5, httpQueryString: 6 } as const;

/** Larger bodies are sent without their largest members. */
const maxBodyBytes = 256 * 1024;

/** The members that are left out of a large body. */
const largeMembers = ['ParentContext', 'InputParameters', 'PreEntityImages', 'PostEntityImages'] as const;

/**
 * The HTTP request of a webhook call.
 * https://learn.microsoft.com/power-apps/developer/data-platform/register-web-hook
 *
 * @throws WebhookError when the registration of the endpoint is not usable, or the body stays too large
 */
export function createWebhookRequest(
  endpoint: ColumnValues,
  post: WebhookPost,
  organizationHost: string,
): Omit<WebhookRequest, 'signal'> {
  if (endpoint.contract !== webhookContract)
    throw new WebhookError(
      '0x80050206',
      'The sandbox delivers to service endpoints with contract 8 (Webhook) only.',
    );
  const url = parseUrl(String(endpoint.url ?? ''));
  const { body, isReduced } = serializeContext(post);
  return {
    url: addQuery(url, endpoint),
    headers: {
      'Content-Type': 'application/json; charset=utf-8',
      'x-ms-dynamics-organization': organizationHost,
      'x-ms-dynamics-entity-name': post.table,
      'x-ms-dynamics-request-name': post.message,
      'x-ms-correlation-request-id': post.correlationId,
      ...(isReduced ? { 'x-ms-dynamics-msg-size-exceeded': 'true' } : {}),
      ...authHeaders(endpoint),
    },
    body,
  };
}

/** Dataverse sends to ports 80 and 443 only. Receivers on this machine may have any port. */
function parseUrl(text: string): URL {
  const url = URL.canParse(text) ? new URL(text) : undefined;
  if (!url || !/^https?:$/.test(url.protocol))
    throw new WebhookError(
      '0x80050205',
      `The URL of the service endpoint is not valid: ${text.slice(0, 200)}`,
    );
  if (url.port !== '' && !isLoopback(url))
    throw new WebhookError(
      '0x80050205',
      `The webhook URL ${url.origin} has port ${url.port}. Only port 80 for http and port 443 for https are allowed.`,
    );
  return url;
}

function addQuery(url: URL, { authtype, authvalue }: ColumnValues): string {
  const value = String(authvalue ?? '');
  if (authtype === authTypes.webhookKey) url.searchParams.append('code', value);
  if (authtype === authTypes.httpQueryString) {
    const settings = readSettings(value) ?? failInvalidSettings('0x80050204', 'query string');
    for (const [name, text] of settings) url.searchParams.append(name, text);
  }
  return url.href;
}

function authHeaders({ authtype, authvalue }: ColumnValues): Readonly<Record<string, string>> {
  if (authtype !== authTypes.httpHeader) return {};
  const settings = readSettings(String(authvalue ?? '')) ?? failInvalidSettings('0x80050203', 'headers');
  const isInvalid = settings.some(
    ([name, value]) => !/^[\w!#$%&'*+.^`|~-]+$/.test(name) || /[^\t\x20-\x7e\x80-\xff]/.test(value),
  );
  if (isInvalid) return failInvalidSettings('0x80050203', 'headers');
  return Object.fromEntries(settings);
}

/** `<settings><setting name="key" value="secret" /></settings>` as pairs; undefined when it is something else. */
function readSettings(xml: string): readonly (readonly [string, string])[] | undefined {
  const { root } = readXml(xml);
  if (root?.name !== 'settings' || root.children.length === 0) return undefined;
  const pairs = root.children.map(({ attributes }) => [attributes.name, attributes.value]);
  return pairs.every((pair) => pair.every((text) => text !== undefined))
    ? (pairs as [string, string][])
    : undefined;
}

function failInvalidSettings(code: string, place: string): never {
  const form = '<settings><setting name="…" value="…" /></settings>';
  throw new WebhookError(code, `The authentication ${place} of the webhook are not valid. Expected: ${form}`);
}

function serializeContext({ context }: WebhookPost): { readonly body: string; readonly isReduced: boolean } {
  const body = toDotNetJson(context);
  if (Buffer.byteLength(body) <= maxBodyBytes) return { body, isReduced: false };
  const reduced = toDotNetJson({
    ...context,
    ...Object.fromEntries(largeMembers.map((name) => [name, undefined])),
  });
  if (Buffer.byteLength(reduced) > maxBodyBytes)
    throw new WebhookError(
      '0x80050207',
      'The webhook body is larger than 256 KB even without its largest members.',
    );
  return { body: reduced, isReduced: true };
}

/** JSON as .NET's DataContractJsonSerializer writes it: slashes are escaped. */
const toDotNetJson = (value: unknown): string => JSON.stringify(value).replaceAll('/', '\\/');
