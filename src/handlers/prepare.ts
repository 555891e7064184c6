import type { HandlerAction, OutputShape, RequestAction, RequestTemplate } from '../model/definition.ts';
import type { Json, JsonObject } from '../model/json.ts';
import type { BodyTemplate, Placeholder, Template } from '../model/template.ts';
import type { Connection } from '../run/connection.ts';
import { runCheckedAction } from '../run/run-action.ts';
import type { Handler, HandlerContext } from './handler.ts';

/** A handler's action as a request, with the names of the organization filled in. */
export interface PreparedAction {
  /** A connection whose definition has the tables of the request. */
  readonly connection: Connection;
  readonly action: RequestAction;
  readonly input: JsonObject;
}

/** Turns a handler's input into one request. It may read metadata, and sends nothing else. */
export type PrepareAction = (
  input: JsonObject,
  context: Pick<HandlerContext, 'connection' | 'action'>,
) => Promise<PreparedAction>;

/** A handler that prepares its request and sends it. */
export function sendPrepared(prepare: PrepareAction): Handler {
  return async (input, context): Promise<Json> => {
    const { connection, action, input: prepared } = await prepare(input, context);
    return (await runCheckedAction(connection, action, prepared, context.options)).output;
  };
}

/** A request without headers. */
export interface PreparedRequest
  extends Pick<RequestTemplate, 'method' | 'path' | 'match' | 'safety' | 'newIdInput'> {
  readonly query?: RequestTemplate['query'];
  readonly body?: BodyTemplate;
}

/** Combines a handler's action with its prepared request. */
export function toRequestAction(
  { handler: _, ...action }: HandlerAction,
  { body, query = [], ...request }: PreparedRequest,
  output: OutputShape,
): RequestAction {
  return { ...action, input: anyInput, output, request: { ...request, query, headers: [], body } };
}

/** The handler's input has been checked; the input of the prepared action is made by the handler. */
const anyInput = { type: 'object' };

/** The path of a new row with the id that the engine gives it. */
export function newRowPath(entitySet: string): Template {
  const newId: Placeholder = { path: ['new', 'id'], type: { kind: 'uuid' }, position: 'key' };
  return { parts: [`/${entitySet}(`, newId, ')'] };
}

/** A template without placeholders. */
export function literalTemplate(text: string): Template {
  return { parts: [text] };
}

/** A placeholder for any JSON value. */
export function placeholder(...path: readonly string[]): Placeholder {
  return { path, type: { kind: 'any' }, position: 'json' };
}
