import { readCallerId } from '../auth/caller-id.ts';
import { ConnectorError } from '../errors/connector-error.ts';
import type { ApiRequest, ApiResponse, Pipeline } from '../http/api-request.ts';
import type { Audit, AuditLine, AuditOutcome } from '../model/audit.ts';
import type { ConnectorDefinition } from '../model/definition.ts';
import { isJsonObject, type Json } from '../model/json.ts';
import { omitUndefined } from '../model/omit-undefined.ts';
import type { RuntimeServices } from '../model/runtime-services.ts';
import type { TokenSource } from '../model/token.ts';
import type { BatchItem, BatchRequest, BatchResponse } from '../odata/batch/batch-types.ts';
import { parseBatchRequest, parseBatchResponse } from '../odata/batch/parse-batch.ts';
import { describeWrite, tableFinder, type WriteResponse, type WrittenRow } from './describe-write.ts';
import { parsePartBody } from './send-batch-request.ts';

/** What the audit of a connection needs. */
export interface AuditContext {
  readonly audit: Audit;
  readonly pipeline: Pipeline;
  readonly definition: ConnectorDefinition;
  readonly services: Pick<RuntimeServices, 'clock' | 'log'>;
  readonly origin: string;
  readonly tokens: TokenSource;
}

/** How a request ended. */
type Outcome = Pick<AuditLine, 'outcome' | 'status' | 'code' | 'serviceRequestId'>;

/** The rows that a request wrote, and how that ended. */
type AuditedRow = WrittenRow & Outcome;

/**
 * A pipeline that writes an audit line for each row that a request writes: single requests, the parts of a batch, and the
 * rows of a bulk message. No request that writes goes another way.
 */
export function auditWrites(context: AuditContext): Pipeline {
  const { pipeline, definition } = context;
  const findTable = tableFinder(definition);
  const isRead = ({ method, operation }: ApiRequest) =>
    method === 'GET' || definition.actions[operation]?.effects.readOnly === true;
  const rowsOf = (request: ApiRequest, response: ApiResponse | undefined, failure?: Outcome) => {
    if (isBatch(request)) return rowsOfBatch(request, response, failure, findTable);
    const outcome = failure ?? outcomeOf(response);
    return describeWrite(request, response, findTable).map((row) => ({ ...row, ...outcome }));
  };
  return async (request) => {
    if (isRead(request)) return await pipeline(request);
    try {
      const response = await pipeline(request);
      writeLines(context, request, () => rowsOf(request, response));
      return response;
    } catch (error) {
      writeLines(context, request, () => rowsOf(request, undefined, outcomeOfError(error)));
      throw error;
    }
  };
}

/** A failure of the audit never fails a write, which has taken place: it is logged. */
function writeLines(context: AuditContext, request: ApiRequest, rowsOf: () => readonly AuditedRow[]): void {
  const { audit, services, origin, tokens } = context;
  const { operation, requestId, headers } = request;
  try {
    const now = services.clock.now();
    const token = tokens.peekToken?.(now);
    const who = { user: token && readCallerId(token), asUser: headers.callerobjectid };
    const time = new Date(now).toISOString();
    const lines = rowsOf().map((row) =>
      omitUndefined<AuditLine>({ time, organization: origin, operation, ...who, ...row, requestId }),
    );
    if (lines.length > 0) audit.write(lines);
  } catch (error) {
    const code = ConnectorError.is(error) ? error.code : 'UNEXPECTED';
    services.log({ level: 'error', event: 'audit.failed', fields: { operation, requestId, code } });
  }
}

function isBatch({ url }: ApiRequest): boolean {
  return /\/\$batch(?:$|\?)/.test(url);
}

function rowsOfBatch(
  { headers, multipart }: ApiRequest,
  response: ApiResponse | undefined,
  failure: Outcome | undefined,
  findTable: Parameters<typeof describeWrite>[2],
): readonly AuditedRow[] {
  const contentType = headers['content-type'] ?? headers['Content-Type'] ?? '';
  const items = readItems(parseBatchRequest(contentType, multipart ?? ''));
  const responseType = response?.headers['content-type'] ?? '';
  const responseBody = response?.multipart ?? String(response?.body ?? '');
  const answers = readItems(parseBatchResponse(responseType, responseBody));
  return items.flatMap((item, at) => {
    const answered = answers[at] ?? [];
    return item.flatMap((part, index) => {
      // A change set that failed has one answer, that of the failed part: nothing of it was carried out.
      const answer = answered.length === item.length ? answered[index] : answered[0];
      const outcome = answer === undefined ? (failure ?? outcomeOf(response)) : outcomeOfPart(answer);
      const parsed = answer && { headers: answer.headers, body: parsePartBody(answer.body) };
      return describeWrite(toWrite(part), parsed, findTable).map((row) => ({ ...row, ...outcome }));
    });
  });
}

function readItems<Part>(
  parsed: { readonly ok: true; readonly value: readonly BatchItem<Part>[] } | { readonly ok: false },
): readonly (readonly Part[])[] {
  if (!parsed.ok) return [];
  return parsed.value.map((item) => ('part' in item ? [item.part] : item.changeSet));
}

function toWrite({ body, ...part }: BatchRequest) {
  const headers = Object.fromEntries(
    Object.entries(part.headers).map(([name, value]) => [name.toLowerCase(), value]),
  );
  return omitUndefined({ ...part, headers, body: parsePartBody(body) });
}

function outcomeOfPart({ status, headers, body }: BatchResponse): Outcome {
  const parsed = parsePartBody(body);
  const code = status < 400 ? undefined : serverCodeOf(parsed);
  return omitUndefined({
    outcome: status < 400 ? 'done' : 'failed',
    status,
    code,
    serviceRequestId: headers['x-ms-service-request-id'],
  } as const);
}

function serverCodeOf(body: Json | undefined): string | undefined {
  const { error } = isJsonObject(body ?? null) ? (body as { readonly error?: Json }) : {};
  const code = isJsonObject(error ?? null) ? (error as { readonly code?: Json }).code : undefined;
  return typeof code === 'string' ? code.slice(0, 60) : undefined;
}

function outcomeOf(response: ApiResponse | undefined): Outcome {
  const { status, headers, error, ambiguous } = response ?? {
    status: undefined,
    headers: {},
    ambiguous: true,
  };
  return omitUndefined({
    outcome: resultOf(status, ambiguous),
    status,
    code: response === undefined ? undefined : error?.code,
    serviceRequestId: (headers as WriteResponse['headers'])['x-ms-service-request-id'],
  } as const);
}

/** After a lost answer, "there is one already" and "there is none" can be the effect of the attempt before. */
function resultOf(status: number | undefined, ambiguous: boolean): AuditOutcome {
  if (status === undefined) return 'unknown';
  if (status < 400) return 'done';
  return ambiguous && (status === 404 || status === 412) ? 'unknown' : 'failed';
}

/** Answers that were received, but not understood. */
const unclearCodes = new Set(['REQUEST_OUTCOME_UNKNOWN', 'RESPONSE_NOT_JSON', 'RESPONSE_TOO_LARGE']);

function outcomeOfError(error: unknown): Outcome {
  if (!ConnectorError.is(error)) return { outcome: 'unknown', code: 'UNEXPECTED' };
  const { code, details } = error;
  const isUnclear = details.maybeSent === true || unclearCodes.has(code);
  return omitUndefined({ outcome: isUnclear ? 'unknown' : 'failed', status: details.status, code } as const);
}
