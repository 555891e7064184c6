import type { Definition } from 'dynamics365-connector';
import { collection, describeFields, shownWhen } from './describe-fields.ts';
import type { Property } from './n8n.ts';

/** What n8n's design does not let us promise; the node says so itself. */
const notice =
  'Each change is reported once. n8n keeps the place of a trigger before it runs the workflow: when the workflow fails or n8n stops in the middle of it, the event is not reported again. Use “Retry On Fail” or an error workflow where that matters.';

/** The form of the trigger node: which event, its filters, and how to begin. */
export function describeTriggers(definition: Definition): readonly Property[] {
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
    { displayName: notice, name: 'promise', type: 'notice', default: '' },
    ...triggers.flatMap((trigger) => {
      const { needed, others } = describeFields(definition, trigger);
      return shownWhen({ event: [trigger.id] }, [
        ...needed,
        ...collection('additionalFields', 'Filters', others),
      ]);
    }),
    ...collection('options', 'Options', howToBegin),
  ];
}

const howToBegin: readonly Property[] = [
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
