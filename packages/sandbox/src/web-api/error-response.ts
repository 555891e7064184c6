import type { DataverseError } from '../store/errors.ts';
import { errorNames } from './error-names.ts';
import { toJsonText } from './exact-json.ts';
import type { Preferences } from './preferences.ts';
import type { WebApiResponse } from './types.ts';

const errorHeaders = { 'Content-Type': 'application/json; odata.metadata=minimal', 'OData-Version': '4.0' };

/** The error for unexpected exceptions. */
export const unexpectedError = { status: 500, code: '0x80040216', message: 'An unexpected error occurred.' };

/** What the response of an error depends on, besides the error. */
export interface ErrorContext {
  readonly prefer: Preferences | undefined;
  /** `REQ_ID` of a part of a batch; the listener adds the one of a request. */
  readonly requestId: string | undefined;
  readonly newId: () => string;
}

/**
 * The HTTP response of an error. Callers who request all annotations get more details.
 * https://learn.microsoft.com/power-apps/developer/data-platform/webapi/compose-http-requests-handle-errors
 */
export function toErrorResponse(
  failure: Pick<DataverseError, 'status' | 'code' | 'message'> & Partial<Pick<DataverseError, 'plugIn'>>,
  { prefer, requestId, newId }: ErrorContext,
): WebApiResponse {
  const { status, code, message } = failure;
  const details = Object.entries(prefer ? detailsOf(failure, newId) : {}).filter(
    ([name, value]) => value !== undefined && prefer?.includesAnnotation(`${detailNamespace}${name}`),
  );
  const annotations = details.map(([name, value]) => [`@${detailNamespace}${name}`, value]);
  const error = { code, message, ...Object.fromEntries(annotations) };
  const headers = requestId === undefined ? errorHeaders : { REQ_ID: requestId, ...errorHeaders };
  return { status, headers, body: toJsonText({ error }) };
}

const detailNamespace = 'Microsoft.PowerApps.CDS.';

/** Details by their names in `detailNamespace`, in the order of Dataverse. */
function detailsOf(
  { status, code, message, plugIn }: Parameters<typeof toErrorResponse>[0],
  newId: () => string,
): Readonly<Record<string, string | undefined>> {
  const name = errorNames[code];
  const help = { HelpLink: helpLink(code) };
  // A failed check of the version has no inner error.
  const inner = { 'InnerError.Message': code === '0x80060882' ? undefined : message };
  if (plugIn) {
    const { operationStatus, subErrorCode, step } = plugIn;
    return {
      'ErrorDetails.OperationStatus': operationStatus?.toString(),
      'ErrorDetails.SubErrorCode': subErrorCode?.toString(),
      ...help,
      TraceText: `\r\n[Sandbox: Sandbox.PlugIn]\r\n[${newId()}: Sandbox.PlugIn: ${step}]\r\n\r\n`,
      ...inner,
    };
  }
  return {
    ...(name === undefined ? {} : stepDetails(newId)),
    'ErrorDetails.ApiExceptionCategory': status < 500 ? 'ClientError' : 'SystemFailure',
    'ErrorDetails.ApiExceptionMessageName': name,
    'ErrorDetails.ApiExceptionHttpStatusCode': String(status),
    ...help,
    ...inner,
  };
}

/** The step of the platform that failed. */
const stepDetails = (newId: () => string): Readonly<Record<string, string>> => ({
  'ErrorDetails.ApiExceptionSourceKey': 'Plugin/Microsoft.Crm.ObjectModel.CustomBusinessEntityService',
  'ErrorDetails.ApiStepKey': newId(),
  'ErrorDetails.ApiDepthKey': '1',
  'ErrorDetails.ApiActivityIdKey': newId(),
  'ErrorDetails.ApiPluginSolutionNameKey': 'System',
  'ErrorDetails.ApiStepSolutionNameKey': 'System',
});

/** An error outside the Web API, for example of the HTTP listener. */
export function createErrorResponse(status: number, code: string, message: string): WebApiResponse {
  return { status, headers: errorHeaders, body: toJsonText({ error: { code, message } }) };
}

function helpLink(code: string): string {
  const error = `Microsoft.Crm.CrmException%3a${code.replace(/^0x/, '')}`;
  return `http://go.microsoft.com/fwlink/?LinkID=398563&error=${error}&client=platform`;
}
