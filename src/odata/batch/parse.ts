import type { Fault, Parsed, Span } from '../query/ast.ts';
import { readBoundary, readHeaders, splitMultipart } from './multipart.ts';
import { type BatchItem, type BatchRequest, type BatchResponse, maxBatchParts } from './types.ts';

/**
 * Parses the body of a `$batch` request. Never throws: hostile text gives faults with their place in the body.
 * https://learn.microsoft.com/power-apps/developer/data-platform/webapi/execute-batch-operations-using-web-api
 */
export function parseBatchRequest(
  contentType: string,
  body: string,
): Parsed<readonly BatchItem<BatchRequest>[]> {
  return parseBatch(contentType, body, readRequestLine);
}

/** Parses the answer of a `$batch`; items come in the order in which they were carried out. */
export function parseBatchResponse(
  contentType: string,
  body: string,
): Parsed<readonly BatchItem<BatchResponse>[]> {
  return parseBatch(contentType, body, readStatusLine);
}

/** What every part has besides its first line. */
type Common = Pick<BatchRequest, 'headers' | 'body' | 'contentId'>;
/** Understands the first line of a part: the request line or the status line. */
type ReadFirstLine<Part> = (line: string, common: Common) => Part | undefined;

class BadBatch extends Error {
  readonly fault: Fault;
  constructor(message: string, { start, end }: Span) {
    super(message);
    this.fault = { message, start, end };
  }
}

function parseBatch<Part>(
  contentType: string,
  text: string,
  readFirstLine: ReadFirstLine<Part>,
): Parsed<readonly BatchItem<Part>[]> {
  try {
    const reader = { text, readFirstLine };
    const pieces = split(text, { start: 0, end: text.length }, contentType);
    const items = pieces.map((piece) => readItem(reader, piece));
    const count = items.reduce((sum, item) => sum + ('changeSet' in item ? item.changeSet.length : 1), 0);
    if (count > maxBatchParts)
      throw new BadBatch(`A batch holds at most ${maxBatchParts} requests.`, { start: 0, end: 0 });
    return { ok: true, value: items };
  } catch (error) {
    if (error instanceof BadBatch) return { ok: false, faults: [error.fault] };
    throw error;
  }
}

function split(text: string, within: Span, contentType: string): readonly Span[] {
  const boundary = readBoundary(contentType);
  if (boundary === undefined)
    throw new BadBatch('The content type is not multipart/mixed with a boundary.', within);
  const pieces = splitMultipart(text, within, boundary);
  if ('message' in pieces) throw new BadBatch(pieces.message, pieces);
  return pieces;
}

interface Reader<Part> {
  readonly text: string;
  readonly readFirstLine: ReadFirstLine<Part>;
}

function readItem<Part>(reader: Reader<Part>, piece: Span): BatchItem<Part> {
  const { headers, bodyStart } = headersOf(reader.text, piece);
  const type = headers['content-type'] ?? '';
  if (!/^multipart\//i.test(type)) return { part: readPart(reader, piece) };
  const parts = split(reader.text, { start: bodyStart, end: piece.end }, type);
  return { changeSet: parts.map((part) => readPart(reader, part)) };
}

function readPart<Part>({ text, readFirstLine }: Reader<Part>, piece: Span): Part {
  const outer = headersOf(text, piece);
  if (!/^application\/http\b/i.test(outer.headers['content-type'] ?? '')) {
    throw new BadBatch('A part must have the content type application/http.', piece);
  }
  const newline = text.indexOf('\n', outer.bodyStart);
  const lineEnd = newline < 0 || newline > piece.end ? piece.end : newline;
  const line = text.slice(outer.bodyStart, lineEnd).trimEnd();
  const inner = headersOf(text, { start: Math.min(lineEnd + 1, piece.end), end: piece.end });
  const body = text.slice(inner.bodyStart, piece.end);
  const contentId = outer.headers['content-id'] ?? inner.headers['content-id'];
  const part = readFirstLine(line, {
    headers: inner.headers,
    ...(body.trim() === '' ? {} : { body }),
    ...(contentId === undefined ? {} : { contentId }),
  });
  if (part === undefined)
    throw new BadBatch('A part must begin with an HTTP line.', { start: outer.bodyStart, end: lineEnd });
  return part;
}

function headersOf(text: string, piece: Span) {
  const block = readHeaders(text, piece);
  if ('message' in block) throw new BadBatch(block.message, block);
  return block;
}

function readRequestLine(line: string, common: Common): BatchRequest | undefined {
  const match = /^([A-Z]{3,10}) +(\S.*?) +HTTP\/\d(?:\.\d)?$/.exec(line);
  return match ? { method: match[1]!, url: match[2]!, ...common } : undefined;
}

function readStatusLine(line: string, common: Common): BatchResponse | undefined {
  const match = /^HTTP\/\d(?:\.\d)? +(\d{3})(?: .*)?$/.exec(line);
  return match ? { status: Number(match[1]), ...common } : undefined;
}
