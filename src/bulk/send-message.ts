import { ConnectorError } from '../errors/connector-error.ts';
import type { JsonObject } from '../model/json.ts';
import { callApi } from '../run/call-api.ts';
import type { RowReport } from './job.ts';
import type { Target } from './target.ts';
import type { Transport } from './transport.ts';

const messages = { create: 'CreateMultiple', update: 'UpdateMultiple', upsert: 'UpsertMultiple' } as const;

/** `refused`: one row spoils all, so each must be tried by itself. `unknown`: the table does not have the message. */
export type MessageOutcome = readonly RowReport[] | 'refused' | 'unknown';

/**
 * Sends rows in one bulk message, which writes all of them or none. What is not about the rows (no right, no line, no
 * patience left) is thrown.
 * https://learn.microsoft.com/power-apps/developer/data-platform/bulk-operations
 */
export async function sendInMessage(
  transport: Transport,
  targets: readonly Target[],
): Promise<MessageOutcome> {
  const { connection, job, table, operation } = transport;
  try {
    await callApi(connection, {
      operation,
      method: 'POST',
      path: `/${table.set}/Microsoft.Dynamics.CRM.${messages[job.verb]}`,
      body: { Targets: targets.map((target) => targetOf(transport, target)) },
      safety: job.verb === 'create' ? 'once' : 'repeatable',
      ...(job.signal === undefined ? {} : { signal: job.signal }),
    });
    return targets.map(({ index, id }) => ({ index, ...(id === undefined ? {} : { id }) }));
  } catch (error) {
    if (!(error instanceof ConnectorError)) throw error;
    return outcomeOf(error);
  }
}

function targetOf({ table }: Transport, { id, key, body }: Target): JsonObject {
  const named: JsonObject = id === undefined ? { '@odata.id': `${table.set}${key}` } : { [table.key]: id };
  return { '@odata.type': `Microsoft.Dynamics.CRM.${table.logicalName}`, ...named, ...body };
}

/** Creates whose outcome is unknown are refused too: one by one they find out what is there. */
function outcomeOf(error: ConnectorError): MessageOutcome {
  const { status, serverCode } = error.details;
  if (status === 501 || status === 404 || serverCode === '0x80060888') return 'unknown';
  if (['data', 'input', 'unknown-outcome'].includes(error.category)) return 'refused';
  throw error;
}
