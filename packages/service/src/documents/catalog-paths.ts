import type { JsonObject } from 'dynamics365-connector';
import { body, connection, list, ref, textIn, toOperation } from './describe-path.ts';

const action = textIn('path', 'action', 'The id of an action.');
const trigger = textIn('path', 'trigger', 'The id of a trigger.');

/** What there is to call, and what forms offer for it. */
export const catalogPaths: Readonly<Record<string, JsonObject>> = {
  '/v1/actions': {
    get: toOperation({
      id: 'listActions',
      summary: 'All actions.',
      success: [200, list('actions', ref('Operation'))],
    }),
  },
  '/v1/actions/{action}': {
    get: toOperation({
      id: 'describeAction',
      summary: 'One action, with the JSON Schema (draft-07) of its input and output.',
      parameters: [action],
      success: [200, ref('Operation')],
    }),
  },
  '/v1/triggers': {
    get: toOperation({
      id: 'listTriggers',
      summary: 'All triggers.',
      success: [200, list('triggers', ref('Operation'))],
    }),
  },
  '/v1/triggers/{trigger}': {
    get: toOperation({
      id: 'describeTrigger',
      summary: 'One trigger, with the JSON Schema (draft-07) of its parameters and rows.',
      parameters: [trigger],
      success: [200, ref('Operation')],
    }),
  },
  '/v1/connections/{connection}/triggers/{trigger}/sample': {
    post: toOperation({
      id: 'sampleTrigger',
      summary: 'The newest rows that a trigger could report.',
      parameters: [connection, trigger],
      requestBody: body({
        type: 'object',
        additionalProperties: false,
        properties: { params: { type: 'object' }, maxItems: { type: 'integer' } },
      }),
      success: [200, list('items', { type: 'object' })],
    }),
  },
  '/v1/connections/{connection}/lists/{list}': {
    get: toOperation({
      id: 'listValues',
      summary: 'Values for a field of a form: tables, columns, choices, rows or users.',
      parameters: [
        connection,
        {
          name: 'list',
          in: 'path',
          required: true,
          schema: { type: 'string', enum: ['field', 'tables', 'columns', 'choices', 'rows', 'users'] },
        },
        textIn('query', 'operation', 'For `field`: the id of an action or a trigger.'),
        textIn('query', 'field', 'For `field`: the name of one of its inputs.'),
        textIn('query', 'table', 'The table of columns, choices or rows.'),
        textIn('query', 'column', 'The column of choices.'),
        textIn('query', 'search', 'A text that the name begins with or contains.'),
      ],
      success: [
        200,
        list('options', {
          type: 'object',
          required: ['value', 'label'],
          properties: {
            value: {},
            label: { type: 'string' },
            detail: { type: 'string' },
            url: { type: 'string' },
          },
        }),
      ],
    }),
  },
};
