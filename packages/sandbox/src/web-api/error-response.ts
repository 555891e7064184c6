import type { DataverseError } from '../store/errors.ts';
import { toJsonText } from './exact-json.ts';
import type { Preferences } from './preferences.ts';
import type { WebApiResponse } from './types.ts';

const errorHeaders = { 'Content-Type': 'application/json; odata.metadata=minimal', 'OData-Version': '4.0' };

/** The error for unexpected exceptions. */
export const unexpectedError = { status: 500, code: '0x80040216', message: 'An unexpected error occurred.' };

/**
 * The HTTP response of an error. `requestId` is the `REQ_ID` of a part of a batch; the listener adds the one of a request.
 * Callers who request all annotations get more details.
 * https://learn.microsoft.com/power-apps/developer/data-platform/webapi/compose-http-requests-handle-errors
 */
export function toErrorResponse(
  { status, code, message }: Pick<DataverseError, 'status' | 'code' | 'message'>,
  {
    prefer,
    requestId,
  }: { readonly prefer?: Preferences | undefined; readonly requestId?: string | undefined },
): WebApiResponse {
  const includesAnnotation = prefer?.includesAnnotation ?? (() => false);
  const details = Object.entries({
    'Microsoft.PowerApps.CDS.ErrorDetails.ApiExceptionCategory':
      status < 500 ? 'ClientError' : 'SystemFailure',
    'Microsoft.PowerApps.CDS.ErrorDetails.ApiExceptionHttpStatusCode': String(status),
    'Microsoft.PowerApps.CDS.HelpLink': helpLink(code),
    'Microsoft.PowerApps.CDS.InnerError.Message': message,
  }).filter(([name]) => includesAnnotation(name));
  const error = { code, message, ...Object.fromEntries(details.map(([name, value]) => [`@${name}`, value])) };
  const headers = requestId === undefined ? errorHeaders : { REQ_ID: requestId, ...errorHeaders };
  return { status, headers, body: toJsonText({ error }) };
}

/** An error outside the Web API, for example of the HTTP listener. */
export function createErrorResponse(status: number, code: string, message: string): WebApiResponse {
  return { status, headers: errorHeaders, body: toJsonText({ error: { code, message } }) };
}

function helpLink(code: string): string {
  const error = `Microsoft.Crm.CrmException%3a${code.replace(/^0x/, '')}`;
  return `http://go.microsoft.com/fwlink/?LinkID=398563&error=${error}&client=platform`;
}
