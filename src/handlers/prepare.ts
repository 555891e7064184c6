import type { HandlerAction, OutputShape, RequestAction, RequestTemplate } from '../model/definition.ts';
import type { Json, JsonObject } from '../model/json.ts';
import type { BodyTemplate, Placeholder, Template } from '../model/template.ts';
import type { Connection } from '../run/connection.ts';
import { runCheckedAction } from '../run/run-action.ts';
import type { Handler, HandlerContext } from './handler.ts';

/** The one request that an action turns out to be, once the organization's own names are known. */
export interface PreparedAction {
  /** Knows the tables that the request speaks of. */
  readonly connection: Connection;
  readonly action: RequestAction;
  readonly input: JsonObject;
}

/** Finds out what request an action is. Reads metadata at most; what it answers can be sent alone or in a change set. */
export type PrepareAction = (
  input: JsonObject,
  context: Pick<HandlerContext, 'connection' | 'action'>,
) => Promise<PreparedAction>;

/** The handler that sends what was prepared. */
export function sendPrepared(prepare: PrepareAction): Handler {
  return async (input, context): Promise<Json> => {
    const { connection, action, input: prepared } = await prepare(input, context);
    return (await runCheckedAction(connection, action, prepared, context.options)).output;
  };
}

/** A request that is complete but for its headers. */
export interface PreparedRequest extends Pick<RequestTemplate, 'method' | 'path' | 'match' | 'safety'> {
  readonly query?: RequestTemplate['query'];
  readonly body?: BodyTemplate | undefined;
}

/** The action that the manifest would hold, had its author known the organization. */
export function toRequestAction(
  { handler: _, ...action }: HandlerAction,
  { body, query = [], ...request }: PreparedRequest,
  output: OutputShape,
): RequestAction {
  const template = { ...request, query, headers: [], ...(body === undefined ? {} : { body }) };
  return { ...action, input: anyInput, output, request: template };
}

/** The handler's own input has been checked; this one is ours. */
const anyInput = { type: 'object' };

/** A path without holes. */
export function literalTemplate(text: string): Template {
  return { parts: [text] };
}

/** A hole that takes whatever is given. */
export function placeholder(...path: readonly string[]): Placeholder {
  return { path, type: { kind: 'any' }, position: 'json' };
}
