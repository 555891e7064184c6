import type { Exchange, OrgResponse } from './types.ts';

/** A JSON answer; `extra` headers come on top of those that every answer has. */
export function json(
  exchange: Exchange,
  value: unknown,
  more: { readonly status?: number; readonly headers?: Readonly<Record<string, string>> } = {},
): OrgResponse {
  const streaming = exchange.nested ? '; odata.streaming=true' : '';
  return {
    status: more.status ?? 200,
    headers: {
      'Content-Type': `application/json; odata.metadata=minimal${streaming}`,
      ...commonHeaders(exchange),
      ...more.headers,
    },
    body: JSON.stringify(value),
  };
}

/** 204. */
export function noContent(exchange: Exchange, headers: Readonly<Record<string, string>> = {}): OrgResponse {
  return { status: 204, headers: { ...commonHeaders(exchange), ...headers } };
}

/** A bare value: `/$count`, `/$value`. */
export function plainText(exchange: Exchange, body: string): OrgResponse {
  return { status: 200, headers: { 'Content-Type': 'text/plain', ...commonHeaders(exchange) }, body };
}

function commonHeaders({ prefer }: Exchange): Record<string, string> {
  const applied = prefer.applied.join(', ');
  return { 'OData-Version': '4.0', ...(applied === '' ? {} : { 'Preference-Applied': applied }) };
}

/** `http://…/api/data/v9.2/$metadata#` and what the answer holds: `accounts(name)/$entity`. */
export function contextUrl(exchange: Exchange, fragment: string): string {
  return `${exchange.base}/$metadata#${fragment}`;
}
