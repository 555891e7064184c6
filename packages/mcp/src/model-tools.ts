import { ConnectorError, type JsonObject, type JsonSchema, type RunOptions } from 'dynamics365-connector';
import { asConnectorError, effectsOfCall, requireOperation, runtimeOf } from 'dynamics365-connector/host';
import { assertArguments, requireTextArgument } from './assert-arguments.ts';
import { runTool, type ToolDescription } from './common-tools.ts';
import { confirmationQuestion } from './confirmation-question.ts';
import { assertServerConfig, type McpServerConfig, serverConfigTypes } from './mcp-server-config.ts';
import { needsConfirmation } from './permissions.ts';
import { createReadTools, type ReadTool } from './read-tools.ts';
import { type ConfirmationRequest, type ResolvedCall, runCall } from './run-call.ts';
import { selectTools } from './select-tools.ts';
import { errorText, toBrief } from './tool-results.ts';

/** What `createTools` needs. */
export interface ModelToolsConfig extends McpServerConfig {
  /**
   * Asks the user before a call that deletes data, sends a message or writes many rows. Without it, such calls are
   * rejected, unless the kit that runs the tools asks (`toAiSdkTools`).
   */
  readonly approve?: (question: string) => Promise<boolean> | boolean;
}

/** One call of a tool by a kit. */
export interface ModelToolCall {
  readonly signal?: AbortSignal;
  /** The user has approved this call already. */
  readonly isApproved?: boolean;
}

/** One tool of a model, in the terms of no kit. */
export interface ModelTool {
  readonly name: string;
  readonly description: string;
  readonly inputSchema: JsonSchema;
  /** Whether the user must approve a call with this input. */
  needsApproval(input: JsonObject): boolean;
  /** Runs the tool. An error is returned as text that tells the model what to do next. */
  run(input: JsonObject, call?: ModelToolCall): Promise<JsonObject>;
}

/**
 * The tools of a connector for a program that calls a model itself: the featured actions (or those of `tools`), and
 * `find_actions`, `describe_table` and `run_action` for everything else. They are the tools of the MCP server.
 *
 * @example
 * const tools = createTools({ connector, client, permissions: { writes: true } });
 */
export function createTools(given: ModelToolsConfig): readonly ModelTool[] {
  const types = { ...serverConfigTypes, approve: 'function' } as const;
  const config = assertServerConfig(given, { of: 'createTools', types });
  const actionTools = selectTools(config).map(({ action, name, description, inputSchema }) =>
    createActionTool(config, { name, description, inputSchema }, (input) => ({ action, input })),
  );
  return [...actionTools, ...createReadTools(config).map(toModelTool), createRunTool(config)];
}

function createActionTool(
  config: ModelToolsConfig,
  described: ToolDescription,
  resolve: (input: JsonObject) => ResolvedCall,
): ModelTool {
  return {
    ...described,
    needsApproval(input) {
      try {
        const { action, input: given } = resolve(input);
        return needsConfirmation(effectsOfCall(action, given), config.permissions);
      } catch {
        // A call that cannot be run needs no approval: running it tells the model why.
        return false;
      }
    },
    run: (input, call = {}) =>
      answer(async () => {
        const options: RunOptions = { signal: call.signal };
        const outcome = await runCall<never>(config, resolve(input), {
          ask: (request) => approve(config, request, call),
          options,
        });
        return 'question' in outcome ? {} : (toBrief({ ...outcome.result }) as JsonObject);
      }),
  };
}

async function approve(
  config: ModelToolsConfig,
  request: ConfirmationRequest,
  { isApproved }: ModelToolCall,
): Promise<undefined> {
  if (isApproved === true) return undefined;
  const { id } = request.action;
  if (config.approve === undefined) {
    throw new ConnectorError('ACTION_NOT_ALLOWED', `${id} was not run: the user must approve it.`, {
      operation: id,
      advice: 'Tell the user what you would do.',
    });
  }
  if (await config.approve(confirmationQuestion({ ...request, row: await request.readRow() })))
    return undefined;
  throw new ConnectorError('ACTION_NOT_ALLOWED', `${id} was not run: the user did not approve it.`, {
    operation: id,
    advice: 'Ask the user what to do instead.',
  });
}

function toModelTool({ read, ...described }: ReadTool): ModelTool {
  return { ...described, needsApproval: () => false, run: (input) => answer(() => read(input)) };
}

function createRunTool(config: ModelToolsConfig): ModelTool {
  return createActionTool(config, runTool, (args) => resolveRun(config, args));
}

/** The action that `run_action` names. */
export function resolveRun(
  { connector }: Pick<McpServerConfig, 'connector'>,
  args: JsonObject,
): ResolvedCall {
  assertArguments('run_action', args, ['action', 'input']);
  const id = requireTextArgument('run_action', args, { action: 'lead.qualify' });
  const { actions } = runtimeOf(connector).definition;
  return { action: requireOperation('action', actions, id), input: (args.input ?? {}) as JsonObject };
}

async function answer(work: () => Promise<JsonObject>): Promise<JsonObject> {
  try {
    return await work();
  } catch (error) {
    return { error: errorText(asConnectorError(error)) };
  }
}
