import { readFileSync } from 'node:fs';
import {
  type Exchange,
  type ExpectedResponse,
  fillPlaceholders,
  sampleOrigin,
  useSampleOrigin,
} from './exchange.ts';
import { isObject, NumberText, parseJsonText, writeJsonText } from './json-text.ts';

/**
 * Reads the exchanges of a file: documentation samples (`request.url`) or recordings (`request.path`). An entry that
 * is not an exchange becomes one with a `problem`.
 */
export function readExchanges(path: string): readonly Exchange[] {
  return parseExchanges(readFileSync(path, 'utf8'));
}

/** Parses the text of a file of exchanges. */
export function parseExchanges(text: string): readonly Exchange[] {
  const entries = parseJsonText(text);
  if (!Array.isArray(entries)) throw new Error('The file must hold a JSON array of exchanges.');
  return entries.map((entry, index) => {
    try {
      return toExchange(entry, index);
    } catch (error) {
      return brokenExchange(entry, index, error);
    }
  });
}

function brokenExchange(entry: unknown, index: number, error: unknown): Exchange {
  return {
    id: isObject(entry) ? textOf(entry.id, `#${index}`) : `#${index}`,
    format: 'recording',
    kind: 'broken',
    request: { method: '', url: '', headers: {} },
    problem: error instanceof Error ? error.message : String(error),
  };
}

function toExchange(entry: unknown, index: number): Exchange {
  if (!isObject(entry) || !isObject(entry.request)) throw new Error('The entry has no request.');
  const id = textOf(entry.id, `#${index}`);
  const kind = entry.is_error === true ? 'error' : textOf(entry.kind, 'other');
  return 'path' in entry.request ? fromRecording(entry, { id, kind }) : fromSample(entry, { id, kind });
}

type Head = Pick<Exchange, 'id' | 'kind'>;

function fromSample(entry: Record<string, unknown>, head: Head): Exchange {
  const request = entry.request as Record<string, unknown>;
  if (typeof request.url !== 'string') throw new Error('The request has neither a URL nor a path.');
  const response = isObject(entry.response) ? entry.response : undefined;
  const headers = headersOf(request.headers) ?? {};
  const responseHeaders = headersOf(response?.headers) ?? {};
  return {
    ...head,
    format: 'documentation',
    request: {
      method: textOf(request.method, ''),
      url: clean(request.url),
      headers: joinLines(withAppliedPreference(headers, responseHeaders)),
      body: typeof request.body === 'string' ? clean(request.body) : undefined,
    },
    response: response && {
      status: statusOf(response.status),
      headers: responseHeaders,
      body: clean(bodyText(response.body)),
      exact: false,
      partial: isShortened(headers, bodyText(response.body)),
    },
  };
}

/** Some samples leave out the `Prefer` header that their response repeats. */
function withAppliedPreference(
  headers: Readonly<Record<string, string>>,
  response: Readonly<Record<string, string>>,
): Readonly<Record<string, string>> {
  const isPrefer = Object.keys(headers).some((name) => name.toLowerCase() === 'prefer');
  const applied = Object.entries(response).find(([name]) => name.toLowerCase() === 'preference-applied')?.[1];
  return isPrefer || applied === undefined ? headers : { ...headers, Prefer: applied };
}

/** Whether a page of a sample shows fewer rows than it holds: it has a next page, but not the number of rows of one. */
function isShortened(headers: Readonly<Record<string, string>>, body: string): boolean {
  const size = Number(/odata\.maxpagesize=(\d+)/.exec(Object.values(headers).join())?.[1] ?? 0);
  if (size === 0 || !body.includes('@odata.nextLink')) return false;
  try {
    const { value } = JSON.parse(body) as { value?: unknown };
    return Array.isArray(value) && value.length < size;
  } catch {
    return false;
  }
}

function fromRecording(entry: Record<string, unknown>, head: Head): Exchange {
  const request = entry.request as Record<string, unknown>;
  const replay = isObject(entry.replay) ? entry.replay : {};
  const body = replay.data ?? request.body;
  return {
    ...head,
    format: 'recording',
    request: {
      method: textOf(replay.method ?? request.method, ''),
      url: `${sampleOrigin}/api/data/v9.2/${textOf(replay.path ?? request.path, '')}`,
      headers: {
        ...(isObject(body) ? { 'Content-Type': 'application/json' } : {}),
        ...headersOf(request.headers),
      },
      body: body === undefined || body === null ? undefined : clean(bodyText(body)),
    },
    response: recordedResponse(entry, replay),
    recorded: recordingOf(entry),
  };
}

/** The year in the notes of a recording, and the version in its URLs. */
function recordingOf({ notes, response }: Record<string, unknown>): Exchange['recorded'] {
  const year = /\b(20[12]\d)\b/.exec(textOf(notes, ''))?.[1];
  const version = /\/api\/data\/v(\d\.\d)\//.exec(writeJsonText(response))?.[1];
  return { year: year === undefined ? undefined : Number(year), version };
}

function recordedResponse(
  { response, partial }: Record<string, unknown>,
  { message }: Record<string, unknown>,
): ExpectedResponse | undefined {
  if (!isObject(response)) return undefined;
  const body =
    typeof message === 'string' && isObject(response.body) && isObject(response.body.error)
      ? { error: { ...response.body.error, message } }
      : response.body;
  return {
    status: statusOf(response.status),
    headers: headersOf(response.headers),
    body: clean(bodyText(body)),
    // Tools that cut off headers also wrote the body anew.
    exact: isObject(response.headers),
    partial: partial === true || (partial !== undefined && partial !== null && partial !== false),
  };
}

const clean = (text: string): string => fillPlaceholders(useSampleOrigin(text));

function bodyText(body: unknown): string {
  if (body === undefined || body === null) return '';
  return typeof body === 'string' ? body : writeJsonText(body);
}

function headersOf(headers: unknown): Readonly<Record<string, string>> | undefined {
  if (!isObject(headers)) return undefined;
  return Object.fromEntries(Object.entries(headers).map(([name, value]) => [name, clean(textOf(value, ''))]));
}

/** Documentation breaks long header values into lines. */
function joinLines(headers: Readonly<Record<string, string>>): Readonly<Record<string, string>> {
  return Object.fromEntries(
    Object.entries(headers).map(([name, value]) => [name, value.replaceAll('\n', ', ')]),
  );
}

function statusOf(status: unknown): number | null {
  return status instanceof NumberText ? Number(status.text) : null;
}

function textOf(value: unknown, fallback: string): string {
  if (value instanceof NumberText) return value.text;
  return typeof value === 'string' ? value : fallback;
}
