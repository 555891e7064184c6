import type { ExpectedRequest } from '../../model/definition.ts';
import type { HttpRequest } from '../../model/http.ts';
import type { Json, JsonObject } from '../../model/json.ts';

/**
 * The differences between a request and the one that a contract test expects; empty if there are none. Path and query
 * are compared decoded; headers and body only if the test has them. The test must have every query option except
 * `$select`, which follows from the table schema.
 */
export function compareRequest(
  expected: ExpectedRequest,
  request: HttpRequest,
  baseUrl: string,
): readonly string[] {
  const url = new URL(request.url);
  const path = decodeURIComponent(`${url.origin}${url.pathname}`).slice(baseUrl.length);
  return [
    ...compareText('method', expected.method, request.method),
    ...compareText('path', expected.path, path),
    ...compareQuery(expected.query ?? {}, url.searchParams),
    ...compareHeaders(expected.headers ?? {}, request.headers),
    ...(expected.body === undefined ? [] : compareBody(expected.body, request.body)),
  ];
}

function compareQuery(expected: Readonly<Record<string, string>>, sent: URLSearchParams): string[] {
  const names = new Set([...Object.keys(expected), ...sent.keys()]);
  if (!Object.hasOwn(expected, '$select')) names.delete('$select');
  return [...names].flatMap((name) =>
    compareText(`query ${name}`, expected[name], sent.get(name) ?? undefined),
  );
}

function compareHeaders(expected: Readonly<Record<string, string>>, sent: HttpRequest['headers']): string[] {
  return Object.entries(expected).flatMap(([name, value]) =>
    compareText(`header ${name}`, value, sent[name.toLowerCase()]),
  );
}

function compareBody(expected: Json, sent: HttpRequest['body']): string[] {
  const text = typeof sent === 'string' ? sent : new TextDecoder().decode(sent ?? new Uint8Array());
  const body = text === '' ? undefined : (JSON.parse(text) as Json);
  return isSameJson(expected, body)
    ? []
    : [`body: expected ${JSON.stringify(expected)}, sent ${JSON.stringify(body)}`];
}

function compareText(what: string, expected: string | undefined, sent: string | undefined): string[] {
  if (expected === sent) return [];
  return [`${what}: expected ${expected ?? '(absent)'}, sent ${sent ?? '(absent)'}`];
}

/** Whether two values are equal as JSON, regardless of the order of properties. */
export function isSameJson(a: Json | undefined, b: Json | undefined): boolean {
  return canonical(a) === canonical(b);
}

function canonical(value: Json | undefined): string | undefined {
  return JSON.stringify(value, (_, inner: Json) =>
    inner !== null && typeof inner === 'object' && !Array.isArray(inner)
      ? Object.fromEntries(Object.entries(inner as JsonObject).sort(([x], [y]) => (x < y ? -1 : 1)))
      : inner,
  );
}
