import { ConnectorError } from '../errors/connector-error.ts';
import type { JsonObject } from '../model/json.ts';
import { sendApiRequest } from '../run/send-api-request.ts';
import type { WriteContext } from './write-context.ts';
import type { RowReport } from './write-job.ts';
import type { WriteTarget } from './write-target.ts';

const bulkMessages = {
  create: 'CreateMultiple',
  update: 'UpdateMultiple',
  upsert: 'UpsertMultiple',
} as const;

/**
 * The reports of the rows; or `rejected`: at least one row is invalid, so each must be sent by itself; or `unsupported`: the
 * table does not have the message.
 */
export type BulkMessageOutcome = readonly RowReport[] | 'rejected' | 'unsupported';

/**
 * Sends rows in one bulk message, which writes all of them or none. Throws errors that do not concern single rows, such
 * as a missing privilege or a lost connection.
 * https://learn.microsoft.com/power-apps/developer/data-platform/bulk-operations
 */
export async function sendBulkMessage(
  context: WriteContext,
  targets: readonly WriteTarget[],
): Promise<BulkMessageOutcome> {
  const { connection, job, table, operation } = context;
  try {
    await sendApiRequest(connection, {
      operation,
      method: 'POST',
      path: `/${table.entitySet}/Microsoft.Dynamics.CRM.${bulkMessages[job.verb]}`,
      body: { Targets: targets.map((target) => toMessageTarget(context, target)) },
      safety: job.verb === 'create' ? 'once' : 'repeatable',
      signal: job.signal,
    });
    return targets.map(({ index, id }) => ({ index, id }));
  } catch (error) {
    if (!(error instanceof ConnectorError)) throw error;
    return outcomeOfError(error);
  }
}

/** In JSON, the values of an alternate key are plain: they are not percent-encoded. */
function toMessageTarget({ table }: WriteContext, { id, key, body }: WriteTarget): JsonObject {
  const keyMember: JsonObject =
    id === undefined ? { '@odata.id': `${table.entitySet}${decodeURIComponent(key)}` } : { [table.key]: id };
  return { '@odata.type': `Microsoft.Dynamics.CRM.${table.logicalName}`, ...keyMember, ...body };
}

/** A create with an unknown outcome counts as rejected: sent one by one, each row finds out whether it exists. */
function outcomeOfError(error: ConnectorError): BulkMessageOutcome {
  const { status, serverCode } = error.details;
  if (status === 501 || status === 404 || serverCode === '0x80060888') return 'unsupported';
  if (['data', 'input', 'unknown-outcome'].includes(error.category)) return 'rejected';
  throw error;
}
