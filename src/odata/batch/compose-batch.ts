import { ConnectorError } from '../../errors/connector-error.ts';
import type { BatchItem, BatchRequest, BatchResponse, MultipartBody } from './batch-types.ts';

/** Composes the body of a `$batch`. `id`, a new UUID, is used for the boundaries. */
export function composeBatchRequest(items: readonly BatchItem<BatchRequest>[], id: string): MultipartBody {
  const firstLine = ({ method, url }: BatchRequest) => `${method} ${url} HTTP/1.1`;
  const parameter = (boundary: string) => `boundary="${boundary}"`;
  const boundaries = { batch: `batch_${id}`, changeSet: (number: number) => `changeset_${id}_${number}` };
  return composeBatch(items, { ...boundaries, firstLine, parameter });
}

/** Composes the response of a `$batch`, with unquoted boundaries as in Dataverse, each with a UUID of `newId`. */
export function composeBatchResponse(
  items: readonly BatchItem<BatchResponse>[],
  newId: () => string,
): MultipartBody {
  const firstLine = ({ status }: BatchResponse) =>
    `HTTP/1.1 ${status} ${reasonPhrases[status] ?? ''}`.trimEnd();
  const parameter = (boundary: string) => `boundary=${boundary}`;
  const boundaries = {
    batch: `batchresponse_${newId()}`,
    changeSet: () => `changesetresponse_${newId()}`,
  };
  return composeBatch(items, { ...boundaries, firstLine, parameter });
}

const reasonPhrases: Readonly<Record<number, string>> = {
  200: 'OK',
  201: 'Created',
  202: 'Accepted',
  204: 'No Content',
  304: 'Not Modified',
  400: 'Bad Request',
  401: 'Unauthorized',
  403: 'Forbidden',
  404: 'Not Found',
  412: 'Precondition Failed',
  429: 'Too Many Requests',
  500: 'Internal Server Error',
  501: 'Not Implemented',
  503: 'Service Unavailable',
};

type PartContent = Pick<BatchRequest, 'headers' | 'body' | 'contentId'>;

interface BatchStyle<Part> {
  /** The boundary of the batch. */
  readonly batch: string;
  /** The boundary of a change set; `number` counts from 1. */
  readonly changeSet: (number: number) => string;
  readonly firstLine: (part: Part) => string;
  /** The `boundary` parameter of a Content-Type. */
  readonly parameter: (boundary: string) => string;
}

function composeBatch<Part extends PartContent>(
  items: readonly BatchItem<Part>[],
  style: BatchStyle<Part>,
): MultipartBody {
  const pieces = items.map((item, index) => {
    if ('part' in item) return composePart(item.part, style);
    const inner = style.changeSet(index + 1);
    const parts = item.changeSet.map((part) => composePart(part, style));
    return `Content-Type: multipart/mixed; ${style.parameter(inner)}\r\n\r\n${joinParts(parts, inner)}`;
  });
  return {
    contentType: `multipart/mixed; ${style.parameter(style.batch)}`,
    body: joinParts(pieces, style.batch),
  };
}

function joinParts(pieces: readonly string[], boundary: string): string {
  // The id is new, so a part with the boundary is an attack or an error of the caller.
  if (pieces.some((piece) => piece.includes(`--${boundary}`))) {
    throw new ConnectorError('INPUT_INVALID', 'A part of the batch contains the boundary of the batch.');
  }
  return `${pieces.map((piece) => `--${boundary}\r\n${piece}\r\n`).join('')}--${boundary}--\r\n`;
}

function composePart<Part extends PartContent>(part: Part, { firstLine }: BatchStyle<Part>): string {
  const lines = [
    'Content-Type: application/http',
    'Content-Transfer-Encoding: binary',
    ...(part.contentId === undefined ? [] : [`Content-ID: ${part.contentId}`]),
    '',
    firstLine(part),
    ...Object.entries(part.headers).map(([name, value]) => `${name}: ${value}`),
  ];
  if (lines.some((line) => /[\r\n]/.test(line))) {
    throw new ConnectorError('INPUT_INVALID', 'A header or URL of a batch part contains a line break.');
  }
  return `${lines.join('\r\n')}\r\n\r\n${part.body ?? ''}`;
}
