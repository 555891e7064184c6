import type { ErrorCode } from '../errors/codes.ts';
import { ConnectorError, type ErrorDetails } from '../errors/connector-error.ts';
import type { Explanation } from '../errors/dataverse/explanation.ts';
import { dataverseCodes } from '../errors/dataverse-codes.ts';
import { recogniseMessage } from '../errors/dataverse-messages.ts';
import type { ErrorRule } from '../model/definition.ts';
import type { Json } from '../model/json.ts';
import { parseErrorBody } from '../odata/error-body.ts';
import { explainStatus } from './explain-status.ts';
import type { Passage, Reply } from './passage.ts';
import { retryAfterMs } from './retry-after.ts';
import { tidyMessage } from './tidy-message.ts';

/**
 * Turns an answer that is not 2xx into an error with a cause and a next step. The server's words weigh more
 * than its code, its code more than the status; a rule of connector.yaml overrules the code and the advice.
 */
export function explain(
  passage: Passage,
  reply: Reply & { readonly body: Json | undefined },
  rules: readonly ErrorRule[],
): ConnectorError {
  const { code: serverCode, message } = parseErrorBody(reply.body);
  const said = tidyMessage(message);
  const known = recogniseMessage(said) ?? lookUp(serverCode) ?? explainStatus(passage, reply);
  const rule = rules.find(({ odata }) => odata.toLowerCase() === serverCode.toLowerCase());
  return new ConnectorError(rule?.code ?? known.code, compose(known.cause, reply.status, serverCode, said), {
    ...trace(passage, reply),
    ...(isCode(serverCode) ? { serverCode } : {}),
    ...(said === '' ? {} : { serverMessage: said }),
    ...patience(rule?.code ?? known.code, reply),
    advice: rule?.advice ?? known.advice,
  });
}

function lookUp(serverCode: string): Explanation | undefined {
  return Object.hasOwn(dataverseCodes, serverCode) ? dataverseCodes[serverCode] : undefined;
}

/** "0x0" and "" are how the service says that it has no code. */
function isCode(serverCode: string): boolean {
  return serverCode !== '' && serverCode !== '0x0';
}

function compose(cause: string, status: number, serverCode: string, said: string): string {
  const code = isCode(serverCode) ? `, ${serverCode}` : '';
  return `${cause} (HTTP ${status}${code}${said === '' ? '' : `: ${said}`})`;
}

function trace({ operation, requestId }: Passage, { status, headers }: Reply): ErrorDetails {
  const serviceRequestId = headers['x-ms-service-request-id'] ?? headers.req_id;
  return { operation, requestId, status, ...(serviceRequestId === undefined ? {} : { serviceRequestId }) };
}

function patience(code: ErrorCode, { headers }: Reply): ErrorDetails {
  if (code !== 'THROTTLED' && code !== 'UNAVAILABLE') return {};
  const told = retryAfterMs(headers, Date.parse(headers.date ?? ''));
  return told === undefined || Number.isNaN(told) ? {} : { retryAfterMs: told };
}
