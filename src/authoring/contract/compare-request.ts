import type { ExpectedRequest } from '../../model/definition.ts';
import type { HttpRequest } from '../../model/http.ts';
import type { Json } from '../../model/json.ts';
import { omitUndefined } from '../../model/omit-undefined.ts';
import { findDifferences, type TestFailure } from './test-failure.ts';

/**
 * Compares a request with the one that a contract test expects. Path and query are compared decoded, and headers only
 * if the test has them. The test must have the body (`"*"` stands for any body) and every query option, except
 * `$select`, which follows from the table schema.
 *
 * @returns what differs, with the request as the test would state it; undefined if nothing does
 */
export function compareRequest(
  expected: ExpectedRequest,
  request: HttpRequest,
  baseUrl: string,
): TestFailure | undefined {
  const actual = describeRequest(request, baseUrl, expected);
  const differences = findDifferences(expected as unknown as Json, actual as unknown as Json);
  return differences.length === 0
    ? undefined
    : { message: 'another request was sent', differences, actual: actual as unknown as Json };
}

const anyBody = '*';

/** A request as a test states it. `$select` and headers are only in it if the test has them. */
export function describeRequest(
  { method, url: text, headers, body }: HttpRequest,
  baseUrl: string,
  expected: ExpectedRequest,
): ExpectedRequest {
  const url = new URL(text);
  const query = Object.fromEntries(
    [...url.searchParams].filter(([name]) => name !== '$select' || expected.query?.$select !== undefined),
  );
  const ownHeaders = Object.keys(expected.headers ?? {}).flatMap((name) => {
    const value = headers[name.toLowerCase()];
    return value === undefined ? [] : [[name, value] as const];
  });
  const hasQuery = Object.keys(query).length > 0 || expected.query !== undefined;
  return omitUndefined({
    method,
    path: decodeURIComponent(`${url.origin}${url.pathname}`).slice(baseUrl.length),
    query: hasQuery ? query : undefined,
    headers: expected.headers === undefined ? undefined : Object.fromEntries(ownHeaders),
    body: expected.body === anyBody && body !== undefined ? anyBody : readBody(body),
  }) as ExpectedRequest;
}

/** The JSON of a body; a body that is no JSON, such as a block of a file, as its text. */
function readBody(sent: HttpRequest['body']): Json | undefined {
  const text = typeof sent === 'string' ? sent : new TextDecoder().decode(sent ?? new Uint8Array());
  if (text === '') return undefined;
  try {
    return JSON.parse(text) as Json;
  } catch {
    return text;
  }
}
