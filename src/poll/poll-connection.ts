import { ConnectorError } from '../errors/connector-error.ts';
import type { TriggerDefinition, Watch } from '../model/definition.ts';
import type { JsonObject } from '../model/json.ts';
import type { Checkpoint, PollItem, PollResult } from '../model/plan.ts';
import { checkInput } from '../run/check-input.ts';
import type { Connection } from '../run/connection.ts';
import { renderClauses } from '../run/plan-request.ts';
import { renderBody } from '../run/render.ts';
import type { Scope } from '../run/scope.ts';
import type { PollContext, PollRequest, Watching } from './poll-context.ts';
import { pollTrigger } from './poll-trigger.ts';
import { createRowReader } from './row-reader.ts';
import { sampleTrigger } from './sample.ts';

/** How one poll is made. */
export interface PollOptions {
  readonly signal?: AbortSignal;
  /** Where a first poll starts: a date (RFC 3339), or `beginning`. Absent: now, and nothing is reported yet. */
  readonly from?: string;
  /**
   * Rows that this user changed last are passed over; `self` is whoever the connection signs in as, so that a
   * workflow does not trigger itself. Otherwise a `systemuserid`.
   */
  readonly ignoreChangesBy?: string;
  /** How far each poll looks back for late commits; 10 minutes unless told, never under 3. */
  readonly overlapMs?: number;
}

/** Check the params -> read what is new -> shape it: the journey of one poll. */
export async function pollConnection(
  connection: Connection,
  trigger: TriggerDefinition,
  params: JsonObject,
  checkpoint: Checkpoint | undefined,
  { signal, ignoreChangesBy, ...options }: PollOptions = {},
): Promise<PollResult> {
  return await overRows(connection, trigger, { params, signal }, async (context, asked) => {
    const user = ignoreChangesBy === 'self' ? (await connection.whoAmI()).userId : ignoreChangesBy;
    return await pollTrigger(context, {
      ...asked,
      ...(checkpoint === undefined ? {} : { checkpoint }),
      ...(user === undefined ? {} : { ignoreChangesBy: user }),
      ...options,
    });
  });
}

/** The newest rows that a trigger could report, at most `most`; no checkpoint moves. */
export async function sampleConnection(
  connection: Connection,
  trigger: TriggerDefinition,
  params: JsonObject,
  most: number,
): Promise<readonly PollItem[]> {
  return await overRows(connection, trigger, { params }, (context, { filter }) =>
    sampleTrigger(context, most, filter),
  );
}

/** Checks the params and reads in the trigger's name: errors carry it and the request's id. */
async function overRows<T>(
  connection: Connection,
  trigger: TriggerDefinition,
  { params, signal }: { readonly params: JsonObject; readonly signal?: AbortSignal | undefined },
  work: (context: PollContext, asked: Pick<PollRequest, 'params' | 'filter'>) => Promise<T>,
): Promise<T> {
  const { definition, validator, world, settings } = connection;
  const checked = checkInput(validator, trigger, params);
  const table = definition.tables[trigger.watch.table]!;
  const requestId = world.uuid();
  const scope = { input: checked, connection: settings };
  const filter = renderClauses(trigger.watch.where, scope);
  const purpose = { operation: trigger.id, requestId, ...(signal === undefined ? {} : { signal }) };
  const reader = createRowReader(connection, table, purpose);
  try {
    const asked = { params: checked, ...(filter === undefined ? {} : { filter }) };
    const watching = { id: trigger.id, watch: fillIn(trigger.watch, scope) };
    return await work({ trigger: watching, table, reader, world }, asked);
  } catch (error) {
    throw error instanceof ConnectorError ? error.with({ operation: trigger.id, requestId }) : error;
  }
}

/** The values of `becomes`, those of params filled in; an absent param leaves its column to anything. */
function fillIn({ becomes, ...watch }: Watch, scope: Scope): Watching {
  if (becomes === undefined) return watch;
  return { ...watch, becomes: renderBody(becomes, scope, {}) as JsonObject };
}
