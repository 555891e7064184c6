import { type BatchResponse, parseBatchResponse } from 'dynamics365-connector/odata';
import type { Answer, Exchange, ExpectedResponse } from '../exchange.ts';
import { compareBodies } from './body.ts';
import { type Difference, difference, show } from './difference.ts';
import { compareHeaders, compareStatus } from './headers.ts';

/** Compares a batch part by part. */
export function compareBatch(
  exchange: Exchange,
  expected: ExpectedResponse,
  answer: Answer,
): readonly Difference[] {
  const boundary = /^--(\S+)/m.exec(expected.body)?.[1] ?? '';
  const wanted = parseParts(`multipart/mixed; boundary="${boundary}"`, expected.body);
  const found = parseParts(answer.headers['content-type'] ?? '', answer.body);
  if (!wanted) return compareBodies(exchange, expected.body, answer.body);
  if (!found) return [difference('batch', `the response is not a batch: ${show(answer.body)}`)];
  return [
    ...(wanted.length === found.length
      ? []
      : [difference('batch', `${found.length} parts instead of ${wanted.length}`)]),
    ...compareLayout(exchange, expected.body, answer.body),
    ...wanted.flatMap((part, index) => comparePart(exchange, part, found[index])),
  ];
}

function comparePart(
  exchange: Exchange,
  expected: BatchResponse,
  found: BatchResponse | undefined,
): readonly Difference[] {
  if (!found) return [];
  const part = { ...exchange, request: { ...exchange.request, method: 'POST' } };
  return [
    ...compareStatus(exchange, { expected: expected.status, found: found.status }),
    ...compareHeaders(part, expected.headers, { headers: found.headers, body: found.body ?? '' }),
    ...compareBodies(part, expected.body ?? '', found.body ?? ''),
  ];
}

/** Names of the header lines, status lines and boundaries in their order. */
function compareLayout({ format }: Exchange, expected: string, found: string): readonly Difference[] {
  if (format === 'documentation') return [];
  const [wanted, actual] = [layoutOf(expected), layoutOf(found)];
  const at = wanted.findIndex((line, index) => line !== actual[index]);
  if (at < 0 && wanted.length === actual.length) return [];
  return [
    difference(
      'batch',
      `line ${show(actual[at] ?? actual.at(-1))} instead of ${show(wanted[at] ?? 'the end')}`,
    ),
  ];
}

function layoutOf(body: string): readonly string[] {
  return body
    .split(/\r?\n/)
    .filter((line) => /^(?:[A-Za-z-]+:|HTTP|--)/.test(line))
    .map((line) => line.replace(/[0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12}/gi, '<guid>'))
    .map((line) => (/^Content-(?:Type|Transfer|ID)/.test(line) ? line : line.replace(/:.*/, '')));
}

function parseParts(contentType: string, text: string): readonly BatchResponse[] | undefined {
  const parsed = parseBatchResponse(contentType, text.replace(/\r?\n/g, '\r\n'));
  if (!parsed.ok) return undefined;
  return parsed.value.flatMap((item) => ('part' in item ? [item.part] : item.changeSet));
}
