import {
  columnGrammar,
  namePattern,
  propertyGrammar,
  searchWords,
  tableNameGrammar,
  titleAndDescription,
  wirePattern,
} from './property-grammar.ts';

const wireNameGrammar = { type: 'string', pattern: wirePattern };

/** Grammar of schemas/tables/<name>.yaml: one Dataverse table with our names, or what an extension adds to one. */
export const tableGrammar = {
  $schema: 'http://json-schema.org/draft-07/schema#',
  title: 'Table',
  description: 'One Dataverse table with our names. Its name is the file name.',
  type: 'object',
  additionalProperties: false,
  minProperties: 1,
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
    keywords: searchWords,
    required: {
      type: 'array',
      uniqueItems: true,
      items: { type: 'string' },
      description: 'Columns that a new row needs.',
    },
    operations: {
      type: ['array', 'string'],
      pattern: '^all$',
      minItems: 1,
      uniqueItems: true,
      items: { ...tableNameGrammar, examples: ['create'] },
      description:
        'The template actions and triggers that the table has (create for actions/_.create.yaml, created for triggers/_.created.yaml), or all that fit.',
      examples: [['get', 'list', 'create', 'created'], 'all'],
    },
    keys: {
      type: 'array',
      minItems: 1,
      uniqueItems: true,
      items: { type: 'array', minItems: 1, maxItems: 16, uniqueItems: true, items: { type: 'string' } },
      description: 'The alternate keys: for each key its columns, by our names.',
      examples: [[['number']]],
    },
    properties: {
      type: 'object',
      description: 'Our name -> the column.',
      minProperties: 1,
      propertyNames: { pattern: namePattern },
      additionalProperties: { $ref: '#/definitions/column' },
    },
  },
  // Without x-table, the file adds to a table of the connector that is extended.
  if: { required: ['x-table'] },
  // biome-ignore lint/suspicious/noThenProperty: `then` is JSON Schema's keyword
  then: { required: ['title', 'description', 'required', 'properties'] },
  definitions: { column: columnGrammar, property: propertyGrammar },
};
