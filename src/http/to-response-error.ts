import { ConnectorError, type ErrorDetails } from '../errors/connector-error.ts';
import type { ErrorExplanation } from '../errors/dataverse/error-explanation.ts';
import { dataverseErrorCodes } from '../errors/dataverse-error-codes.ts';
import type { ErrorCode } from '../errors/error-codes.ts';
import { recognizeErrorMessage } from '../errors/recognize-error-message.ts';
import type { ErrorMapping } from '../model/definition.ts';
import type { Json } from '../model/json.ts';
import { omitUndefined } from '../model/omit-undefined.ts';
import { parseRetryAfter } from '../model/retry-after.ts';
import { parseErrorBody } from '../odata/parse-error-body.ts';
import { explainClaims, explainStatus } from './explain-status.ts';
import type { PipelineRequest, RawResponse } from './pipeline-request.ts';
import { sanitizeServerMessage } from './sanitize-server-message.ts';

/**
 * Creates the error of a response that is not 2xx, with a cause and a next step. The server's message is more specific
 * than its error code, and the error code more than the status. A rule of connector.yaml replaces code and advice.
 */
export function toResponseError(
  request: PipelineRequest,
  response: RawResponse & { readonly body: Json | undefined },
  rules: readonly ErrorMapping[],
): ConnectorError {
  const { code: serverCode, message } = parseErrorBody(response.body);
  const serverMessage = sanitizeServerMessage(message);
  const explained =
    explainClaims(response) ??
    recognizeErrorMessage(serverMessage) ??
    findByServerCode(serverCode) ??
    explainStatus(request, response);
  const known = request.headers.callerobjectid === undefined ? explained : explainOtherUser(explained);
  const rule = rules.find((candidate) => candidate.serverCode.toLowerCase() === serverCode.toLowerCase());
  const code = rule?.code ?? known.code;
  const { operation, requestId } = request;
  const { status, headers } = response;
  // Hosts write the details key by key into their own errors.
  const details = omitUndefined<ErrorDetails>({
    operation,
    requestId,
    status,
    serviceRequestId: headers['x-ms-service-request-id'] ?? headers.req_id,
    serverCode: isCode(serverCode) ? serverCode : undefined,
    serverMessage: serverMessage === '' ? undefined : serverMessage,
    retryAfterMs: readRetryAfter(code, headers),
    advice: rule?.advice ?? known.advice,
    missingPrivilege: known.missingPrivilege,
  });
  return new ConnectorError(code, composeMessage(known.cause, status, serverCode, serverMessage), details);
}

/** A call in the name of another user: Dataverse's message does not tell which of the two users it means. */
function explainOtherUser(explanation: ErrorExplanation): ErrorExplanation {
  if (explanation.code !== 'USER_NOT_IN_ORG') return explanation;
  return {
    code: explanation.code,
    cause: 'The user in the option "asUser" is not an enabled user of this organization.',
    advice:
      'Check that asUser is the Microsoft Entra object ID of a user of the organization. If calls without asUser fail too, the error is about the user of the connection.',
  };
}

function findByServerCode(serverCode: string): ErrorExplanation | undefined {
  return Object.hasOwn(dataverseErrorCodes, serverCode) ? dataverseErrorCodes[serverCode] : undefined;
}

/** The service returns "0x0" or "" if there is no code. */
function isCode(serverCode: string): boolean {
  return serverCode !== '' && serverCode !== '0x0';
}

function composeMessage(cause: string, status: number, serverCode: string, serverMessage: string): string {
  const code = isCode(serverCode) ? `, ${serverCode}` : '';
  return `${cause} (HTTP ${status}${code}${serverMessage === '' ? '' : `: ${serverMessage}`})`;
}

function readRetryAfter(code: ErrorCode, headers: RawResponse['headers']): number | undefined {
  if (code !== 'THROTTLED' && code !== 'UNAVAILABLE') return undefined;
  const delayMs = parseRetryAfter(headers, Date.parse(headers.date ?? ''));
  return Number.isNaN(delayMs) ? undefined : delayMs;
}
