import {
  columnGrammar,
  namePattern,
  propertyGrammar,
  titleAndDescription,
  wirePattern,
} from './property-grammar.ts';

const wireNameGrammar = { type: 'string', pattern: wirePattern };

/** Grammar of schemas/tables/<name>.yaml: one Dataverse table with our names. */
export const tableGrammar = {
  $schema: 'http://json-schema.org/draft-07/schema#',
  title: 'Table',
  description: 'One Dataverse table with our names. Its name is the file name.',
  type: 'object',
  additionalProperties: false,
  required: ['x-table', 'title', 'description', 'required', 'properties'],
  properties: {
    'x-table': {
      type: 'object',
      description: 'Dataverse’s names of the table.',
      additionalProperties: false,
      required: ['name', 'entitySet', 'key', 'primaryName', 'plural'],
      properties: {
        name: { ...wireNameGrammar, description: 'Logical name.', examples: ['incident'] },
        entitySet: {
          ...wireNameGrammar,
          description: 'Entity set name: the plural in URLs.',
          examples: ['incidents'],
        },
        key: { ...wireNameGrammar, description: 'Primary key column.', examples: ['incidentid'] },
        primaryName: {
          ...wireNameGrammar,
          description: 'Primary name column: the text that people see for a row.',
          examples: ['title'],
        },
        plural: {
          ...titleAndDescription.title,
          description: 'The plural of the title: "Cases".',
          examples: ['Cases'],
        },
      },
    },
    ...titleAndDescription,
    required: {
      type: 'array',
      uniqueItems: true,
      items: { type: 'string' },
      description: 'Columns that a new row needs.',
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
