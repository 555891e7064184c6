import { nullGuid, parseGuid } from '../guid.ts';
import type { WebApiOperation } from '../operations/types.ts';
import type { OrganizationStore, StoredRow } from '../store/types.ts';
import { toJsonText } from './exact-json.ts';
import type { OrganizationContext, WebApiContext, WebApiRequest, WebApiResponse } from './types.ts';

/** A request that runs in the background, and where its end is reported. */
export interface BackgroundRequest {
  readonly method: string;
  readonly target: string;
  readonly headers: Readonly<Record<string, string>>;
  readonly body: string;
  readonly callbackUrl: string | undefined;
}

const blobKind = 'background operation';

/** The request of a background operation. */
export function readBackgroundRequest(
  { blobs }: OrganizationStore,
  id: string,
): BackgroundRequest | undefined {
  const stored = blobs.get(blobKind, id);
  return stored && (JSON.parse(stored.text) as BackgroundRequest);
}

/** Deletes an operation with its request. */
export function removeBackgroundOperation(store: OrganizationStore, id: string): void {
  store.blobs.remove(blobKind, id);
  store.delete('backgroundoperation', id);
}

/** When an operation is deleted, in milliseconds since the epoch. */
export const expiryOf = ({ values }: StoredRow): number =>
  Date.parse(String(values.createdon)) + Number(values.ttlinseconds ?? 0) * 1000;

/**
 * Accepts a call of a custom API with `Prefer: respond-async`: it runs after the response.
 * https://learn.microsoft.com/power-apps/developer/data-platform/background-operations
 */
export function startBackgroundOperation(
  context: WebApiContext,
  operation: WebApiOperation,
  parameters: Readonly<Record<string, unknown>>,
): WebApiResponse {
  const { org, request, prefer, actor } = context;
  const inputs = Object.entries(parameters).map(([Key, Value]) => ({ Key, Value }));
  const { id } = org.systemStore.insert(
    'backgroundoperation',
    {
      backgroundoperationid: org.newId(),
      name: operation.name,
      displayname: operation.name,
      inputparameters: JSON.stringify(inputs),
      runas: actor.userId,
    },
    actor,
  );
  const { Prefer, prefer: lowerCasePrefer, ...headers } = request.headers;
  const stored: BackgroundRequest = {
    method: request.method,
    target: request.target,
    headers,
    body: Buffer.from(request.body).toString('utf8'),
    callbackUrl: prefer.callbackUrl,
  };
  org.systemStore.blobs.put(blobKind, id, { text: JSON.stringify(stored) });
  org.notifyJobs();
  const location = monitorUrl(org, id);
  const accepted = {
    Location: location,
    'x-ms-dyn-backgroundoperationid': id,
    'Preference-Applied': 'respond-async',
    'OData-Version': '4.0',
  };
  if (prefer.callbackUrl === undefined) return { status: 202, headers: accepted };
  return {
    status: 202,
    headers: { 'Content-Type': 'application/json', ...accepted },
    body: JSON.stringify({ backgroundOperationId: id, location }),
  };
}

/** The URL of the status monitor of an operation. */
export const monitorUrl = ({ origin }: Pick<OrganizationContext, 'origin'>, id: string): string =>
  `${origin}/api/backgroundoperation/${id}`;

/** The id in the path of a status monitor, which is not part of the Web API; undefined for other paths. */
export function parseMonitorPath(target: string): string | undefined {
  return /^\/+api\/+backgroundoperation\/+([^/?]+)\/*(?:\?|$)/i.exec(target)?.[1];
}

/** Handles `GET` and `DELETE` of a status monitor. */
export function handleMonitor(
  org: OrganizationContext,
  { method, caller }: WebApiRequest,
  idText: string,
): WebApiResponse {
  const { systemStore: store } = org;
  const row = store.read('backgroundoperation', parseGuid(idText) ?? nullGuid);
  if (!row || expiryOf(row) <= org.now())
    return monitorError(404, '-2147185406', `Could not find item '${idText}'.`);
  if (method.toUpperCase() === 'GET') {
    caller.access?.require('prvReadbackgroundoperation');
    return monitorResponse(statusOf(row));
  }
  if (method.toUpperCase() !== 'DELETE') return monitorError(405, '0x80060888', 'The method is not allowed.');
  caller.access?.require('prvWritebackgroundoperation');
  if (row.values.backgroundoperationstatecode !== 0)
    return monitorError(
      400,
      '0x80040203',
      row.values.backgroundoperationstatecode === 3
        ? 'Canceling background operation is not allowed after it is in terminal state.'
        : 'Canceling background operation is not allowed after it has started.',
    );
  const canceling = { backgroundoperationstatecode: 2, backgroundoperationstatuscode: 22 };
  const updated = store.update({
    ...{ table: 'backgroundoperation', id: row.id },
    ...{ values: canceling, actor: { userId: caller.userId } },
  });
  org.notifyJobs();
  return monitorResponse(statusOf(updated));
}

/** State, outputs and error of an operation. */
export function statusOf({ values }: StoredRow): object {
  const outputs = JSON.parse(String(values.outputparameters ?? '[]')) as { Key: string; Value: unknown }[];
  const { errorcode, errormessage } = values;
  return {
    backgroundOperationStateCode: values.backgroundoperationstatecode,
    backgroundOperationStatusCode: values.backgroundoperationstatuscode,
    ...(errorcode == null
      ? {}
      : { backgroundOperationErrorCode: errorcode, backgroundOperationErrorMessage: errormessage }),
    ...Object.fromEntries(outputs.map(({ Key, Value }) => [Key, Value])),
  };
}

const monitorResponse = (body: object): WebApiResponse => ({
  status: 200,
  headers: { 'Content-Type': 'application/json' },
  body: toJsonText(body),
});

const monitorError = (status: number, code: string, message: string): WebApiResponse => ({
  status,
  headers: { 'Content-Type': 'application/json' },
  body: toJsonText({ error: { code, message } }),
});
