import type { ConnectorDefinition } from 'dynamics365-connector';
import { buildCollection, buildFieldProperties, withDisplayConditions } from './field-properties.ts';
import type { NodeProperty } from './n8n-types.ts';

/** What n8n's design does not let us promise; the node says so itself. */
const deliveryNotice =
  'Each change is reported once. n8n keeps the place of a trigger before it runs the workflow: when the workflow fails or n8n stops in the middle of it, the event is not reported again. Use “Retry On Fail” or an error workflow where that matters.';

/** The form of the trigger node: which event, its filters, and how to begin. */
export function buildTriggerProperties(definition: ConnectorDefinition): readonly NodeProperty[] {
  const triggers = Object.values(definition.triggers).filter(({ deprecated }) => deprecated === undefined);
  const options = triggers.map(({ id, title, description }) => ({ name: title, value: id, description }));
  return [
    {
      displayName: 'Event',
      name: 'event',
      type: 'options',
      noDataExpression: true,
      options: options.sort((a, b) => (a.name < b.name ? -1 : 1)),
      default: definition.triggers['case.created'] === undefined ? triggers[0]!.id : 'case.created',
    },
    { displayName: deliveryNotice, name: 'promise', type: 'notice', default: '' },
    ...triggers.flatMap((trigger) => {
      const { needed, others } = buildFieldProperties(definition, trigger);
      return withDisplayConditions({ event: [trigger.id] }, [
        ...needed,
        ...buildCollection('additionalFields', 'Filters', others),
      ]);
    }),
    ...buildCollection('options', 'Options', pollOptionProperties),
  ];
}

const pollOptionProperties: readonly NodeProperty[] = [
  {
    displayName: 'Ignore Own Changes',
    name: 'ignoreOwnChanges',
    type: 'boolean',
    default: true,
    description:
      'Whether to pass over rows that the user of this credential changed last, so that a workflow does not trigger itself',
  },
  {
    displayName: 'Start From',
    name: 'from',
    type: 'dateTime',
    default: '',
    description:
      'Report what happened since then, too. Without it the trigger starts when the workflow is activated.',
  },
];
