import type { HandlerAction, OutputShape, RequestAction, RequestTemplate } from '../model/definition.ts';
import type { Json, JsonObject } from '../model/json.ts';
import type { BodyTemplate, Slot, Template } from '../model/template.ts';
import type { Connection } from '../run/connection.ts';
import { runChecked } from '../run/run-action.ts';
import type { Handler, HandlerContext } from './handler.ts';

/** The one request that an action turns out to be, once the organisation's own names are known. */
export interface Prepared {
  /** Knows the tables that the request speaks of. */
  readonly connection: Connection;
  readonly action: RequestAction;
  readonly input: JsonObject;
}

/** Finds out what request an action is. Reads metadata at most; what it answers can be sent alone or in a change set. */
export type Prepare = (
  input: JsonObject,
  context: Pick<HandlerContext, 'connection' | 'action'>,
) => Promise<Prepared>;

/** The handler that sends what was prepared. */
export function sendPrepared(prepare: Prepare): Handler {
  return async (input, context): Promise<Json> => {
    const { connection, action, input: prepared } = await prepare(input, context);
    return (await runChecked(connection, action, prepared, context.options)).output;
  };
}

/** A request that is complete but for its headers. */
export interface PreparedRequest extends Pick<RequestTemplate, 'method' | 'path' | 'match' | 'safety'> {
  readonly query?: RequestTemplate['query'];
  readonly body?: BodyTemplate | undefined;
}

/** The action that the manifest would hold, had its author known the organisation. */
export function requestAction(
  { handler: _, ...words }: HandlerAction,
  { body, query = [], ...request }: PreparedRequest,
  output: OutputShape,
): RequestAction {
  const whole = { ...request, query, headers: [], ...(body === undefined ? {} : { body }) };
  return { ...words, input: anything, output, request: whole };
}

/** The handler's own input has been checked; this one is ours. */
const anything = { type: 'object' };

/** A path without holes. */
export function fixedPath(text: string): Template {
  return { parts: [text] };
}

/** A hole that takes whatever is given. */
export function slot(...path: readonly string[]): Slot {
  return { path, type: { kind: 'any' }, position: 'json' };
}
