import { column, namePattern, property, texts, wirePattern } from './property.ts';

const wire = { type: 'string', pattern: wirePattern };

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
      required: ['name', 'set', 'key', 'primaryName', 'plural'],
      properties: {
        name: { ...wire, description: 'Logical name.', examples: ['incident'] },
        set: { ...wire, description: 'Entity set: the plural in the URL.', examples: ['incidents'] },
        key: { ...wire, description: 'Primary key column.', examples: ['incidentid'] },
        primaryName: { ...wire, description: 'Column that names a row for people.', examples: ['title'] },
        plural: { ...texts.title, description: 'The title for many: "Cases".', examples: ['Cases'] },
      },
    },
    ...texts,
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
  definitions: { column, property },
};
