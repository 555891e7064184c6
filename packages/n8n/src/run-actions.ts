import type { ActionDefinition, Client, Json, JsonObject, RunOptions } from 'dynamics365-connector';
import {
  describeOperation,
  isJsonObject,
  type OperationView,
  readColumnValues,
  requireOperation,
  runtimeOf,
} from 'dynamics365-connector/host';
import { canSimplify } from './action-properties.ts';
import { readBinaryInput, readFileList, returnsFile, toBinaryItem } from './binary-data.ts';
import type { N8nContext } from './n8n-context.ts';
import type { ExecuteFunctions, NodeExecutionData } from './n8n-types.ts';
import { toErrorJson, toNodeError } from './node-error.ts';
import { openClient } from './open-client.ts';
import { readCallOptions } from './read-call-options.ts';
import { readInput } from './read-input.ts';
import { readMappedValues } from './resource-mapper.ts';

/** Runs the node's action for each item, in order. With "Continue on Fail" an error is an item; otherwise it ends the run. */
export async function runActions(
  n8nContext: N8nContext,
  functions: ExecuteFunctions,
): Promise<NodeExecutionData[][]> {
  const items: NodeExecutionData[] = [];
  const client = await openClient(n8nContext, functions).catch((thrown: unknown) => {
    throw toNodeError(n8nContext.helpers, functions.getNode(), { thrown });
  });
  for (const [itemIndex, item] of functions.getInputData().entries()) {
    const pairedItem = { item: itemIndex };
    try {
      const results = await runActionForItem(n8nContext, client, { functions, item, itemIndex });
      items.push(...results.map((result) => ({ ...result, pairedItem })));
    } catch (thrown) {
      if (!functions.continueOnFail())
        throw toNodeError(n8nContext.helpers, functions.getNode(), { thrown, itemIndex });
      items.push({ json: toErrorJson(thrown), pairedItem });
    }
  }
  return [items];
}

interface ItemContext {
  readonly functions: ExecuteFunctions;
  readonly item: NodeExecutionData;
  readonly itemIndex: number;
}

async function runActionForItem(
  n8nContext: N8nContext,
  client: Client,
  itemContext: ItemContext,
): Promise<readonly NodeExecutionData[]> {
  const { functions, itemIndex } = itemContext;
  const { definition } = runtimeOf(n8nContext.connector);
  const getParameter = (name: string) => functions.getNodeParameter(name, itemIndex, null) ?? undefined;
  const id = `${getParameter('resource')}.${getParameter('operation')}`;
  const action = requireOperation('action', definition.actions, id, definition.triggers);
  const view = describeOperation(definition, action);
  const input = await readActionInput(n8nContext, client, { ...itemContext, action, view, getParameter });
  const options = {
    ...readCallOptions(view, getParameter('options'), functions.getTimezone()),
    ...runOptionsOf(itemContext),
  };
  const limit = action.pagination?.limitInput;
  if (limit === undefined) {
    return await toItems(action, (await client.run(action.id, input, options)).output, itemContext);
  }
  if (getParameter('returnAll') === true) return await listAll(client, action.id, { input, options });
  const limitValue = getParameter(limit);
  const bounded = limitValue === undefined ? input : { ...input, [limit]: limitValue as Json };
  return await toItems(action, (await client.run(action.id, bounded, options)).output, itemContext);
}

interface ActionForm extends ItemContext {
  readonly action: ActionDefinition;
  readonly view: OperationView;
  readonly getParameter: (name: string) => unknown;
}

/** The input of the action: from the fields of the form, the files of the item, and the columns of the organization. */
async function readActionInput(
  n8nContext: N8nContext,
  client: Client,
  { functions, item, itemIndex, action, view, getParameter }: ActionForm,
): Promise<JsonObject> {
  const timeZone = functions.getTimezone();
  const fields = readInput(view, { getParameter, timeZone });
  const input: Record<string, Json> = { ...(await readBinaryInput(action, functions, itemIndex)), ...fields };
  for (const { name, kind, pickList } of view.fields) {
    const value = input[name];
    if (value === undefined) continue;
    if (kind === 'files') input[name] = await readFileList(value, functions, itemIndex);
    const table = pickList?.from === 'columns' && kind === 'values' ? pickList.table : undefined;
    if (typeof table === 'string' && isJsonObject(value)) {
      const logicalName = runtimeOf(n8nContext.connector).definition.tables[table]?.logicalName ?? table;
      input[name] = await readColumnValues(client, logicalName, value, { timeZone });
    }
  }
  if (canSimplify(view) && getParameter('simplify') === true && input.columns === undefined)
    input.columns = view.answer.mainColumns;
  return await readMappedValues(client, { input, item, timeZone });
}

/** The idempotency key is the same for an item of an execution, also when n8n retries the node. */
function runOptionsOf({ functions, itemIndex }: ItemContext): RunOptions {
  const { $runIndex } = functions.getWorkflowDataProxy(itemIndex);
  const key = [
    functions.getWorkflow().id,
    functions.getExecutionId(),
    functions.getNode().id,
    $runIndex,
    itemIndex,
  ];
  return { idempotencyKey: JSON.stringify(key), signal: functions.getExecutionCancelSignal?.() };
}

async function listAll(
  client: Client,
  id: string,
  { input, options }: { readonly input: JsonObject; readonly options: RunOptions },
): Promise<readonly NodeExecutionData[]> {
  const items: NodeExecutionData[] = [];
  for await (const json of client.list(id, input, options)) items.push({ json });
  return items;
}

/** Rows become items; other outputs are wrapped: `{ count }`, `{ success: true }`, `{ value }`. */
async function toItems(
  action: ActionDefinition,
  output: Json,
  itemContext: ItemContext,
): Promise<readonly NodeExecutionData[]> {
  if (returnsFile(action)) {
    return [await toBinaryItem(output as JsonObject, itemContext.functions, itemContext.itemIndex)];
  }
  if (Array.isArray(output)) return output.map((row) => ({ json: toJsonObject(row) }));
  if (output === null) return [{ json: { success: true } }];
  return [{ json: action.output.kind === 'count' ? { count: output } : toJsonObject(output) }];
}

function toJsonObject(value: Json): JsonObject {
  return isJsonObject(value) ? value : { value };
}
