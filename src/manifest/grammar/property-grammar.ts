/** Names of our own: `customerId`. */
export const namePattern = '^[a-z][A-Za-z0-9]*$';
/** Identifiers of Dataverse: `prioritycode`, `customerid_account`, `msdyn_IoTAlert`. */
export const wirePattern = '^[A-Za-z_][A-Za-z0-9_]*$';
/** Labels of choices: `in-progress`. */
const labelPattern = '^[a-z0-9][a-z0-9-]*$';

export const titleAndDescription = {
  title: {
    type: 'string',
    minLength: 1,
    maxLength: 80,
    description: 'What people read in a list: "Create case".',
  },
  description: { type: 'string', minLength: 1, maxLength: 1000, description: 'One or two plain sentences.' },
};

/** Names of tables, which files and ids begin with: `case`, `queue-item`. */
const tablePattern = '[a-z][A-Za-z0-9]*(-[a-z0-9]+)*';

export const tableNameGrammar = { type: 'string', pattern: `^${tablePattern}$`, examples: ['case'] };
/** The same, where a family may leave it to its tables. */
export const tableNameOrVariable = {
  ...tableNameGrammar,
  pattern: `^(${tablePattern}|\\{\\{table\\.name\\}\\})$`,
};

/** `-1`, `1`, `700610000`: what Dataverse counts its options with. */
const choices = {
  type: 'object',
  minProperties: 1,
  propertyNames: { pattern: labelPattern },
  additionalProperties: { type: 'integer' },
  description: 'Label -> number in Dataverse. Inputs take the label or a number; outputs give the label.',
  examples: [{ high: 1, normal: 2, low: 3 }],
};

const lookup = {
  type: 'object',
  additionalProperties: false,
  required: ['column', 'targets'],
  description: 'A reference to a row of another table, { table, id } in our words.',
  properties: {
    column: {
      type: 'string',
      pattern: wirePattern,
      description: 'The lookup column, without "_" and "_value".',
      examples: ['customerid'],
    },
    targets: {
      type: 'object',
      minProperties: 1,
      description:
        'Where it may point: our table name -> the navigation property that binds it (case-sensitive).',
      examples: [{ account: 'customerid_account', contact: 'customerid_contact' }],
      propertyNames: { pattern: '^[a-z][A-Za-z0-9_-]*$' },
      additionalProperties: {
        type: ['string', 'object'],
        pattern: wirePattern,
        additionalProperties: false,
        required: ['navigation', 'entitySet'],
        description:
          'For a table without a schema here, name its entity set too; the key is its logical name.',
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
  description: 'People on an activity, written with a new row: a list of { table, id } or { address }.',
  properties: {
    collection: {
      type: 'string',
      pattern: wirePattern,
      description: 'The navigation property that holds them.',
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
  default: { description: 'Used when the caller leaves the property out.' },
  examples: { type: 'array', minItems: 1 },
  minimum: { type: 'number' },
  maximum: { type: 'number' },
  minLength: count,
  maxLength: count,
  pattern: {
    type: 'string',
    format: 'regex',
    description: 'JavaScript regular expression; anchor it with ^ and $.',
  },
  minItems: count,
  maxItems: count,
  uniqueItems: { type: 'boolean' },
  additionalProperties: { type: 'boolean', description: 'false unless you say otherwise.' },
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
      'Dataverse’s name: of a column (a lookup says it in x-lookup), or of a member of what an action answers.',
    examples: ['prioritycode'],
  },
  'x-join': {
    type: 'string',
    enum: [','],
    description: 'Of a list of names: Dataverse takes it as one text, with this between the items.',
  },
  'x-choices': choices,
  'x-lookup': lookup,
};

/** One property of an input or output: a plain subset of draft-07, plus choices and lookups. */
export const propertyGrammar = {
  type: 'object',
  title: 'Property',
  additionalProperties: false,
  properties: {
    $ref: {
      type: 'string',
      pattern: '^\\.\\./schemas/tables/[^#]+\\.yaml(#/properties/[A-Za-z0-9]+)?$',
      description: 'A table, or one of its columns. Nothing else may stand beside it.',
      examples: ['../schemas/tables/case.yaml#/properties/state'],
    },
    ...keywords,
  },
  if: { required: ['$ref'] },
  // biome-ignore lint/suspicious/noThenProperty: `then` is JSON Schema's keyword
  then: { propertyNames: { enum: ['$ref'] } },
  else: { minProperties: 1 },
};

/** One column of a table: a property that also knows Dataverse's name for it. */
export const columnGrammar = {
  type: 'object',
  title: 'Column',
  additionalProperties: false,
  required: ['title'],
  properties: {
    ...keywords,
    readOnly: { type: 'boolean', description: 'Dataverse writes it; we only read it.' },
    'x-filter': { type: 'boolean', description: 'Lists with `filters: table` can be narrowed by it.' },
    'x-search': { type: 'boolean', description: 'Searches look into it.' },
    'x-parties': parties,
    'x-type': {
      type: 'string',
      enum: ['bigint'],
      description: 'Only where type and format do not say it: a 64-bit number, which travels as text.',
    },
  },
};
