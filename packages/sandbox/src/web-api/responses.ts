import { toJsonText } from './exact-json.ts';
import type { WebApiContext, WebApiResponse } from './types.ts';

/** A JSON response; `extra` headers are added to the common ones. */
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
    body: toJsonText(value),
  };
}

/** A response with status 204. */
export function noContentResponse(
  context: WebApiContext,
  headers: Readonly<Record<string, string>> = {},
): WebApiResponse {
  return { status: 204, headers: { ...commonHeaders(context), ...headers } };
}

/** A plain text response: `/$count`, `/$value`. */
export function textResponse(context: WebApiContext, body: string): WebApiResponse {
  return { status: 200, headers: { 'Content-Type': 'text/plain', ...commonHeaders(context) }, body };
}

/** The headers of each successful response. */
export function commonHeaders({ prefer }: WebApiContext): Record<string, string> {
  const applied = prefer.applied.join(', ');
  if (applied === '') return { 'OData-Version': '4.0' };
  return { 'OData-Version': '4.0', 'Preference-Applied': applied };
}

/** The context URL of a response: `http://…/api/data/v9.2/$metadata#accounts(name)/$entity`. */
export function contextUrl(context: WebApiContext, fragment: string): string {
  return `${context.base}/$metadata#${fragment}`;
}
