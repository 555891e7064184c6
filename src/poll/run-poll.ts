import { ConnectorError } from '../errors/connector-error.ts';
import type { TriggerDefinition, TriggerWatch } from '../model/definition.ts';
import type { JsonObject } from '../model/json.ts';
import type { Checkpoint, PollItem, PollResult } from '../model/plan.ts';
import { checkInput } from '../run/check-input.ts';
import type { Connection } from '../run/connection.ts';
import { renderClauses } from '../run/plan-request.ts';
import { renderBody } from '../run/render-template.ts';
import type { TemplateScope } from '../run/template-scope.ts';
import type { PollContext, PollRequest, ResolvedWatch } from './poll-context.ts';
import { pollTrigger } from './poll-trigger.ts';
import { createRowReader } from './row-reader.ts';
import { sampleTrigger } from './sample-trigger.ts';

/** Options of one poll. */
export interface PollOptions {
  /** Cancels the poll: it ends with ABORTED. */
  readonly signal?: AbortSignal;
  /** Where a first poll starts: a date (RFC 3339) or `beginning`. By default it starts now and returns no items. */
  readonly from?: string;
  /**
   * A systemuserid, or `self` for the user of the connection. Rows that this user changed last are not reported, so that
   * a workflow does not trigger itself.
   */
  readonly ignoreChangesBy?: string;
  /** How far each poll reads back for late commits, in milliseconds; 10 minutes by default, at least 3. */
  readonly overlapMs?: number;
}

/**
 * Polls a trigger once: checks the params, reads the changes since the checkpoint and shapes them as items.
 *
 * @throws INPUT_INVALID, CHECKPOINT_INVALID, and the errors of the requests
 */
export async function runPoll(
  connection: Connection,
  trigger: TriggerDefinition,
  params: JsonObject,
  checkpoint: Checkpoint | undefined,
  { signal, ignoreChangesBy, ...options }: PollOptions = {},
): Promise<PollResult> {
  return await withRowReader(connection, trigger, { params, signal }, async (context, request) => {
    const user = ignoreChangesBy === 'self' ? (await connection.whoAmI()).userId : ignoreChangesBy;
    return await pollTrigger(context, {
      ...request,
      ...(checkpoint === undefined ? {} : { checkpoint }),
      ...(user === undefined ? {} : { ignoreChangesBy: user }),
      ...options,
    });
  });
}

/** Returns up to `maxItems` of the newest rows as items of a trigger. It uses no checkpoint and stores nothing. */
export async function runSample(
  connection: Connection,
  trigger: TriggerDefinition,
  params: JsonObject,
  maxItems: number,
): Promise<readonly PollItem[]> {
  return await withRowReader(connection, trigger, { params }, (context, { filter }) =>
    sampleTrigger(context, maxItems, filter),
  );
}

/** Checks the params and creates the reader. Errors have the trigger's id and the request id. */
async function withRowReader<T>(
  connection: Connection,
  trigger: TriggerDefinition,
  { params, signal }: { readonly params: JsonObject; readonly signal?: AbortSignal | undefined },
  work: (context: PollContext, request: Pick<PollRequest, 'params' | 'filter'>) => Promise<T>,
): Promise<T> {
  const { definition, validator, services, settings } = connection;
  const checked = checkInput(validator, trigger, params);
  const table = definition.tables[trigger.watch.table]!;
  const requestId = services.uuid();
  const scope = { input: checked, connection: settings };
  const filter = renderClauses(trigger.watch.where, scope);
  const purpose = { operation: trigger.id, requestId, ...(signal === undefined ? {} : { signal }) };
  const reader = createRowReader(connection, table, purpose);
  try {
    const request = { params: checked, ...(filter === undefined ? {} : { filter }) };
    const resolvedTrigger = { id: trigger.id, watch: resolveWatch(trigger.watch, scope) };
    return await work({ trigger: resolvedTrigger, table, reader, services }, request);
  } catch (error) {
    throw error instanceof ConnectorError ? error.withDetails({ operation: trigger.id, requestId }) : error;
  }
}

/** The values of `changedTo` with the params filled in; an absent param matches any value. */
function resolveWatch({ changedTo, ...watch }: TriggerWatch, scope: TemplateScope): ResolvedWatch {
  if (changedTo === undefined) return watch;
  return { ...watch, changedTo: renderBody(changedTo, scope, { tables: {} }) as JsonObject };
}
