import { ConnectorError } from '../../errors/connector-error.ts';
import { LongText } from '../../model/long-text.ts';
import type {
  BatchItem,
  BatchRequest,
  BatchResponse,
  LongMultipartBody,
  MultipartBody,
} from './batch-types.ts';

/** Composes the body of a `$batch`. `id`, a new UUID, is used for the boundaries. */
export function composeBatchRequest(items: readonly BatchItem<BatchRequest>[], id: string): MultipartBody {
  return joinBody(composeLongBatchRequest(items, id));
}

/** Like `composeBatchRequest`, without one text of all parts. */
export function composeLongBatchRequest(
  items: readonly BatchItem<BatchRequest>[],
  id: string,
): LongMultipartBody {
  const firstLine = ({ method, url }: BatchRequest) => `${method} ${url} HTTP/1.1`;
  const parameter = (boundary: string) => `boundary="${boundary}"`;
  const boundaries = { batch: `batch_${id}`, changeSet: (number: number) => `changeset_${id}_${number}` };
  return composeBatch(items, { ...boundaries, firstLine, parameter, headerName });
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
  return joinBody(composeBatch(items, { ...boundaries, firstLine, parameter, headerName: (name) => name }));
}

function joinBody({ contentType, body }: LongMultipartBody): MultipartBody {
  return { contentType, body: body.toString() };
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
  readonly headerName: (name: string) => string;
}

function composeBatch<Part extends PartContent>(
  items: readonly BatchItem<Part>[],
  style: BatchStyle<Part>,
): LongMultipartBody {
  const composeHeaders = createHeaderComposer(style.headerName);
  const texts: string[] = [];
  const addPart = (part: Part, boundaries: readonly string[]) => {
    // The id is new, so a part with a boundary is an attack or an error of the caller. Only a body can have one: lines
    // have no line breaks.
    if (boundaries.some((boundary) => part.body?.includes(`--${boundary}`))) throw boundaryInBodyError();
    texts.push(composePart(part, style.firstLine(part), composeHeaders(part.headers)));
  };
  const addPieces = <Piece>(
    pieces: readonly Piece[],
    boundary: string,
    add: (piece: Piece, at: number) => void,
  ) => {
    pieces.forEach((piece, at) => {
      texts.push(`--${boundary}\r\n`);
      add(piece, at);
      texts.push('\r\n');
    });
    texts.push(`--${boundary}--\r\n`);
  };
  addPieces(items, style.batch, (item, index) => {
    if ('part' in item) return addPart(item.part, [style.batch]);
    const inner = style.changeSet(index + 1);
    texts.push(`Content-Type: multipart/mixed; ${style.parameter(inner)}\r\n\r\n`);
    addPieces(item.changeSet, inner, (part) => addPart(part, [style.batch, inner]));
  });
  const contentType = `multipart/mixed; ${style.parameter(style.batch)}`;
  return { contentType, body: LongText.join(texts) };
}

function boundaryInBodyError(): ConnectorError {
  return new ConnectorError('INPUT_INVALID', 'A part of the batch contains the boundary of the batch.');
}

/** The names that Dataverse documents in a spelling of its own. */
const documentedNames = new Map(
  [
    ...['CallerObjectId', 'MSCRMCallerID', 'OData-EntityId', 'OData-MaxVersion', 'OData-Version'],
    ...['MSCRM.BypassBusinessLogicExecution', 'MSCRM.BypassCustomPluginExecution'],
    ...['MSCRM.SolutionUniqueName', 'MSCRM.SuppressCallbackRegistrationExpanderJob'],
    ...['MSCRM.SuppressDuplicateDetection', 'REQ_ID', 'x-ms-client-request-id', 'x-ms-service-request-id'],
  ].map((name) => [name.toLowerCase(), name] as const),
);

/** A name in its usual spelling: nobody has shown that Dataverse ignores the case inside of a batch. */
function headerName(name: string): string {
  const lowerName = name.toLowerCase();
  return documentedNames.get(lowerName) ?? lowerName.replaceAll(/\b[a-z]/g, (letter) => letter.toUpperCase());
}

type ComposeHeaders = (headers: Readonly<Record<string, string>>) => string;

/** Composes header lines. Most parts have the headers of the part before them, so the last lines are kept. */
function createHeaderComposer(headerName: (name: string) => string): ComposeHeaders {
  let last: { readonly headers: Readonly<Record<string, string>>; readonly lines: string } | undefined;
  return (headers) => {
    if (last !== undefined && haveSameMembers(last.headers, headers)) return last.lines;
    const lines = Object.entries(headers)
      .map(([name, value]) => `${oneLine(`${headerName(name)}: ${value}`)}\r\n`)
      .join('');
    last = { headers, lines };
    return lines;
  };
}

function haveSameMembers(a: Readonly<Record<string, string>>, b: Readonly<Record<string, string>>): boolean {
  const names = Object.keys(a);
  return names.length === Object.keys(b).length && names.every((name) => a[name] === b[name]);
}

const partHead = 'Content-Type: application/http\r\nContent-Transfer-Encoding: binary\r\n';

function composePart({ body = '', contentId }: PartContent, firstLine: string, headerLines: string): string {
  const idLine = contentId === undefined ? '' : `Content-ID: ${oneLine(contentId)}\r\n`;
  return `${partHead}${idLine}\r\n${oneLine(firstLine)}\r\n${headerLines}\r\n${body}`;
}

function oneLine(line: string): string {
  if (!line.includes('\n') && !line.includes('\r')) return line;
  throw new ConnectorError('INPUT_INVALID', 'A header or URL of a batch part contains a line break.');
}
