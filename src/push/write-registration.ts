import { ConnectorError } from '../errors/connector-error.ts';
import type { ApiRequest } from '../http/api-request.ts';
import type { Connection } from '../run/connection.ts';
import { deterministicId } from '../run/deterministic-id.ts';
import { sendApiRequest } from '../run/send-api-request.ts';
import { describeEndpoint, type RegistrationChange, titleOf } from './compare-registration.ts';
import type { MessageFilter } from './message-filters.ts';
import { endpointRowId, type PushEndpoint } from './push-endpoint.ts';
import type { PushStep } from './push-steps.ts';
import { type RegisteredEndpoint, webhookKey } from './read-registration.ts';

/** What a change is carried out with. */
export interface ChangeContext {
  readonly connection: Connection;
  readonly endpoint: PushEndpoint;
  readonly filters: ReadonlyMap<string, MessageFilter>;
  readonly endpointId: string | undefined;
  readonly signal: AbortSignal | undefined;
}

/** Carries out a change. Returns the id of a new endpoint. */
export async function applyChange(
  context: ChangeContext,
  change: RegistrationChange,
): Promise<string | undefined> {
  const { connection, endpoint, signal } = context;
  switch (change.do) {
    case 'create-endpoint':
      return await createRow(context, 'serviceendpoints', {
        ...{ serviceendpointid: endpointRowId(endpoint), contract: 8, messageformat: 2 },
        ...endpointValues(endpoint),
      });
    case 'update-endpoint':
      await write(context, 'PATCH', `/serviceendpoints(${change.id})`, endpointValues(endpoint));
      return undefined;
    case 'remove-endpoint':
      await removeEndpoint(connection, change.endpoint, signal);
      return undefined;
    case 'create-step':
      await createRow(context, 'sdkmessageprocessingsteps', newStep(context, change.step));
      return undefined;
    case 'update-step':
      await write(context, 'PATCH', `/sdkmessageprocessingsteps(${change.id})`, {
        ...{ statecode: 0, statuscode: 1 },
        filteringattributes: change.step.columns?.join(',') ?? null,
      });
      return undefined;
    case 'remove-step':
      await remove(context, `/sdkmessageprocessingsteps(${change.id})`);
      return undefined;
  }
}

function endpointValues(endpoint: PushEndpoint) {
  const { name, url, key } = endpoint;
  const description = describeEndpoint(endpoint);
  return { name, url, authtype: webhookKey, authvalue: key.reveal(), description };
}

/** https://learn.microsoft.com/power-apps/developer/data-platform/register-web-hook */
function newStep({ endpoint, filters, endpointId }: ChangeContext, step: PushStep) {
  const ids = filters.get(titleOf(step));
  return {
    sdkmessageprocessingstepid: deterministicId('push-step', endpoint.id, step.table, step.message),
    name: `${endpoint.name}: ${step.message} ${step.table}`,
    // Asynchronous, after the operation: a receiver that is away must not fail the save of a user.
    ...{ mode: 1, stage: 40, rank: 1, supporteddeployment: 0, asyncautodelete: true },
    filteringattributes: step.columns?.join(',') ?? null,
    'eventhandler_serviceendpoint@odata.bind': `/serviceendpoints(${endpointId})`,
    'sdkmessageid@odata.bind': `/sdkmessages(${ids?.message})`,
    'sdkmessagefilterid@odata.bind': `/sdkmessagefilters(${ids?.filter})`,
  };
}

/** Ids of new rows are derived from the connection, so that any request can be sent again. */
async function write(
  { connection, signal }: Pick<ChangeContext, 'connection' | 'signal'>,
  method: ApiRequest['method'],
  path: string,
  body?: ApiRequest['body'],
) {
  return await sendApiRequest(connection, {
    ...{ operation: 'push', safety: 'repeatable', method, path, body, signal },
  });
}

/** Deletes a row that another process may have deleted. */
async function remove(context: Pick<ChangeContext, 'connection' | 'signal'>, path: string): Promise<void> {
  await write(context, 'DELETE', path).catch((error: unknown) => {
    if (!(error instanceof ConnectorError) || error.code !== 'NOT_FOUND') throw error;
  });
}

/** Creates a row with the id in its first column, or finds that another worker has created it. Returns the id. */
async function createRow(
  context: ChangeContext,
  set: string,
  body: Readonly<Record<string, string | number | boolean | null>>,
): Promise<string> {
  await write(context, 'POST', `/${set}`, body).catch((error: unknown) => {
    if (!(error instanceof ConnectorError) || error.code !== 'DUPLICATE') throw error;
  });
  return String(Object.values(body)[0]);
}

/** Steps first: whether an endpoint that has steps can be deleted is not documented. */
export async function removeEndpoint(
  connection: Connection,
  { id, steps }: RegisteredEndpoint,
  signal: AbortSignal | undefined,
): Promise<void> {
  for (const step of steps) await remove({ connection, signal }, `/sdkmessageprocessingsteps(${step.id})`);
  await remove({ connection, signal }, `/serviceendpoints(${id})`);
}
