import type { ConnectorDefinition } from 'dynamics365-connector';
import { describeOperation, type FieldView, type OperationView } from 'dynamics365-connector/host';
import { collection } from './collections.ts';
import { buildFieldProperty } from './field-property.ts';
import type { NodeProperty } from './n8n-types.ts';

/** What n8n's design does not guarantee; the node's form shows it. */
const deliveryNotice =
  'Each change is reported once. n8n saves the position of a trigger before it runs the workflow: if the workflow fails or n8n stops during the run, the event is not reported again. Use “Retry On Fail” or an error workflow where that matters.';

/** The properties of the trigger node: event, filters and options. */
export function buildTriggerProperties(definition: ConnectorDefinition): readonly NodeProperty[] {
  const views = Object.values(definition.triggers)
    .filter(({ deprecated }) => deprecated === undefined)
    .map((trigger) => describeOperation(definition, trigger));
  const options = views.map(({ id, title, description }) => ({
    name: title,
    value: id,
    action: `On ${title.charAt(0).toLowerCase()}${title.slice(1)}`,
    description,
  }));
  return [
    {
      displayName: 'Event',
      name: 'event',
      type: 'options',
      noDataExpression: true,
      options: options.sort((a, b) => (a.name < b.name ? -1 : 1)),
      default: (definition.triggers['case.created'] ?? views[0])?.id,
    },
    { displayName: deliveryNotice, name: 'promise', type: 'notice', default: '' },
    ...placeByEvent(views, ({ required }) => required),
    ...buildFilters(views),
    collection('options', pollOptionProperties),
  ];
}

/** The fields that some events have, each once. */
function placeByEvent(
  views: readonly OperationView[],
  isWanted: (field: FieldView) => boolean,
  path = 'event',
): readonly NodeProperty[] {
  const fields = views.flatMap((view) =>
    view.fields.filter(isWanted).map((field) => ({ id: view.id, property: buildFieldProperty(field, view) })),
  );
  return [...Map.groupBy(fields, ({ property }) => JSON.stringify(property)).values()].flatMap((group) => {
    const [first] = group;
    return first === undefined
      ? []
      : [{ ...first.property, displayOptions: { show: { [path]: group.map(({ id }) => id) } } }];
  });
}

function buildFilters(views: readonly OperationView[]): readonly NodeProperty[] {
  const isOptional = ({ required }: FieldView) => !required;
  const events = views.filter(({ fields }) => fields.some(isOptional)).map(({ id }) => id);
  if (events.length === 0) return [];
  const filters = collection('filters', placeByEvent(views, isOptional, '/event'));
  return [{ ...filters, displayOptions: { show: { event: events } } }];
}

const pollOptionProperties: readonly NodeProperty[] = [
  {
    displayName: 'Ignore Own Changes',
    name: 'ignoreOwnChanges',
    type: 'boolean',
    default: true,
    description:
      'Whether to ignore rows that the user of this credential changed last, so that a workflow does not trigger itself',
  },
  {
    displayName: 'Start From',
    name: 'from',
    type: 'dateTime',
    default: '',
    description:
      'Also report events since this time. By default the trigger starts when the workflow is activated.',
  },
];
