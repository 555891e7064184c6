import type { JsonObject } from '../model/json.ts';
import type { Checkpoint, PollResult, RequestPlan, RunResult } from '../model/plan.ts';
import { checkInput } from './check-input.ts';
import type { Connection } from './connection.ts';
import { listRows, type RowList } from './list-rows.ts';
import { lookUp } from './look-up.ts';
import { type PollOptions, pollConnection } from './poll-connection.ts';
import { runAction } from './run-action.ts';
import { planFor, type RunOptions } from './send-plan.ts';

/** What a host holds: one connection, ready to work. Every method rejects with a ConnectorError only. */
export interface Client {
  /**
   * Runs an action. A list answers up to its limit and says in `meta.more` that it was cut.
   * Input problems are thrown before anything is sent, all at once (INPUT_INVALID).
   */
  run(action: string, input?: JsonObject, options?: RunOptions): Promise<RunResult>;
  /** The rows of a list action over all its pages, without a cap of ours. */
  list(action: string, input?: JsonObject, options?: RunOptions): RowList;
  /** The request that `run` would make, without network. */
  explain(action: string, input?: JsonObject): RequestPlan;
  /**
   * What a trigger has to report since `checkpoint`. Deliver the items first, then keep the new checkpoint:
   * nothing is lost, and `item.id` shows what was seen before. Without a checkpoint the place is marked now.
   */
  poll(
    trigger: string,
    params?: JsonObject,
    checkpoint?: Checkpoint,
    options?: PollOptions,
  ): Promise<PollResult>;
}

/** The client of a connection. */
export function createClient(connection: Connection): Client {
  const { definition, validator, world } = connection;
  const action = (id: string) => lookUp('action', definition.actions, id);
  return {
    async run(id, input = {}, options) {
      return await runAction(connection, action(id), input, options);
    },
    list(id, input = {}, options) {
      return listRows(connection, action(id), input, options);
    },
    explain(id, input = {}) {
      const found = action(id);
      return planFor(connection, found, checkInput(validator, found, input), { newId: world.uuid() });
    },
    async poll(id, params = {}, checkpoint, options) {
      return await pollConnection(
        connection,
        lookUp('trigger', definition.triggers, id),
        params,
        checkpoint,
        options,
      );
    },
  };
}
