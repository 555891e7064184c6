import type { SentShape } from '../../model/definition.ts';
import type { HttpRequest } from '../../model/http.ts';
import type { Json, JsonObject } from '../../model/json.ts';

/**
 * How a request differs from what a contract test says, in sentences; none = it is the same. Path and query
 * are compared decoded; headers and body only where the test names them. Every query option must be named,
 * except `$select`, which follows from the table schema.
 */
export function compareRequest(wanted: SentShape, request: HttpRequest, baseUrl: string): readonly string[] {
  const url = new URL(request.url);
  const path = decodeURIComponent(`${url.origin}${url.pathname}`).slice(baseUrl.length);
  return [
    ...differs('method', wanted.method, request.method),
    ...differs('path', wanted.path, path),
    ...compareQuery(wanted.query ?? {}, url.searchParams),
    ...compareHeaders(wanted.headers ?? {}, request.headers),
    ...(wanted.body === undefined ? [] : compareBody(wanted.body, request.body)),
  ];
}

function compareQuery(wanted: Readonly<Record<string, string>>, sent: URLSearchParams): string[] {
  const names = new Set([...Object.keys(wanted), ...sent.keys()]);
  if (!Object.hasOwn(wanted, '$select')) names.delete('$select');
  return [...names].flatMap((name) => differs(`query ${name}`, wanted[name], sent.get(name) ?? undefined));
}

function compareHeaders(wanted: Readonly<Record<string, string>>, sent: HttpRequest['headers']): string[] {
  return Object.entries(wanted).flatMap(([name, value]) =>
    differs(`header ${name}`, value, sent[name.toLowerCase()]),
  );
}

function compareBody(wanted: Json, sent: HttpRequest['body']): string[] {
  const text = typeof sent === 'string' ? sent : new TextDecoder().decode(sent ?? new Uint8Array());
  const body = text === '' ? undefined : (JSON.parse(text) as Json);
  return sameJson(wanted, body)
    ? []
    : [`body: expected ${JSON.stringify(wanted)}, sent ${JSON.stringify(body)}`];
}

function differs(what: string, wanted: string | undefined, sent: string | undefined): string[] {
  if (wanted === sent) return [];
  return [`${what}: expected ${wanted ?? '(absent)'}, sent ${sent ?? '(absent)'}`];
}

/** Equal as JSON: the order of properties does not count. */
export function sameJson(a: Json | undefined, b: Json | undefined): boolean {
  return canonical(a) === canonical(b);
}

function canonical(value: Json | undefined): string | undefined {
  return JSON.stringify(value, (_, inner: Json) =>
    inner !== null && typeof inner === 'object' && !Array.isArray(inner)
      ? Object.fromEntries(Object.entries(inner as JsonObject).sort(([x], [y]) => (x < y ? -1 : 1)))
      : inner,
  );
}
