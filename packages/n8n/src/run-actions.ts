import type { ActionDefinition, Client, Json, JsonObject, RunOptions } from 'dynamics365-connector';
import { lookUp } from 'dynamics365-connector/host';
import { readOptions } from './call-options.ts';
import { readMapped } from './columns.ts';
import { readFile, toFileItem } from './files.ts';
import type { House } from './house.ts';
import type { ExecuteContext, Item } from './n8n.ts';
import { toErrorJson, toNodeError } from './node-error.ts';
import { openClient } from './open-client.ts';
import { readInput } from './read-input.ts';

/** Runs the node's action for each item, in order. A failure ends the run, or is an item where the author wants that. */
export async function runActions(house: House, context: ExecuteContext): Promise<Item[][]> {
  const items: Item[] = [];
  const client = await openClient(house, context).catch((thrown: unknown) => {
    throw toNodeError(house.kit, context.getNode(), { thrown });
  });
  for (const itemIndex of context.getInputData().keys()) {
    const pairedItem = { item: itemIndex };
    try {
      const answered = await runForItem(house, client, { context, itemIndex });
      items.push(...answered.map((item) => ({ ...item, pairedItem })));
    } catch (thrown) {
      if (!context.continueOnFail()) throw toNodeError(house.kit, context.getNode(), { thrown, itemIndex });
      items.push({ json: toErrorJson(thrown), pairedItem });
    }
  }
  return [items];
}

interface Turn {
  readonly context: ExecuteContext;
  readonly itemIndex: number;
}

async function runForItem(house: House, client: Client, turn: Turn): Promise<readonly Item[]> {
  const { context, itemIndex } = turn;
  const { actions, triggers } = house.connector.definition;
  const parameter = (name: string) => context.getNodeParameter(name, itemIndex, null) ?? undefined;
  const action = lookUp('action', actions, String(parameter('operation')), triggers);
  const timeZone = context.getTimezone();
  const form = { parameter, timeZone };
  const input = {
    ...(await readFile(action, context, itemIndex)),
    ...readInput(house, action, form),
  };
  const mapped = await readMapped(client, {
    action,
    input,
    item: context.getInputData()[itemIndex]!,
    timeZone,
  });
  const options = { ...readOptions(parameter('options'), timeZone), ...optionsOf(turn) };
  const limit = action.pagination?.limit;
  if (limit === undefined) {
    return await toItems(action, (await client.run(action.id, mapped, options)).output, turn);
  }
  if (parameter('returnAll') === true) return await listAll(client, action.id, { input: mapped, options });
  const most = parameter(limit);
  const bounded = most === undefined ? mapped : { ...mapped, [limit]: most as Json };
  return await toItems(action, (await client.run(action.id, bounded, options)).output, turn);
}

/** The same for the same item of the same execution, also when n8n tries the node again. */
function optionsOf({ context, itemIndex }: Turn): RunOptions {
  const signal = context.getExecutionCancelSignal?.();
  const { $runIndex } = context.getWorkflowDataProxy(itemIndex);
  const key = [
    context.getWorkflow().id,
    context.getExecutionId(),
    context.getNode().id,
    $runIndex,
    itemIndex,
  ];
  return { idempotencyKey: JSON.stringify(key), ...(signal === undefined ? {} : { signal }) };
}

async function listAll(
  client: Client,
  id: string,
  { input, options }: { readonly input: JsonObject; readonly options: RunOptions },
): Promise<readonly Item[]> {
  const items: Item[] = [];
  for await (const json of client.list(id, input, options)) items.push({ json });
  return items;
}

/** Rows are items; what is no row stands under a name. */
async function toItems(action: ActionDefinition, output: Json, turn: Turn): Promise<readonly Item[]> {
  if (action.handler === 'downloadFile') {
    return [await toFileItem(output as JsonObject, turn.context, turn.itemIndex)];
  }
  if (Array.isArray(output)) return output.map((one) => ({ json: toJson(one) }));
  if (output === null) return [{ json: { success: true } }];
  return [{ json: action.output.kind === 'count' ? { count: output } : toJson(output) }];
}

function toJson(value: Json): JsonObject {
  return typeof value === 'object' && value !== null && !Array.isArray(value)
    ? (value as JsonObject)
    : { value };
}
