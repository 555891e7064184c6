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

/** Other words for a table or an operation. */
export const searchWords = {
  type: 'array',
  minItems: 1,
  maxItems: 50,
  uniqueItems: true,
  items: { type: 'string', minLength: 2, maxLength: 40 },
  description: 'Other words that people use for it: hosts find it by them, beside its title and description.',
  examples: [['ticket', 'incident']],
};

/** Names of tables, with which file names and ids begin: `case`, `queue-item`. */
const tablePattern = '[a-z][A-Za-z0-9]*(-[a-z0-9]+)*';

/** The name of an action or trigger file, or of a template file: `case.escalate`, `_.create`. */
export const operationPattern = `^(${tablePattern}|_)(\\.${tablePattern})+$`;

export const tableNameGrammar = { type: 'string', pattern: `^${tablePattern}$`, examples: ['case'] };
/**
 * The same, or the table variable of a template file. A logical name, such as `new_ticket`, is refused later, where our
 * name of its table is known.
 */
export const tableNameOrVariable = {
  ...tableNameGrammar,
  pattern: `^(${tablePattern}|[a-z][a-z0-9_]*|\\{\\{table\\.name\\}\\})$`,
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
        'The tables that it can refer to: our table name -> the navigation property (case-sensitive). An owner is read by owninguser and owningteam. If a table has only one of these, name it here, as queue-item.yaml does.',
      examples: [{ account: 'customerid_account', contact: 'customerid_contact' }],
      propertyNames: { pattern: '^[a-z][A-Za-z0-9_-]*$' },
      additionalProperties: {
        type: ['string', 'object'],
        pattern: wirePattern,
        additionalProperties: false,
        required: ['navigation', 'entitySet'],
        description:
          'For a table without a schema, also its entity set, and its logical name unless the key is the logical name.',
        properties: {
          navigation: { type: 'string', pattern: wirePattern },
          entitySet: { type: 'string', pattern: wirePattern },
          name: { type: 'string', pattern: wirePattern, description: 'The logical name of the table.' },
          key: {
            type: 'string',
            pattern: wirePattern,
            description: 'The key of a row in the parameters of an action, if it is not that of the table.',
            examples: ['ownerid'],
          },
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

const collection = {
  type: 'object',
  additionalProperties: false,
  required: ['navigation', 'table'],
  description: 'Rows of another table that belong to a row, which a read can expand. It is not a column.',
  properties: {
    navigation: {
      type: 'string',
      pattern: wirePattern,
      description: 'The collection-valued navigation property (case-sensitive).',
      examples: ['Incident_Tasks'],
    },
    table: { ...tableNameGrammar, description: 'Our name of the other table.', examples: ['task'] },
    manyToMany: { type: 'boolean', description: 'The relationship is many-to-many.' },
  },
};

const statusReason = {
  type: 'object',
  additionalProperties: false,
  required: ['table', 'state'],
  description:
    'For an input with x-choices: a status reason of this state. Those that the organization has added are accepted too, by label or number.',
  properties: {
    table: tableNameGrammar,
    state: { type: 'integer', description: 'statecode: the number of the state.', examples: [1] },
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
  'x-status': statusReason,
  'x-lookup': lookup,
  'x-type': {
    type: 'string',
    enum: ['bigint', 'image', 'file'],
    description:
      'For a text: the digits of a 64-bit number; the bytes of an image in base64; the id of a file, which only an upload changes.',
  },
};

/** One property of an input or output: a subset of JSON Schema draft-07, with choices and lookups. */
export const propertyGrammar = {
  type: 'object',
  title: 'Property',
  additionalProperties: false,
  properties: {
    $ref: {
      type: 'string',
      pattern: `^(\\.\\./[^#]+\\.yaml(#/properties/[A-Za-z0-9]+)?|(${tablePattern}|\\{\\{table\\.name\\}\\})(#[A-Za-z0-9]+)?)$`,
      description:
        'A table, or one of its columns: by its name, also of the connector that is extended, or by its file in this folder. Beside it, title, description and default replace those of the column.',
      examples: ['case#state', '../schemas/tables/case.yaml#/properties/state'],
    },
    ...keywords,
  },
  if: { required: ['$ref'] },
  // biome-ignore lint/suspicious/noThenProperty: `then` is JSON Schema's keyword
  then: { propertyNames: { enum: ['$ref', 'title', 'description', 'default', 'x-column'] } },
  else: { minProperties: 1 },
};

/** One column of a table: a property with Dataverse's name. */
export const columnGrammar = {
  type: 'object',
  title: 'Column',
  additionalProperties: false,
  properties: {
    ...keywords,
    readOnly: { type: 'boolean', description: 'Only Dataverse writes this column.' },
    'x-filter': { type: 'boolean', description: 'Lists with `filters: table` can filter by this column.' },
    'x-search': { type: 'boolean', description: 'Searches include this column.' },
    'x-parties': parties,
    'x-collection': collection,
  },
};
