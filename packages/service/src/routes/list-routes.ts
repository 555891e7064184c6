import { ConnectorError } from 'dynamics365-connector';
import {
  describeOperation,
  loadPickList,
  type PickList,
  requireOperation,
  runtimeOf,
} from 'dynamics365-connector/host';
import { Hono } from 'hono';
import {
  requireConnectionName,
  requireScope,
  type ServiceContext,
  type ServiceEnv,
} from '../request-context.ts';
import type { ServiceParts } from '../service-parts.ts';

/**
 * `/v1/connections/{connection}/lists/{list}`: what a form offers for a field. `lists/field` takes the operation and the
 * field; the others take a table.
 */
export function createListRoutes(parts: ServiceParts): Hono<ServiceEnv> {
  const { definition } = runtimeOf(parts.connector);
  return new Hono<ServiceEnv>().get('/connections/:connection/lists/:list', async (context) => {
    requireScope(context, 'actions:read');
    const { client } = await parts.clients.open(requireConnectionName(context));
    const options = await loadPickList(definition, client, findPickList(parts, context), {
      text: context.req.query('search'),
      values: context.req.query(),
    });
    return context.json({ options });
  });
}

function findPickList(parts: ServiceParts, context: ServiceContext): PickList {
  const list = context.req.param('list') ?? '';
  switch (list) {
    case 'field':
      return fieldList(parts, context);
    case 'tables':
      return { from: 'tables' };
    case 'columns':
      return { from: 'columns', table: requireQuery(context, 'table'), use: 'read' };
    case 'choices':
      return {
        from: 'choices',
        table: requireQuery(context, 'table'),
        column: requireQuery(context, 'column'),
      };
    case 'rows':
      return { from: 'rows', tables: [requireQuery(context, 'table')], value: 'id' };
    case 'users':
      return { from: 'rows', tables: ['user'], value: 'entra-id' };
    default:
      throw new ConnectorError('INPUT_INVALID', `There is no list "${list.slice(0, 50)}".`, {
        advice: 'The lists are field, tables, columns, choices, rows and users.',
      });
  }
}

/** The pick list of a field: `lists/field?operation=case.create&field=customer`. */
function fieldList({ connector }: ServiceParts, context: ServiceContext): PickList {
  const { definition } = runtimeOf(connector);
  const { actions, triggers } = definition;
  const id = requireQuery(context, 'operation');
  const isTrigger = Object.hasOwn(triggers, id);
  const operation = isTrigger
    ? requireOperation('trigger', triggers, id)
    : requireOperation('action', actions, id);
  const name = requireQuery(context, 'field');
  const field = describeOperation(definition, operation).fields.find((each) => each.name === name);
  if (field?.pickList !== undefined) return field.pickList;
  throw new ConnectorError(
    'INPUT_INVALID',
    `${id} has no field "${name.slice(0, 50)}" with a list of values.`,
  );
}

function requireQuery(context: ServiceContext, name: string): string {
  const value = context.req.query(name);
  if (value !== undefined && value !== '') return value;
  throw new ConnectorError('INPUT_INVALID', `The list needs the query parameter "${name}".`);
}
