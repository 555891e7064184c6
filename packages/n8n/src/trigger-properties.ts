import type { ConnectorDefinition } from 'dynamics365-connector';
import { buildCollection, buildFieldProperties, withDisplayConditions } from './field-properties.ts';
import type { NodeProperty } from './n8n-types.ts';

/** What n8n's design does not guarantee; the node's form shows it. */
const deliveryNotice =
  'Each change is reported once. n8n saves the position of a trigger before it runs the workflow: if the workflow fails or n8n stops during the run, the event is not reported again. Use “Retry On Fail” or an error workflow where that matters.';

/** The properties of the trigger node: event, filters and options. */
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
      default: (definition.triggers['case.created'] ?? triggers[0])?.id,
    },
    { displayName: deliveryNotice, name: 'promise', type: 'notice', default: '' },
    ...triggers.flatMap((trigger) => {
      const { required, optional } = buildFieldProperties(definition, trigger);
      return withDisplayConditions({ event: [trigger.id] }, [
        ...required,
        ...buildCollection('additionalFields', 'Filters', optional),
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
