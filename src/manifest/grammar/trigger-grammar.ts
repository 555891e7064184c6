import { actionGrammar, inputGrammar } from './action-grammar.ts';
import { triggerTestGrammar } from './contract-test-grammar.ts';
import {
  namePattern,
  propertyGrammar,
  tableNameOrVariable,
  titleAndDescription,
} from './property-grammar.ts';

/** Grammar of triggers/<resource>.<change>.yaml, and of families: triggers/_.<change>.yaml with `for`. */
export const triggerGrammar = {
  $schema: 'http://json-schema.org/draft-07/schema#',
  title: 'Trigger',
  description: 'One polling trigger. The file name is its id. It says what to watch; how is the engine’s.',
  type: 'object',
  additionalProperties: false,
  required: ['title', 'description', 'watch'],
  properties: {
    ...titleAndDescription,
    for: actionGrammar.properties.for,
    input: { ...inputGrammar, description: 'What narrows the trigger: its params.' },
    watch: {
      type: 'object',
      description: 'What to watch; how is the engine’s.',
      additionalProperties: false,
      required: ['table', 'every'],
      properties: {
        table: tableNameOrVariable,
        changes: {
          type: 'array',
          minItems: 1,
          uniqueItems: true,
          items: { type: 'string', enum: ['created', 'updated', 'deleted'] },
        },
        where: {
          type: 'array',
          minItems: 1,
          items: { type: 'string', minLength: 1 },
          description: '$filter clauses, joined by "and"; a clause whose param is absent is left out.',
          examples: [['prioritycode eq {{input.priority}}']],
        },
        columns: {
          type: 'array',
          minItems: 1,
          uniqueItems: true,
          items: { type: 'string', pattern: namePattern },
          description: 'Our names of the columns whose change counts; leave it out for any.',
        },
        changedTo: {
          type: 'object',
          minProperties: 1,
          propertyNames: { pattern: namePattern },
          additionalProperties: { type: ['string', 'integer', 'boolean'] },
          description:
            'Changed to: column -> the label or value that it must hold now, a hole, or "*" for anything; of a lookup, its id or name.',
          examples: [{ state: 'resolved' }, { owner: '{{input.owner}}' }],
        },
        due: {
          type: 'string',
          pattern: namePattern,
          description:
            'Instead of changes: our name of a date-time column; a row is told once for each time in it that comes.',
          examples: ['dueOn'],
        },
        every: {
          type: 'string',
          pattern: '^[1-9][0-9]{0,4}(s|m)$',
          description: 'How often a host should poll.',
          examples: ['60s'],
        },
      },
    },
    deprecated: actionGrammar.properties.deprecated,
    tests: {
      type: 'array',
      minItems: 1,
      items: triggerTestGrammar,
      description: 'Contract tests, played without network.',
    },
  },
  definitions: { property: propertyGrammar },
};
