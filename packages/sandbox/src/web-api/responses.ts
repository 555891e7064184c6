import type { WebApiContext, WebApiResponse } from './types.ts';

/** A JSON answer; `extra` headers come on top of those that every answer has. */
export function jsonResponse(
  context: WebApiContext,
  value: unknown,
  extra: { readonly status?: number; readonly headers?: Readonly<Record<string, string>> } = {},
): WebApiResponse {
  const streaming = context.inBatch ? '; odata.streaming=true' : '';
  return {
    status: extra.status ?? 200,
    headers: {
      'Content-Type': `application/json; odata.metadata=minimal${streaming}`,
      ...commonHeaders(context),
      ...extra.headers,
    },
    body: JSON.stringify(value),
  };
}

/** 204. */
export function noContentResponse(
  context: WebApiContext,
  headers: Readonly<Record<string, string>> = {},
): WebApiResponse {
  return { status: 204, headers: { ...commonHeaders(context), ...headers } };
}

/** A bare value: `/$count`, `/$value`. */
export function textResponse(context: WebApiContext, body: string): WebApiResponse {
  return { status: 200, headers: { 'Content-Type': 'text/plain', ...commonHeaders(context) }, body };
}

function commonHeaders({ prefer }: WebApiContext): Record<string, string> {
  const applied = prefer.applied.join(', ');
  return { 'OData-Version': '4.0', ...(applied === '' ? {} : { 'Preference-Applied': applied }) };
}

/** `http://…/api/data/v9.2/$metadata#` and what the answer holds: `accounts(name)/$entity`. */
export function contextUrl(context: WebApiContext, fragment: string): string {
  return `${context.base}/$metadata#${fragment}`;
}
