import { actionGrammar, inputGrammar } from './action-grammar.ts';
import { triggerTestGrammar } from './contract-test-grammar.ts';
import {
  namePattern,
  propertyGrammar,
  searchWords,
  tableNameOrVariable,
  titleAndDescription,
} from './property-grammar.ts';

/** One input as a whole: `{{input.table}}`. */
const inputPattern = '\\{\\{input\\.[A-Za-z][A-Za-z0-9_]*\\}\\}';

/** Grammar of triggers/<resource>.<change>.yaml, and of template triggers: triggers/_.<change>.yaml. */
export const triggerGrammar = {
  $schema: 'http://json-schema.org/draft-07/schema#',
  title: 'Trigger',
  description:
    'One polling trigger. Its id is the file name. It describes what to watch; the engine decides how.',
  type: 'object',
  additionalProperties: false,
  required: ['title', 'description', 'watch'],
  properties: {
    ...titleAndDescription,
    keywords: searchWords,
    explicit: actionGrammar.properties.explicit,
    replaces: actionGrammar.properties.replaces,
    input: { ...inputGrammar, description: 'The parameters of the trigger.' },
    watch: {
      type: 'object',
      description: 'What to watch.',
      additionalProperties: false,
      required: ['table', 'every'],
      properties: {
        table: {
          ...tableNameOrVariable,
          pattern: `${tableNameOrVariable.pattern}|^${inputPattern}$`,
          description: 'Our name of the table, or the input that names any table of the organization.',
        },
        changes: {
          type: ['array', 'string'],
          minItems: 1,
          uniqueItems: true,
          items: { type: 'string', enum: ['created', 'updated', 'deleted', 'left'] },
          pattern: `^${inputPattern}$`,
          description:
            'The changes that are reported; left: a row that was reported no longer matches where. For any table, they can be an input.',
        },
        where: {
          type: 'array',
          minItems: 1,
          items: { type: 'string', minLength: 1 },
          description: '$filter clauses, joined by "and". A clause whose parameter is missing is omitted.',
          examples: [['prioritycode eq {{input.priority}}']],
        },
        columns: {
          type: ['array', 'string'],
          minItems: 1,
          uniqueItems: true,
          items: { type: 'string', pattern: namePattern },
          pattern: `^${inputPattern}$`,
          description:
            'The columns whose changes are reported, by our names; omit it to report any change. For any table, an input.',
        },
        changedTo: {
          type: 'object',
          minProperties: 1,
          propertyNames: { pattern: namePattern },
          additionalProperties: { type: ['string', 'integer', 'boolean'] },
          description:
            'Column -> the label or value that it must change to, a placeholder, or "*" for any value; for a lookup, its id or name.',
          examples: [{ state: 'resolved' }, { owner: '{{input.owner}}' }],
        },
        due: {
          type: 'string',
          pattern: namePattern,
          description:
            'Instead of changes: a date-time column, by our name. A row is reported once when that time has come.',
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
      description: 'Contract tests; they run without a network.',
    },
  },
  definitions: { property: propertyGrammar },
};
