import type { HandlerAction } from '../model/definition.ts';
import type { Json, JsonObject } from '../model/json.ts';
import type { RunResult } from '../model/plan.ts';
import type { Connection } from '../run/connection.ts';
import type { RunOptions } from '../run/run-options.ts';

/** The context in which a handler runs. */
export interface HandlerContext {
  readonly connection: Connection;
  readonly action: HandlerAction;
  readonly options: RunOptions;
  /** Runs another action on the same connection. A handler with several creates gives each a `step` of its own. */
  readonly run: (action: string, input: JsonObject, step?: string) => Promise<RunResult>;
}

/** The code of one action: takes the checked input and returns the output. */
export type Handler = (input: JsonObject, context: HandlerContext) => Promise<Json>;
