import type { ActionDefinition, Definition } from 'dynamics365-connector';
import { describeOptions } from './call-options.ts';
import { collection, describeFields, shownWhen } from './describe-fields.ts';
import { fileFields, fileInputs } from './files.ts';
import type { Option, Property } from './n8n.ts';

/** The form of the action node: what to work with, what to do, and the fields of each action. */
export function describeActions(definition: Definition): readonly Property[] {
  const actions = living(definition);
  const groups = Map.groupBy(actions, resourceOf);
  return [
    {
      ...choice('resource', 'Resource'),
      options: [...groups].map(([value, [first]]) => ({ name: first!.group, value })).sort(byName),
      default: groups.has('case') ? 'case' : [...groups.keys()][0],
    },
    ...[...groups].map(([resource, actions]) => operations(resource, actions)),
    ...[...groups.values()].flat().flatMap((action) => fieldsOf(definition, action)),
    ...describeOptions(definition, actions),
  ];
}

/** `case.create` works with `case`. */
function resourceOf({ id }: { readonly id: string }): string {
  return id.split('.')[0]!;
}

function living({ actions }: Definition): readonly ActionDefinition[] {
  return Object.values(actions).filter(({ deprecated }) => deprecated === undefined);
}

function choice(name: string, displayName: string) {
  return { displayName, name, type: 'options', noDataExpression: true } as const;
}

function operations(resource: string, actions: readonly ActionDefinition[]): Property {
  const options = actions.map(({ id, title, description }) => ({
    name: title,
    value: id,
    action: title,
    description,
  }));
  return {
    ...choice('operation', 'Operation'),
    displayOptions: { show: { resource: [resource] } },
    options: options.sort(byName),
    default: actions.find(({ id }) => id.endsWith('.create'))?.id ?? actions[0]!.id,
  };
}

function byName(a: Option, b: Option): number {
  return a.name < b.name ? -1 : 1;
}

function fieldsOf(definition: Definition, action: ActionDefinition): readonly Property[] {
  const limit = action.pagination?.limit;
  const skipped = [...(limit === undefined ? [] : [limit]), ...fileInputs(action)];
  const { needed, others } = describeFields(definition, action, skipped);
  return shownWhen({ resource: [resourceOf(action)], operation: [action.id] }, [
    ...needed,
    ...fileFields(action),
    ...(limit === undefined ? [] : howMany(action, limit)),
    ...collection('additionalFields', 'Additional Fields', others),
  ]);
}

function howMany({ pagination }: ActionDefinition, limit: string): readonly Property[] {
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
      default: pagination!.default,
      description: 'Max number of results to return',
      displayOptions: { show: { returnAll: [false] } },
    },
  ];
}
