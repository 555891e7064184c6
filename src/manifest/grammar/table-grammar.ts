import {
  columnGrammar,
  namePattern,
  propertyGrammar,
  titleAndDescription,
  wirePattern,
} from './property-grammar.ts';

const wireNameGrammar = { type: 'string', pattern: wirePattern };

/** Grammar of schemas/tables/<name>.yaml: one Dataverse table in our words. */
export const tableGrammar = {
  $schema: 'http://json-schema.org/draft-07/schema#',
  title: 'Table',
  description: 'One Dataverse table in our words. The file name is its name.',
  type: 'object',
  additionalProperties: false,
  required: ['x-table', 'title', 'description', 'required', 'properties'],
  properties: {
    'x-table': {
      type: 'object',
      description: 'What Dataverse calls the table.',
      additionalProperties: false,
      required: ['name', 'entitySet', 'key', 'primaryName', 'plural'],
      properties: {
        name: { ...wireNameGrammar, description: 'Logical name.', examples: ['incident'] },
        entitySet: {
          ...wireNameGrammar,
          description: 'Entity set: the plural in the URL.',
          examples: ['incidents'],
        },
        key: { ...wireNameGrammar, description: 'Primary key column.', examples: ['incidentid'] },
        primaryName: {
          ...wireNameGrammar,
          description: 'Column that names a row for people.',
          examples: ['title'],
        },
        plural: {
          ...titleAndDescription.title,
          description: 'The title for many: "Cases".',
          examples: ['Cases'],
        },
      },
    },
    ...titleAndDescription,
    required: {
      type: 'array',
      uniqueItems: true,
      items: { type: 'string' },
      description: 'Columns that a new row must have.',
    },
    properties: {
      type: 'object',
      description: 'Our name -> the column.',
      minProperties: 1,
      propertyNames: { pattern: namePattern },
      additionalProperties: { $ref: '#/definitions/column' },
    },
  },
  definitions: { column: columnGrammar, property: propertyGrammar },
};
