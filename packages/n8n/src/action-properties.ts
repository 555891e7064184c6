import type { ActionDefinition, ConnectorDefinition } from 'dynamics365-connector';
import {
  describeOperation,
  type FieldView,
  type OperationView,
  omitUndefined,
} from 'dynamics365-connector/host';
import { binaryFields, buildBinaryProperties } from './binary-data.ts';
import { type CollectionName, type PlacedProperty, placeCollection, placeProperties } from './collections.ts';
import { buildFieldProperty } from './field-property.ts';
import type { NodeProperty, NodePropertyOption } from './n8n-types.ts';
import { actionText, operationHint, operationName, verbOf } from './n8n-words.ts';

/** An action with its view. */
interface ViewedAction {
  readonly action: ActionDefinition;
  readonly view: OperationView;
}

/** The properties of the action node: resource, operation, and the fields of each action. */
export function buildActionProperties(definition: ConnectorDefinition): readonly NodeProperty[] {
  const actions = Object.values(definition.actions)
    .filter(({ deprecated }) => deprecated === undefined)
    .map((action) => ({ action, view: describeOperation(definition, action) }));
  const places = actions.map(({ view }) => ({ resource: view.resource, operation: verbOf(view) }));
  const groups = Map.groupBy(actions, ({ view }) => view.resource);
  return [
    {
      ...selectProperty('resource', 'Resource'),
      options: [...groups]
        .map(([value, [first]]) => ({ name: first?.view.group ?? value, value }))
        .sort(byName),
      default: groups.has('case') ? 'case' : [...groups.keys()][0],
    },
    ...[...groups].map(([resource, group]) => buildOperationProperty(resource, group)),
    ...placeProperties(actions.flatMap(topLevelFields), places),
    ...(['filters', 'additionalFields', 'options'] as const).flatMap((name) =>
      placeCollection(
        name,
        actions.flatMap((one) => collectionFields(one, name)),
        places,
      ),
    ),
  ];
}

function selectProperty(name: string, displayName: string) {
  return { displayName, name, type: 'options', noDataExpression: true } as const;
}

function buildOperationProperty(resource: string, actions: readonly ViewedAction[]): NodeProperty {
  const options = actions.map(({ view }) =>
    omitUndefined({
      name: operationName(view),
      value: verbOf(view),
      action: actionText(view),
      description: operationHint(view),
    }),
  );
  return {
    ...selectProperty('operation', 'Operation'),
    displayOptions: { show: { resource: [resource] } },
    options: options.sort(byName),
    default: (options.find(({ value }) => value === 'create') ?? options[0])?.value,
  };
}

function byName(a: NodePropertyOption, b: NodePropertyOption): number {
  return a.name < b.name ? -1 : 1;
}

function place({ view }: ViewedAction, properties: readonly NodeProperty[]): readonly PlacedProperty[] {
  return properties.map((property) => ({ resource: view.resource, operation: verbOf(view), property }));
}

/** The fields that an action always shows. */
function topLevelFields(viewed: ViewedAction): readonly PlacedProperty[] {
  const { action, view } = viewed;
  const fields = view.fields.filter((field) => placeOf(field, viewed) === 'top');
  return place(viewed, [
    ...fields.map((field) => buildFieldProperty(field, view)),
    ...buildBinaryProperties(action),
    ...(action.pagination === undefined ? [] : buildLimitProperties(action.pagination)),
    ...(canSimplify(view) ? [simplifyProperty] : []),
  ]);
}

function collectionFields(viewed: ViewedAction, name: CollectionName): readonly PlacedProperty[] {
  const { view } = viewed;
  const fields = view.fields.filter((field) => placeOf(field, viewed) === name);
  const more = name === 'options' ? view.callOptions : [];
  return place(
    viewed,
    [...fields, ...more].map((field) => buildFieldProperty(field, view)),
  );
}

/** Inputs that say how rows are returned, not which ones. */
const resultInputs: ReadonlySet<string> = new Set([
  'columns',
  'customColumns',
  'expand',
  'orderBy',
  'direction',
  'labels',
]);

/** Where a field stands; undefined if the form has something else for it. */
function placeOf(field: FieldView, { action, view }: ViewedAction): 'top' | CollectionName | undefined {
  const { name } = field;
  if (binaryFields(action).includes(name) || name === action.pagination?.limitInput) return undefined;
  if (field.required) return 'top';
  if (action.effects.readOnly && resultInputs.has(name)) return 'options';
  const isList = view.answer.kind === 'rows' || view.answer.kind === 'count';
  return isList && action.effects.readOnly ? 'filters' : 'additionalFields';
}

/** Whether the rows of an action can have fewer columns than they usually have. */
export function canSimplify({ fields, answer }: OperationView): boolean {
  const hasColumns = fields.some(({ name, kind }) => name === 'columns' && kind === 'choices');
  return hasColumns && answer.table !== undefined && answer.mainColumns.length < answer.columns.length;
}

const simplifyProperty: NodeProperty = {
  displayName: 'Simplify',
  name: 'simplify',
  type: 'boolean',
  default: true,
  description: 'Whether to return a simplified version of the response instead of the raw data',
};

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
