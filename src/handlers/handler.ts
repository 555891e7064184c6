import type { HandlerAction } from '../model/definition.ts';
import type { Json, JsonObject } from '../model/json.ts';
import type { RunResult } from '../model/plan.ts';
import type { Table } from '../model/table.ts';
import type { Connection } from '../run/connection.ts';
import { requireTable } from '../run/require-table.ts';
import type { RunOptions } from '../run/run-options.ts';

/** The context in which a handler runs. */
export interface HandlerContext {
  readonly connection: Connection;
  readonly action: HandlerAction;
  readonly options: RunOptions;
  /** Runs another action on the same connection. */
  readonly run: (action: string, input: JsonObject, options?: StepOptions) => Promise<RunResult>;
}

export interface StepOptions {
  /** A handler that runs the same action twice gives each a name: their idempotency keys differ. */
  readonly step?: string;
  /** The version that the row must still have. */
  readonly ifVersion?: string | undefined;
}

/** The code of one action: takes the checked input and returns the output. */
export type Handler = (input: JsonObject, context: HandlerContext) => Promise<Json>;

/** The first part of the id of an action: the name of its table, or `record` for any table. */
export function resourceOf({ id }: Pick<HandlerAction, 'id'>): string {
  return id.slice(0, id.indexOf('.'));
}

/** The table of an action on one of our tables: `case` of `case.list-changes`. */
export function tableOf({ connection, action }: Pick<HandlerContext, 'connection' | 'action'>): Table {
  return requireTable(connection.definition, resourceOf(action));
}
