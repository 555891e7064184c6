import type { DataverseError } from '../store/errors.ts';
import type { Preferences } from './preferences.ts';
import type { WebApiResponse } from './types.ts';

/** What a last-resort answer says; no request is known that gets it. */
export const unexpectedError = { status: 500, code: '0x80040216', message: 'An unexpected error occurred.' };

/**
 * A refusal as HTTP answers it. Callers who ask for all annotations are told more.
 * https://learn.microsoft.com/power-apps/developer/data-platform/webapi/compose-http-requests-handle-errors
 */
export function toErrorResponse(
  { status, code, message }: Pick<DataverseError, 'status' | 'code' | 'message'>,
  { prefer, requestId }: { readonly prefer?: Preferences | undefined; readonly requestId: string },
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
  return {
    status,
    headers: {
      REQ_ID: requestId,
      'Content-Type': 'application/json; odata.metadata=minimal',
      'OData-Version': '4.0',
    },
    body: JSON.stringify({ error }),
  };
}

function helpLink(code: string): string {
  const error = `Microsoft.Crm.CrmException%3a${code.replace(/^0x/, '')}`;
  return `http://go.microsoft.com/fwlink/?LinkID=398563&error=${error}&client=platform`;
}
