import { omitUndefined } from '../../model/omit-undefined.ts';
import type { Span } from '../../model/span.ts';
import { maxBatchRequests } from '../limits.ts';
import type { ParseDiagnostic, ParseResult } from '../query/ast.ts';
import type { BatchItem, BatchRequest, BatchResponse } from './batch-types.ts';
import {
  type HeaderBlock,
  type ReadableText,
  readBoundary,
  readHeaders,
  splitMultipart,
} from './read-multipart.ts';

/**
 * Parses the body of a `$batch` request. Never throws: invalid text gives errors with their span in the body.
 * https://learn.microsoft.com/power-apps/developer/data-platform/webapi/execute-batch-operations-using-web-api
 */
export function parseBatchRequest(
  contentType: string,
  body: ReadableText,
): ParseResult<readonly BatchItem<BatchRequest>[]> {
  return parseBatch(contentType, body, readRequestLine);
}

/** Parses the response of a `$batch`. The items are in the order of execution. */
export function parseBatchResponse(
  contentType: string,
  body: ReadableText,
): ParseResult<readonly BatchItem<BatchResponse>[]> {
  return parseBatch(contentType, body, readStatusLine);
}

/** The members of every part, besides those of its first line. */
type CommonPart = Pick<BatchRequest, 'headers' | 'body' | 'contentId'>;
/** Parses the first line of a part: the request line or the status line. */
type ReadFirstLine<Part> = (line: string, common: CommonPart) => Part | undefined;

class BatchParseError extends Error {
  readonly diagnostic: ParseDiagnostic;
  constructor(message: string, { start, end }: Span) {
    super(message);
    this.diagnostic = { message, start, end };
  }
}

function parseBatch<Part>(
  contentType: string,
  text: ReadableText,
  readFirstLine: ReadFirstLine<Part>,
): ParseResult<readonly BatchItem<Part>[]> {
  try {
    const reader = { text, readFirstLine };
    const pieces = splitParts(text, { start: 0, end: text.length }, contentType);
    const items = pieces.map((piece) => readItem(reader, piece));
    const count = items.reduce((sum, item) => sum + ('changeSet' in item ? item.changeSet.length : 1), 0);
    if (count > maxBatchRequests)
      throw new BatchParseError(`A batch can contain at most ${maxBatchRequests} requests.`, {
        start: 0,
        end: 0,
      });
    return { ok: true, value: items };
  } catch (error) {
    if (error instanceof BatchParseError) return { ok: false, diagnostics: [error.diagnostic] };
    throw error;
  }
}

function splitParts(text: ReadableText, within: Span, contentType: string): readonly Span[] {
  const boundary = readBoundary(contentType);
  if (boundary === undefined)
    throw new BatchParseError('The content type is not multipart/mixed with a boundary.', within);
  const pieces = splitMultipart(text, within, boundary);
  if ('message' in pieces) throw new BatchParseError(pieces.message, pieces);
  return pieces;
}

interface BatchReader<Part> {
  readonly text: ReadableText;
  readonly readFirstLine: ReadFirstLine<Part>;
}

function readItem<Part>(reader: BatchReader<Part>, piece: Span): BatchItem<Part> {
  const { headers, bodyStart } = readPartHeaders(reader.text, piece);
  const type = headers['content-type'] ?? '';
  if (!/^multipart\//i.test(type)) return { part: readPart(reader, piece) };
  const parts = splitParts(reader.text, { start: bodyStart, end: piece.end }, type);
  return { changeSet: parts.map((part) => readPart(reader, part)) };
}

function readPart<Part>({ text, readFirstLine }: BatchReader<Part>, piece: Span): Part {
  const content = text.slice(piece.start, piece.end);
  const outer = readPartHeaders(content, { start: 0, end: content.length }, piece.start);
  if (!/^application\/http\b/i.test(outer.headers['content-type'] ?? '')) {
    throw new BatchParseError('A part must have the content type application/http.', piece);
  }
  const newline = content.indexOf('\n', outer.bodyStart);
  const lineEnd = newline < 0 ? content.length : newline;
  const line = content.slice(outer.bodyStart, lineEnd).trimEnd();
  const innerSpan = { start: Math.min(lineEnd + 1, content.length), end: content.length };
  const inner = readPartHeaders(content, innerSpan, piece.start);
  const body = content.slice(inner.bodyStart);
  const contentId = outer.headers['content-id'] ?? inner.headers['content-id'];
  const part = readFirstLine(line, {
    headers: inner.headers,
    body: body.trim() === '' ? undefined : body,
    contentId,
  });
  if (part === undefined)
    throw new BatchParseError('A part must begin with an HTTP line.', {
      start: piece.start + outer.bodyStart,
      end: piece.start + lineEnd,
    });
  return part;
}

/** Reads headers. Spans of errors are counted from `offset`. */
function readPartHeaders(text: ReadableText, span: Span, offset = 0): HeaderBlock {
  const block = readHeaders(text, span);
  if (!('message' in block)) return block;
  const { message, start, end } = block;
  throw new BatchParseError(message, { start: offset + start, end: offset + end });
}

function readRequestLine(line: string, common: CommonPart): BatchRequest | undefined {
  const end = line.lastIndexOf(' ');
  const [, method, rest = ''] = /^([A-Z]{3,10}) (.*)$/.exec(line.slice(0, Math.max(end, 0))) ?? [];
  const url = rest.trim();
  const isRequest = method !== undefined && url !== '' && /^HTTP\/\d(?:\.\d)?$/.test(line.slice(end + 1));
  return isRequest ? omitUndefined({ method, url, ...common }) : undefined;
}

function readStatusLine(line: string, common: CommonPart): BatchResponse | undefined {
  const match = /^HTTP\/\d(?:\.\d)? +(\d{3})(?: .*)?$/.exec(line);
  return match ? omitUndefined({ status: Number(match[1]), ...common }) : undefined;
}
