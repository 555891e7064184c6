import type { ActionDefinition, ConnectorDefinition } from 'dynamics365-connector';
import { binaryInputNames, buildBinaryProperties } from './binary-data.ts';
import { buildCallOptionProperties } from './call-option-properties.ts';
import { resourceOf } from './classify-field.ts';
import { buildCollection, buildFieldProperties, withDisplayConditions } from './field-properties.ts';
import type { NodeProperty, NodePropertyOption } from './n8n-types.ts';

/** The properties of the action node: resource, operation, and the fields of each action. */
export function buildActionProperties(definition: ConnectorDefinition): readonly NodeProperty[] {
  const actions = supportedActions(definition);
  const groups = Map.groupBy(actions, resourceOf);
  return [
    {
      ...selectProperty('resource', 'Resource'),
      options: [...groups].map(([value, [first]]) => ({ name: first?.group ?? value, value })).sort(byName),
      default: groups.has('case') ? 'case' : [...groups.keys()][0],
    },
    ...[...groups].map(([resource, group]) => buildOperationProperty(resource, group)),
    ...[...groups.values()].flat().flatMap((action) => buildActionFields(definition, action)),
    ...buildCallOptionProperties(definition, actions),
  ];
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
    default: (actions.find(({ id }) => id.endsWith('.create')) ?? actions[0])?.id,
  };
}

function byName(a: NodePropertyOption, b: NodePropertyOption): number {
  return a.name < b.name ? -1 : 1;
}

function buildActionFields(
  definition: ConnectorDefinition,
  action: ActionDefinition,
): readonly NodeProperty[] {
  const { pagination } = action;
  const skipped = [...binaryInputNames(action), ...(pagination === undefined ? [] : [pagination.limitInput])];
  const { required, optional } = buildFieldProperties(definition, action, skipped);
  return withDisplayConditions({ resource: [resourceOf(action)], operation: [action.id] }, [
    ...required,
    ...buildBinaryProperties(action),
    ...(pagination === undefined ? [] : buildLimitProperties(pagination)),
    ...buildCollection('additionalFields', 'Additional Fields', optional),
  ]);
}

function buildLimitProperties({
  limitInput,
  defaultLimit,
}: NonNullable<ActionDefinition['pagination']>): readonly NodeProperty[] {
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
      name: limitInput,
      type: 'number',
      typeOptions: { minValue: 1 },
      default: defaultLimit,
      description: 'Max number of results to return',
      displayOptions: { show: { returnAll: [false] } },
    },
  ];
}
