import type { ActionDefinition, Json, JsonObject, JsonSchema, RunOptions } from 'dynamics365-connector';
import {
  type AnyConnector,
  checkInput,
  effectsOfCall,
  isJsonObject,
  runtimeOf,
  untypedClient,
} from 'dynamics365-connector/host';
import { addListColumns, stateColumnsOf } from './brief-columns.ts';
import type { ToolServerConfig } from './mcp-server-config.ts';
import { assertAllowed, needsConfirmation } from './permissions.ts';

/** An action that a tool calls, and its input. */
export interface ResolvedCall {
  readonly action: ActionDefinition;
  readonly input: JsonObject;
}

/** One call of an action that the user must confirm. */
export interface ConfirmationRequest extends ResolvedCall {
  readonly connector: AnyConnector;
  /** Origin of the organization, which the question names. */
  readonly origin: string;
  /** Reads what is known of the row that the call is about. */
  readonly readRow: () => Promise<JsonObject | undefined>;
}

/** The result of a call, with the new state of the row where the action itself returns nothing. */
export interface CallResult {
  readonly output: Json;
  readonly meta: object;
  readonly changedRow?: JsonObject;
}

/**
 * Runs an action for a model: checks the permissions, asks for confirmation where the call needs it, and runs it. A list
 * returns the few columns that matter, unless the input names others. An action that returns nothing is answered with the
 * new state of its row.
 *
 * @param ask Asks the user; returns undefined if they confirmed the call, or what the caller returns in order to ask.
 * @throws ACTION_NOT_ALLOWED, and the errors of `client.run`
 */
export async function runCall<Question>(
  config: ToolServerConfig,
  { action, input: given }: ResolvedCall,
  {
    ask,
    options,
  }: {
    readonly ask: (request: ConfirmationRequest) => Promise<Question | undefined>;
    readonly options: RunOptions;
  },
): Promise<{ readonly result: CallResult } | { readonly question: Question }> {
  const { definition, validator } = runtimeOf(config.connector);
  const call = { action, input: addListColumns(definition, action, given) };
  assertAllowed(action, call.input, config.permissions);
  if (needsConfirmation(effectsOfCall(action, call.input), config.permissions)) {
    checkInput(validator, action, call.input);
    const { connector } = config;
    const { origin } = config.client.metadata;
    const question = await ask({ connector, ...call, origin, readRow: () => readRowOf(config, call) });
    if (question !== undefined) return { question };
  }
  const result = await untypedClient(config.client).run(action.id, call.input, options);
  const changedRow = await readChangedRow(config, call, result.output);
  return { result: changedRow === undefined ? result : { ...result, changedRow } };
}

/** The new state of the row of an action that changes it and returns nothing, such as `case.resolve`. */
async function readChangedRow(
  config: ToolServerConfig,
  call: ResolvedCall,
  output: Json,
): Promise<JsonObject | undefined> {
  const { readOnly, destructive } = call.action.effects;
  if (output !== null || readOnly || destructive) return undefined;
  return await readRowOf(config, call);
}

/** The main columns of the row that an input names by `id`; undefined if it cannot be read. */
async function readRowOf(
  config: ToolServerConfig,
  { action, input }: ResolvedCall,
): Promise<JsonObject | undefined> {
  const { definition } = runtimeOf(config.connector);
  const resource = action.id.slice(0, action.id.lastIndexOf('.'));
  const get = definition.actions[`${resource}.get`];
  if (get === undefined || typeof input.id !== 'string') return undefined;
  const accepted = (get.input.properties ?? {}) as Readonly<Record<string, JsonSchema>>;
  if (accepted.columns === undefined) return undefined;
  const columns = stateColumnsOf(definition, get);
  // The row may be readable by others only; the call itself counts.
  const result = await untypedClient(config.client)
    .run(get.id, { id: input.id, columns })
    .catch(() => undefined);
  return isJsonObject(result?.output) ? result.output : undefined;
}
