/** A longer sequence is a workflow, which belongs to the host. */
const maxSteps = 10;

const stepGrammar = {
  type: 'object',
  title: 'Step',
  additionalProperties: false,
  required: ['action', 'input'],
  properties: {
    name: {
      type: 'string',
      pattern: '^[a-z][A-Za-z0-9]*$',
      description: 'The name by which later steps refer to the output of this step: {{steps.customer.name}}.',
      examples: ['customer'],
    },
    action: {
      type: 'string',
      minLength: 1,
      maxLength: 200,
      description: 'The id of the action.',
      examples: ['account.create'],
    },
    input: {
      type: 'object',
      description:
        'The input of the action: values, placeholders, and { from: customer }, the row of the earlier step with that name.',
      examples: [{ id: '{{input.id}}' }],
    },
  },
};

/** The keys of an action with steps. */
export const stepsGrammar = {
  steps: {
    type: 'array',
    minItems: 2,
    maxItems: maxSteps,
    items: stepGrammar,
    examples: [[{ action: 'account.get', input: { id: '{{input.id}}' } }]],
    description: 'Instead of a request: other actions, in this order. There are no conditions and no loops.',
  },
  changeSet: {
    type: 'boolean',
    description: 'The steps are one change set: all of them are carried out, or none. Every step must write.',
  },
  returns: {
    type: 'string',
    description: 'The name of the step whose output is the output of the action; without it, the last step.',
    examples: ['customer'],
  },
};
