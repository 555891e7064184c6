import { type BatchResponse, parseBatchResponse } from 'dynamics365-connector/odata';
import type { WebApiResponse } from '../../src/web-api/types.ts';
import { fillPlaceholders, type Sample, useLocalOrigin } from './sample.ts';

/** Values that a request does not determine: versions, times, new ids, what paging and counting depend on. */
const undeterminedNames =
  /^@odata\.(etag|nextLink|deltaLink|count)$|@odata\.nextLink$|^(createdon|modifiedon)|(^|@)Microsoft\.Dynamics\.CRM\.(totalrecord|globalmetadata)|^@Microsoft\.PowerApps|_transactioncurrencyid_value|^(Ids|QueueItemId|FileContinuationToken|code)$/;

/** The differences from the documented response; empty when there are none. */
export function compareResponse(sample: Sample, response: WebApiResponse): readonly string[] {
  const expected = sample.response!;
  const text = typeof response.body === 'string' ? response.body : '';
  if (sample.request.url.endsWith('$batch')) return compareBatch(sample, response, text);
  return [
    ...compareStatus(expected.status, response.status),
    ...compareHeaders(expected.headers, response.headers),
    ...compareBodies(expected.body ?? '', text, sample.request),
  ];
}

function compareStatus(expected: number | null, found: number): readonly string[] {
  // The documentation of 2020 still shows 500 for a duplicate; Dataverse has since changed to 412.
  if (expected === null || expected === found || (expected === 500 && found === 412)) return [];
  return [`status ${found} instead of ${expected}`];
}

function compareHeaders(
  expected: Readonly<Record<string, string>>,
  found: Readonly<Record<string, string>>,
): readonly string[] {
  const names = new Set(Object.keys(found).map((name) => name.toLowerCase()));
  const ofTheServer = new Set(['content-length', 'date', 'req_id']);
  return Object.keys(expected)
    .filter((name) => !names.has(name.toLowerCase()) && !ofTheServer.has(name.toLowerCase()))
    .map((name) => `header ${name} is missing`);
}

function compareBodies(expected: string, found: string, { method, url }: SampleRequest): readonly string[] {
  if (expected.trim() === '') return found === '' ? [] : ['a body where there should be none'];
  if (/^\d+$/.test(expected.trim())) return /^\d+$/.test(found) ? [] : ['the body is not a count'];
  try {
    const expectedJson = JSON.parse(fillPlaceholders(useLocalOrigin(expected)));
    return compareJson(expectedJson, JSON.parse(found), {
      path: '',
      made: method === 'POST',
      selected: columnsOf(url),
    });
  } catch {
    return expected.trim().startsWith('{') ? ['a body cannot be read as JSON'] : [];
  }
}

interface JsonPosition {
  readonly path: string;
  /** Whether the request created the row: then its id is new. */
  readonly made: boolean;
  /** The selected columns: the documentation sometimes shortens its responses. */
  readonly selected: readonly string[];
}

type SampleRequest = Pick<Sample['request'], 'method' | 'url'>;

function columnsOf(url: string): readonly string[] {
  return /[?&]\$select=([^&]*)/.exec(url)?.[1]?.split(',') ?? [];
}

function compareJson(expected: unknown, found: unknown, position: JsonPosition): readonly string[] {
  if (Array.isArray(expected)) {
    if (!Array.isArray(found)) return [`${position.path} is not a list`];
    if (expected.length > 0 && found.length === 0) return [`${position.path} is empty`];
    return expected.length === 0
      ? []
      : compareJson(expected[0], found[0], { ...position, path: `${position.path}[0]` });
  }
  if (typeof expected === 'object' && expected !== null) {
    if (typeof found !== 'object' || found === null) return [`${position.path} is not an object`];
    return compareObjects(expected as Record<string, unknown>, found as Record<string, unknown>, position);
  }
  if (sameValue(expected, found, position)) return [];
  return [`${position.path} is ${JSON.stringify(found)} instead of ${JSON.stringify(expected)}`];
}

function compareObjects(
  expected: Record<string, unknown>,
  found: Record<string, unknown>,
  position: JsonPosition,
): readonly string[] {
  const missing = Object.keys(expected).filter((name) => !(name in found));
  const extra = Object.keys(found).filter((name) => !(name in expected) && !position.selected.includes(name));
  const both = Object.keys(expected).filter((name) => name in found && !undeterminedNames.test(name));
  return [
    ...missing.map((name) => `${position.path}/${name} is missing`),
    ...extra.map((name) => `${position.path}/${name} should not be there`),
    ...both.flatMap((name) =>
      compareJson(expected[name], found[name], { ...position, path: `${position.path}/${name}` }),
    ),
  ];
}

function sameValue(expected: unknown, found: unknown, { path, made }: JsonPosition): boolean {
  if (path.endsWith('@odata.context'))
    return normalizeContext(String(expected)) === normalizeContext(String(found));
  const isId = typeof expected === 'string' && /^[0-9a-f-]{36}$/i.test(expected);
  if (made && isId) return typeof found === 'string';
  if (typeof expected === 'number') return Math.abs(expected - Number(found)) < 0.00001;
  return expected === found;
}

/** Context URLs in the form of v9.2: the documentation of 2020 repeats expanded properties and omits the columns of created rows. */
function normalizeContext(text: string): string {
  const [, fragment = ''] = /#(.*)$/.exec(text) ?? [];
  return fragment
    .replace(/(?<=[(,])(\w+),(?=(?:.*,)?\1[(/])/g, '')
    .replace(/^(\w+)\(.*\)\/\$entity$/, '$1/$entity')
    .replace(/^(\w+)\(.*\)(\/\$delta)?$/, '$1$2');
}

function compareBatch(sample: Sample, response: WebApiResponse, text: string): readonly string[] {
  const expected = sample.response!;
  const boundary = /^--(\S+)/m.exec(expected.body ?? '')?.[1] ?? '';
  const expectedParts = parseBatchParts(`multipart/mixed; boundary="${boundary}"`, expected.body ?? '');
  const found = parseBatchParts(response.headers['Content-Type'] ?? '', text);
  if (!expectedParts || !found) return [`the ${expectedParts ? 'response' : 'sample'} is not a batch`];
  const lengths =
    expectedParts.length === found.length ? [] : [`${found.length} parts instead of ${expectedParts.length}`];
  return [
    ...compareStatus(expected.status, response.status),
    ...compareHeaders(expected.headers, response.headers),
    ...lengths,
    ...expectedParts.flatMap((part, index) => (found[index] ? comparePart(part, found[index]) : [])),
  ];
}

function comparePart(expected: BatchResponse, found: BatchResponse): readonly string[] {
  return [
    ...compareStatus(expected.status, found.status),
    ...compareHeaders(expected.headers, found.headers),
    ...compareBodies(expected.body ?? '', found.body ?? '', { method: 'POST', url: '' }),
  ];
}

function parseBatchParts(contentType: string, text: string): readonly BatchResponse[] | undefined {
  const body = text.replace(/\r?\n/g, '\r\n');
  const parsed = parseBatchResponse(contentType, body);
  if (!parsed.ok) return undefined;
  return parsed.value.flatMap((item) => ('part' in item ? [item.part] : item.changeSet));
}
