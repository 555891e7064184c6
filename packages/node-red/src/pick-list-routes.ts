import { ConnectorError } from 'dynamics365-connector';
import {
  describeOperation,
  type FieldView,
  loadPickList,
  type OperationView,
  type PickOption,
  runtimeOf,
} from 'dynamics365-connector/host';
import { openClientForNode } from './connection-node.ts';
import type { AdminRequest } from './node-red-api.ts';
import type { NodeRedContext } from './node-red-context.ts';
import { sendJson } from './send-json.ts';

/** Options that a list shows; more characters find the others. */
const maxOptions = 50;

/**
 * Adds the routes that need the organization of a deployed connection: the options of a field's pick list, and the test of
 * the connection.
 */
export function addPickListRoutes(context: NodeRedContext): void {
  const { httpAdmin, auth } = context.red;
  httpAdmin?.post(
    '/dynamics365/connections/:id/pick-list',
    auth.needsPermission('flows.read'),
    (request, response) => sendJson(response, () => findOptions(context, request)),
  );
  httpAdmin?.post(
    '/dynamics365/connections/:id/test',
    auth.needsPermission('flows.write'),
    (request, response) => sendJson(response, () => testConnection(context, request)),
  );
}

/** The options of `{ operation, field, text, values }`. */
async function findOptions(context: NodeRedContext, request: AdminRequest): Promise<readonly PickOption[]> {
  const { operation = '', field = '', text = '', values = {} } = request.body ?? {};
  const { definition } = runtimeOf(context.connector);
  const operations = new Map(Object.entries({ ...definition.triggers, ...definition.actions }));
  const found = operations.get(String(operation));
  const pickList = found && findField(describeOperation(definition, found), String(field))?.pickList;
  if (pickList === undefined) {
    throw new ConnectorError('OPERATION_UNKNOWN', `"${operation}" has no field "${field}" with a pick list.`);
  }
  const client = await openClientForNode(context, request.params.id ?? '');
  const query = { text: String(text), values: values as Readonly<Record<string, unknown>> };
  return (await loadPickList(definition, client, pickList, query)).slice(0, maxOptions);
}

function findField({ fields, callOptions }: OperationView, name: string): FieldView | undefined {
  return [...fields, ...callOptions].find((field) => field.name === name);
}

/** Sends WhoAmI: says who the connection signs in as, or throws why it does not work. */
async function testConnection(
  context: NodeRedContext,
  request: AdminRequest,
): Promise<{ readonly text: string }> {
  const client = await openClientForNode(context, request.params.id ?? '');
  const { userId } = await client.check();
  const { output } = await client
    .run('user.get', { id: userId, columns: ['name'] })
    .catch(() => ({ output: {} }));
  const { name = userId } = output as { readonly name?: string };
  return { text: `Connected to ${client.metadata.origin} as ${name}` };
}
