import type { ActionDefinition, ConnectorDefinition } from 'dynamics365-connector';
import { binaryInputNames, buildBinaryProperties } from './binary-data.ts';
import { buildCallOptionProperties } from './call-option-properties.ts';
import { buildCollection, buildFieldProperties, withDisplayConditions } from './field-properties.ts';
import type { NodeProperty, NodePropertyOption } from './n8n-types.ts';

/** The form of the action node: what to work with, what to do, and the fields of each action. */
export function buildActionProperties(definition: ConnectorDefinition): readonly NodeProperty[] {
  const actions = supportedActions(definition);
  const groups = Map.groupBy(actions, resourceOf);
  return [
    {
      ...selectProperty('resource', 'Resource'),
      options: [...groups].map(([value, [first]]) => ({ name: first!.group, value })).sort(byName),
      default: groups.has('case') ? 'case' : [...groups.keys()][0],
    },
    ...[...groups].map(([resource, actions]) => buildOperationProperty(resource, actions)),
    ...[...groups.values()].flat().flatMap((action) => buildActionFields(definition, action)),
    ...buildCallOptionProperties(definition, actions),
  ];
}

/** `case.create` works with `case`. */
function resourceOf({ id }: { readonly id: string }): string {
  return id.split('.')[0]!;
}

function supportedActions({ actions }: ConnectorDefinition): readonly ActionDefinition[] {
  return Object.values(actions).filter(({ deprecated }) => deprecated === undefined);
}

function selectProperty(name: string, displayName: string) {
  return { displayName, name, type: 'options', noDataExpression: true } as const;
}

function buildOperationProperty(resource: string, actions: readonly ActionDefinition[]): NodeProperty {
  const options = actions.map(({ id, title, description }) => ({
    name: title,
    value: id,
    action: title,
    description,
  }));
  return {
    ...selectProperty('operation', 'Operation'),
    displayOptions: { show: { resource: [resource] } },
    options: options.sort(byName),
    default: actions.find(({ id }) => id.endsWith('.create'))?.id ?? actions[0]!.id,
  };
}

function byName(a: NodePropertyOption, b: NodePropertyOption): number {
  return a.name < b.name ? -1 : 1;
}

function buildActionFields(
  definition: ConnectorDefinition,
  action: ActionDefinition,
): readonly NodeProperty[] {
  const limit = action.pagination?.limitInput;
  const skipped = [...(limit === undefined ? [] : [limit]), ...binaryInputNames(action)];
  const { needed, others } = buildFieldProperties(definition, action, skipped);
  return withDisplayConditions({ resource: [resourceOf(action)], operation: [action.id] }, [
    ...needed,
    ...buildBinaryProperties(action),
    ...(limit === undefined ? [] : buildLimitProperties(action, limit)),
    ...buildCollection('additionalFields', 'Additional Fields', others),
  ]);
}

function buildLimitProperties({ pagination }: ActionDefinition, limit: string): readonly NodeProperty[] {
  return [
    {
      displayName: 'Return All',
      name: 'returnAll',
      type: 'boolean',
      default: false,
      description: 'Whether to return all results or only up to a given limit',
    },
    {
      displayName: 'Limit',
      name: limit,
      type: 'number',
      typeOptions: { minValue: 1 },
      default: pagination!.defaultLimit,
      description: 'Max number of results to return',
      displayOptions: { show: { returnAll: [false] } },
    },
  ];
}
