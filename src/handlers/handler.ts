import type { HandlerAction } from '../model/definition.ts';
import type { Json, JsonObject } from '../model/json.ts';
import type { RunResult } from '../model/plan.ts';
import type { Connection } from '../run/connection.ts';
import type { RunOptions } from '../run/send-plan.ts';

/** What the code of one action is given. */
export interface HandlerContext {
  readonly connection: Connection;
  readonly action: HandlerAction;
  readonly options: RunOptions;
  /** Runs another action on the same connection; `step` keeps the idempotency keys of several creates apart. */
  readonly run: (action: string, input: JsonObject, step?: string) => Promise<RunResult>;
}

/** The code of one action: its checked input in, its output in our words out. */
export type Handler = (input: JsonObject, context: HandlerContext) => Promise<Json>;
