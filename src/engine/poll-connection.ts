import { ConnectorError } from '../errors/connector-error.ts';
import type { TriggerDefinition } from '../model/definition.ts';
import type { JsonObject } from '../model/json.ts';
import type { Checkpoint, PollResult } from '../model/plan.ts';
import { checkInput } from './check-input.ts';
import type { Connection } from './connection.ts';
import { renderClauses } from './plan-request.ts';
import { pollTrigger } from './poll/poll-trigger.ts';
import { createRowReader } from './row-reader.ts';

/** How one poll is made. */
export interface PollOptions {
  readonly signal?: AbortSignal;
  /** Where a first poll starts: a date (RFC 3339), or `beginning`. Absent: now, and nothing is reported yet. */
  readonly from?: string;
  /** A user's id: rows that this user changed last are passed over, so that a workflow does not trigger itself. */
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
  { signal, ...options }: PollOptions = {},
): Promise<PollResult> {
  const checked = checkInput(connection.validator, trigger, params);
  const table = connection.definition.tables[trigger.watch.table]!;
  const requestId = connection.world.uuid();
  const filter = renderClauses(trigger.watch.where, { input: checked, connection: connection.settings });
  const reader = createRowReader(connection, table, {
    operation: trigger.id,
    requestId,
    ...(signal === undefined ? {} : { signal }),
  });
  try {
    return await pollTrigger(
      { trigger, table, reader, world: connection.world },
      {
        params: checked,
        ...(filter === undefined ? {} : { filter }),
        ...(checkpoint === undefined ? {} : { checkpoint }),
        ...options,
      },
    );
  } catch (error) {
    throw error instanceof ConnectorError ? error.with({ operation: trigger.id, requestId }) : error;
  }
}
