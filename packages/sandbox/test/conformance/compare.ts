import { type BatchResponse, parseBatchResponse } from 'dynamics365-connector/odata';
import type { OrgResponse } from '../../src/protocol/types.ts';
import { fillPlaceholders, localise, type Sample } from './sample.ts';

/** Values that no request determines: versions, moments, made ids, what paging and counting depend on. */
const undetermined =
  /^@odata\.(etag|nextLink|deltaLink|count)$|@odata\.nextLink$|^(createdon|modifiedon)|(^|@)Microsoft\.Dynamics\.CRM\.(totalrecord|globalmetadata)|^@Microsoft\.PowerApps|_transactioncurrencyid_value|^(Ids|QueueItemId|FileContinuationToken|code)$/;

/** Where an answer differs from the documented one; empty when it does not. */
export function differences(sample: Sample, answer: OrgResponse): readonly string[] {
  const expected = sample.response!;
  const text = typeof answer.body === 'string' ? answer.body : '';
  if (sample.request.url.endsWith('$batch')) return compareBatch(sample, answer, text);
  return [
    ...compareStatus(expected.status, answer.status),
    ...compareHeaders(expected.headers, answer.headers),
    ...compareBodies(expected.body ?? '', text, sample.request),
  ];
}

function compareStatus(expected: number | null, found: number): readonly string[] {
  // The documentation of 2020 still shows 500 for a duplicate; Dataverse answers 412 since.
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

function compareBodies(expected: string, found: string, { method, url }: Asked): readonly string[] {
  if (expected.trim() === '') return found === '' ? [] : ['a body where there should be none'];
  if (/^\d+$/.test(expected.trim())) return /^\d+$/.test(found) ? [] : ['the body is not a count'];
  try {
    const wanted = JSON.parse(fillPlaceholders(localise(expected)));
    return compareJson(wanted, JSON.parse(found), {
      path: '',
      made: method === 'POST',
      selected: columnsOf(url),
    });
  } catch {
    return expected.trim().startsWith('{') ? ['a body cannot be read as JSON'] : [];
  }
}

interface Place {
  readonly path: string;
  /** The row was made by the request: its id is new. */
  readonly made: boolean;
  /** Columns that the request selects: the documentation sometimes shortens its answers. */
  readonly selected: readonly string[];
}

type Asked = Pick<Sample['request'], 'method' | 'url'>;

function columnsOf(url: string): readonly string[] {
  return /[?&]\$select=([^&]*)/.exec(url)?.[1]?.split(',') ?? [];
}

function compareJson(expected: unknown, found: unknown, place: Place): readonly string[] {
  if (Array.isArray(expected)) {
    if (!Array.isArray(found)) return [`${place.path} is not a list`];
    if (expected.length > 0 && found.length === 0) return [`${place.path} is empty`];
    return expected.length === 0
      ? []
      : compareJson(expected[0], found[0], { ...place, path: `${place.path}[0]` });
  }
  if (typeof expected === 'object' && expected !== null) {
    if (typeof found !== 'object' || found === null) return [`${place.path} is not an object`];
    return compareObjects(expected as Record<string, unknown>, found as Record<string, unknown>, place);
  }
  if (sameValue(expected, found, place)) return [];
  return [`${place.path} is ${JSON.stringify(found)} instead of ${JSON.stringify(expected)}`];
}

function compareObjects(
  expected: Record<string, unknown>,
  found: Record<string, unknown>,
  place: Place,
): readonly string[] {
  const missing = Object.keys(expected).filter((name) => !(name in found));
  const extra = Object.keys(found).filter((name) => !(name in expected) && !place.selected.includes(name));
  const both = Object.keys(expected).filter((name) => name in found && !undetermined.test(name));
  return [
    ...missing.map((name) => `${place.path}/${name} is missing`),
    ...extra.map((name) => `${place.path}/${name} should not be there`),
    ...both.flatMap((name) =>
      compareJson(expected[name], found[name], { ...place, path: `${place.path}/${name}` }),
    ),
  ];
}

function sameValue(expected: unknown, found: unknown, { path, made }: Place): boolean {
  if (path.endsWith('@odata.context')) return context(String(expected)) === context(String(found));
  const isId = typeof expected === 'string' && /^[0-9a-f-]{36}$/i.test(expected);
  if (made && isId) return typeof found === 'string';
  if (typeof expected === 'number') return Math.abs(expected - Number(found)) < 0.00001;
  return expected === found;
}

/** Contexts as v9.2 writes them: the documentation of 2020 names an expanded property twice, and no columns of a made row. */
function context(text: string): string {
  const [, fragment = ''] = /#(.*)$/.exec(text) ?? [];
  return fragment
    .replace(/(?<=[(,])(\w+),(?=(?:.*,)?\1[(/])/g, '')
    .replace(/^(\w+)\(.*\)\/\$entity$/, '$1/$entity')
    .replace(/^(\w+)\(.*\)(\/\$delta)?$/, '$1$2');
}

function compareBatch(sample: Sample, answer: OrgResponse, text: string): readonly string[] {
  const expected = sample.response!;
  const boundary = /^--(\S+)/m.exec(expected.body ?? '')?.[1] ?? '';
  const wanted = parts(`multipart/mixed; boundary="${boundary}"`, expected.body ?? '');
  const found = parts(answer.headers['Content-Type'] ?? '', text);
  if (!wanted || !found) return [`the ${wanted ? 'answer' : 'sample'} is not a batch`];
  const lengths = wanted.length === found.length ? [] : [`${found.length} parts instead of ${wanted.length}`];
  return [
    ...compareStatus(expected.status, answer.status),
    ...compareHeaders(expected.headers, answer.headers),
    ...lengths,
    ...wanted.flatMap((part, index) => (found[index] ? comparePart(part, found[index]) : [])),
  ];
}

function comparePart(wanted: BatchResponse, found: BatchResponse): readonly string[] {
  return [
    ...compareStatus(wanted.status, found.status),
    ...compareHeaders(wanted.headers, found.headers),
    ...compareBodies(wanted.body ?? '', found.body ?? '', { method: 'POST', url: '' }),
  ];
}

function parts(contentType: string, text: string): readonly BatchResponse[] | undefined {
  const body = text.replace(/\r?\n/g, '\r\n');
  const parsed = parseBatchResponse(contentType, body);
  if (!parsed.ok) return undefined;
  return parsed.value.flatMap((item) => ('part' in item ? [item.part] : item.changeSet));
}
