import { ConnectorError, type ErrorDetails } from '../errors/connector-error.ts';
import type { ErrorExplanation } from '../errors/dataverse/error-explanation.ts';
import { dataverseErrorCodes } from '../errors/dataverse-error-codes.ts';
import type { ErrorCode } from '../errors/error-codes.ts';
import { recognizeErrorMessage } from '../errors/recognize-error-message.ts';
import type { ErrorMapping } from '../model/definition.ts';
import type { Json } from '../model/json.ts';
import { parseErrorBody } from '../odata/parse-error-body.ts';
import { explainStatus } from './explain-status.ts';
import type { PipelineRequest, RawResponse } from './pipeline-request.ts';
import { parseRetryAfter } from './retry-after.ts';
import { sanitizeServerMessage } from './sanitize-server-message.ts';

/**
 * Turns an answer that is not 2xx into an error with a cause and a next step. The server's words weigh more
 * than its code, its code more than the status; a rule of connector.yaml overrules the code and the advice.
 */
export function toResponseError(
  request: PipelineRequest,
  response: RawResponse & { readonly body: Json | undefined },
  rules: readonly ErrorMapping[],
): ConnectorError {
  const { code: serverCode, message } = parseErrorBody(response.body);
  const serverMessage = sanitizeServerMessage(message);
  const known =
    recognizeErrorMessage(serverMessage) ?? findByServerCode(serverCode) ?? explainStatus(request, response);
  const rule = rules.find(({ serverCode: odata }) => odata.toLowerCase() === serverCode.toLowerCase());
  return new ConnectorError(
    rule?.code ?? known.code,
    composeMessage(known.cause, response.status, serverCode, serverMessage),
    {
      ...responseDetails(request, response),
      ...(isCode(serverCode) ? { serverCode } : {}),
      ...(serverMessage === '' ? {} : { serverMessage: serverMessage }),
      ...retryDetails(rule?.code ?? known.code, response),
      advice: rule?.advice ?? known.advice,
    },
  );
}

function findByServerCode(serverCode: string): ErrorExplanation | undefined {
  return Object.hasOwn(dataverseErrorCodes, serverCode) ? dataverseErrorCodes[serverCode] : undefined;
}

/** "0x0" and "" are how the service says that it has no code. */
function isCode(serverCode: string): boolean {
  return serverCode !== '' && serverCode !== '0x0';
}

function composeMessage(cause: string, status: number, serverCode: string, serverMessage: string): string {
  const code = isCode(serverCode) ? `, ${serverCode}` : '';
  return `${cause} (HTTP ${status}${code}${serverMessage === '' ? '' : `: ${serverMessage}`})`;
}

function responseDetails(
  { operation, requestId }: PipelineRequest,
  { status, headers }: RawResponse,
): ErrorDetails {
  const serviceRequestId = headers['x-ms-service-request-id'] ?? headers.req_id;
  return { operation, requestId, status, ...(serviceRequestId === undefined ? {} : { serviceRequestId }) };
}

function retryDetails(code: ErrorCode, { headers }: RawResponse): ErrorDetails {
  if (code !== 'THROTTLED' && code !== 'UNAVAILABLE') return {};
  const delayMs = parseRetryAfter(headers, Date.parse(headers.date ?? ''));
  return delayMs === undefined || Number.isNaN(delayMs) ? {} : { retryAfterMs: delayMs };
}
