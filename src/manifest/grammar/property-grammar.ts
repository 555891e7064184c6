/** Names in our schemas: `customerId`. */
export const namePattern = '^[a-z][A-Za-z0-9]*$';
/** Dataverse names: `prioritycode`, `customerid_account`, `msdyn_IoTAlert`. */
export const wirePattern = '^[A-Za-z_][A-Za-z0-9_]*$';
/** Labels of choices: `in-progress`. */
const labelPattern = '^[a-z0-9][a-z0-9-]*$';

export const titleAndDescription = {
  title: {
    type: 'string',
    minLength: 1,
    maxLength: 80,
    description: 'The title in lists: "Create case".',
  },
  description: { type: 'string', minLength: 1, maxLength: 1000, description: 'One or two plain sentences.' },
};

/** Names of tables, with which file names and ids begin: `case`, `queue-item`. */
const tablePattern = '[a-z][A-Za-z0-9]*(-[a-z0-9]+)*';

export const tableNameGrammar = { type: 'string', pattern: `^${tablePattern}$`, examples: ['case'] };
/** The same, or the table variable of a template file. */
export const tableNameOrVariable = {
  ...tableNameGrammar,
  pattern: `^(${tablePattern}|\\{\\{table\\.name\\}\\})$`,
};

/** Labels and the numbers that Dataverse has for them: `-1`, `1`, `700610000`. */
const choices = {
  type: 'object',
  minProperties: 1,
  propertyNames: { pattern: labelPattern },
  additionalProperties: { type: 'integer' },
  description: 'Label -> number in Dataverse. Inputs accept the label or a number; outputs have the label.',
  examples: [{ high: 1, normal: 2, low: 3 }],
};

const lookup = {
  type: 'object',
  additionalProperties: false,
  required: ['column', 'targets'],
  description: 'A reference to a row of another table: { table, id }.',
  properties: {
    column: {
      type: 'string',
      pattern: wirePattern,
      description: 'The logical name of the lookup column, without "_" and "_value".',
      examples: ['customerid'],
    },
    targets: {
      type: 'object',
      minProperties: 1,
      description:
        'The tables that it can refer to: our table name -> the navigation property (case-sensitive).',
      examples: [{ account: 'customerid_account', contact: 'customerid_contact' }],
      propertyNames: { pattern: '^[a-z][A-Za-z0-9_-]*$' },
      additionalProperties: {
        type: ['string', 'object'],
        pattern: wirePattern,
        additionalProperties: false,
        required: ['navigation', 'entitySet'],
        description: 'For a table without a schema, also its entity set; the key is its logical name.',
        properties: {
          navigation: { type: 'string', pattern: wirePattern },
          entitySet: { type: 'string', pattern: wirePattern },
        },
      },
    },
  },
};

const parties = {
  type: 'object',
  additionalProperties: false,
  required: ['collection', 'role', 'tables'],
  description: 'The parties of an activity, written with a new row: a list of { table, id } or { address }.',
  properties: {
    collection: {
      type: 'string',
      pattern: wirePattern,
      description: 'The navigation property of the parties.',
      examples: ['email_activity_parties'],
    },
    role: {
      type: 'integer',
      description: 'participationtypemask: 1 sender, 2 to, 3 cc, 4 bcc.',
      examples: [2],
    },
    tables: { type: 'array', minItems: 1, uniqueItems: true, items: tableNameGrammar },
  },
};

const count = { type: 'integer', minimum: 0 };

const keywords = {
  ...titleAndDescription,
  type: { type: 'string', enum: ['string', 'integer', 'number', 'boolean', 'array', 'object'] },
  format: {
    type: 'string',
    enum: [
      'uuid',
      'date',
      'date-time',
      'email',
      'uri',
      'odata-filter',
      'dataverse-name',
      'dataverse-origin',
      'entra-tenant',
    ],
  },
  enum: { type: 'array', minItems: 1, uniqueItems: true, items: { type: ['string', 'integer', 'boolean'] } },
  default: { description: 'The value if the property is missing.' },
  examples: { type: 'array', minItems: 1 },
  minimum: { type: 'number' },
  maximum: { type: 'number' },
  minLength: count,
  maxLength: count,
  pattern: {
    type: 'string',
    format: 'regex',
    description: 'A JavaScript regular expression; anchor it with ^ and $.',
  },
  minItems: count,
  maxItems: count,
  uniqueItems: { type: 'boolean' },
  additionalProperties: { type: 'boolean', description: 'false by default.' },
  required: { type: 'array', uniqueItems: true, items: { type: 'string' } },
  items: { $ref: '#/definitions/property' },
  properties: {
    type: 'object',
    propertyNames: { pattern: '^[A-Za-z][A-Za-z0-9_]*$' },
    additionalProperties: { $ref: '#/definitions/property' },
  },
  'x-column': {
    type: 'string',
    pattern: wirePattern,
    description:
      'Dataverse’s name of a column (for a lookup, see x-lookup), or of a member of an action’s response.',
    examples: ['prioritycode'],
  },
  'x-join': {
    type: 'string',
    enum: [','],
    description: 'For a list of names: Dataverse expects one text with this separator.',
  },
  'x-choices': choices,
  'x-lookup': lookup,
};

/** One property of an input or output: a subset of JSON Schema draft-07, with choices and lookups. */
export const propertyGrammar = {
  type: 'object',
  title: 'Property',
  additionalProperties: false,
  properties: {
    $ref: {
      type: 'string',
      pattern: '^\\.\\./schemas/tables/[^#]+\\.yaml(#/properties/[A-Za-z0-9]+)?$',
      description: 'A table, or one of its columns. No other key is allowed beside it.',
      examples: ['../schemas/tables/case.yaml#/properties/state'],
    },
    ...keywords,
  },
  if: { required: ['$ref'] },
  // biome-ignore lint/suspicious/noThenProperty: `then` is JSON Schema's keyword
  then: { propertyNames: { enum: ['$ref'] } },
  else: { minProperties: 1 },
};

/** One column of a table: a property with Dataverse's name. */
export const columnGrammar = {
  type: 'object',
  title: 'Column',
  additionalProperties: false,
  required: ['title'],
  properties: {
    ...keywords,
    readOnly: { type: 'boolean', description: 'Only Dataverse writes this column.' },
    'x-filter': { type: 'boolean', description: 'Lists with `filters: table` can filter by this column.' },
    'x-search': { type: 'boolean', description: 'Searches include this column.' },
    'x-parties': parties,
    'x-type': {
      type: 'string',
      enum: ['bigint'],
      description: 'For a 64-bit number, which is sent as text.',
    },
  },
};
