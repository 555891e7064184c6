import { ConnectorError } from '../errors/connector-error.ts';
import type { JsonObject } from '../model/json.ts';
import { withRowType } from '../odata/row-type.ts';
import { sendApiRequest } from '../run/send-api-request.ts';
import type { WriteContext } from './write-context.ts';
import type { RowReport, WriteJob } from './write-job.ts';
import type { WriteTarget } from './write-target.ts';

/** DeleteMultiple is not one of them: standard tables do not have it. */
const bulkMessages: Readonly<Partial<Record<WriteJob['verb'], string>>> = {
  create: 'CreateMultiple',
  update: 'UpdateMultiple',
  upsert: 'UpsertMultiple',
};

/**
 * Why a message wrote nothing. `rejected`: at least one row is invalid, so each must be sent by itself. `unsupported`: the
 * table does not have the message. `deadlock`: another request wrote the same data. `too-large`: fewer rows may succeed.
 */
export type FailedMessage = 'rejected' | 'unsupported' | 'deadlock' | 'too-large';

/** The reports of the rows, or why there are none. */
export type BulkMessageOutcome = readonly RowReport[] | FailedMessage;

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
  const message = bulkMessages[job.verb];
  if (message === undefined) return 'unsupported';
  try {
    await sendApiRequest(connection, {
      operation,
      method: 'POST',
      path: `/${table.entitySet}/Microsoft.Dynamics.CRM.${message}`,
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
  return withRowType(table.logicalName, { ...keyMember, ...body });
}

/**
 * A create with an unknown outcome counts as rejected: sent one by one, each row finds out whether it exists. So does
 * every other HTTP 400: Dataverse answers a row that it cannot create with the code of an unexpected error.
 */
function outcomeOfError(error: ConnectorError): FailedMessage {
  const { status, serverCode, serverMessage = '' } = error.details;
  if (/\bdeadlock|Sql Number: 1205\b/i.test(serverMessage)) return 'deadlock';
  if (status === 413 || serverCode === '0x80044151' || error.code === 'TIMEOUT') return 'too-large';
  if (status === 501 || status === 404 || serverCode === '0x80060888') return 'unsupported';
  if (status === 400 || ['data', 'input', 'unknown-outcome'].includes(error.category)) return 'rejected';
  throw error;
}
