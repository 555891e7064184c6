import { handlerCatalog } from '../../model/handlers.ts';
import type { JsonSchema } from '../../model/json.ts';
import { actionTestGrammar } from './contract-test-grammar.ts';
import {
  operationPattern,
  propertyGrammar,
  searchWords,
  tableNameOrVariable,
  titleAndDescription,
} from './property-grammar.ts';
import { stepsGrammar } from './steps-grammar.ts';

const templateGrammar = { type: 'string', minLength: 1, maxLength: 2000 };

/** The `input` of an action or trigger: always an object without additional properties. */
export const inputGrammar = {
  type: 'object',
  description: 'The input, as JSON Schema properties. Other properties are rejected.',
  additionalProperties: false,
  properties: {
    required: { type: 'array', uniqueItems: true, items: { type: 'string' } },
    properties: {
      type: 'object',
      propertyNames: { pattern: '^[a-z][A-Za-z0-9]*$' },
      additionalProperties: { $ref: '#/definitions/property' },
    },
  },
};

const actionInput = {
  ...inputGrammar,
  properties: {
    columns: {
      enum: ['writable', 'keys'],
      description:
        'writable: adds every writable column of the table that the request creates, updates or upserts; a create requires the columns that the table requires. keys: adds every column that can be part of an alternate key.',
    },
    ...inputGrammar.properties,
  },
};

const valuesGrammar = {
  type: ['string', 'object'],
  description: 'The row, with the column names of the table schema: "{{input}}", or an object of columns.',
  // Dataverse's names are refused later, where our name of the column is known.
  propertyNames: { pattern: '^[a-z_][A-Za-z0-9_]*$' },
  examples: ['{{input}}'],
};

const columnList = { type: 'array', minItems: 1, uniqueItems: true, items: { type: 'string' } };

/** What a read expands, at any depth. */
const expandGrammar = {
  type: 'object',
  title: 'Expand',
  minProperties: 1,
  propertyNames: { pattern: '^[a-z][A-Za-z0-9]*$' },
  additionalProperties: {
    ...columnList,
    type: ['array', 'object'],
    additionalProperties: false,
    required: ['columns'],
    properties: {
      columns: { ...columnList, description: 'The columns of the rows, by our names.' },
      expand: { $ref: '#/definitions/expand', description: 'Rows inside of these rows.' },
    },
    examples: [['name', 'phone']],
  },
};

const requestProperties = {
  get: { ...tableNameOrVariable, description: 'Reads one row of this table.' },
  list: { ...tableNameOrVariable, description: 'Reads rows of this table.' },
  create: { ...tableNameOrVariable, description: 'Creates a row; safe to repeat.' },
  update: { ...tableNameOrVariable, description: 'Updates a row; never creates one.' },
  delete: { ...tableNameOrVariable, description: 'Deletes a row.' },
  find: { ...tableNameOrVariable, description: 'Reads one row by an alternate key.' },
  upsert: { ...tableNameOrVariable, description: 'Updates the matching row, or creates it.' },
  count: { ...tableNameOrVariable, description: 'Counts rows of this table.' },
  match: {
    ...templateGrammar,
    description:
      'The columns that identify the row: "{{input}}" (every column in the input), or an input that lists columns.',
    examples: ['{{input}}', '{{input.matchOn}}'],
  },
  mode: {
    ...templateGrammar,
    description: 'The input whose value is upsert, createOnly or updateOnly.',
    examples: ['{{input.mode}}'],
  },
  search: {
    ...templateGrammar,
    description: 'A text that one of the columns with x-search must contain.',
    examples: ['{{input.search}}'],
  },
  id: { ...templateGrammar, description: 'The id of the row.', examples: ['{{input.id}}'] },
  values: valuesGrammar,
  where: {
    type: 'array',
    minItems: 1,
    items: templateGrammar,
    description: '$filter clauses, joined by "and". A clause whose input is missing is omitted.',
    examples: [['statecode eq {{input.state}}']],
  },
  filters: {
    const: 'table',
    description: 'Adds an optional input and its clause for each column with x-filter.',
  },
  expand: {
    $ref: '#/definitions/expand',
    description:
      'Rows to return inside of each row: our name of a lookup or collection -> the columns of its rows, or { columns, expand }.',
  },
  orderBy: { ...templateGrammar, examples: ['{{input.orderBy}} {{input.direction}}'] },
  method: { type: 'string', enum: ['GET', 'POST', 'PATCH', 'PUT', 'DELETE'] },
  path: {
    ...templateGrammar,
    description: 'The path, relative to the base URL of the Web API.',
    examples: ['/CloseIncident'],
  },
  query: {
    type: 'object',
    minProperties: 1,
    description: 'Query options; $filter can be a list of clauses.',
    propertyNames: { pattern: '^[$@]?[A-Za-z][A-Za-z0-9]*$' },
    additionalProperties: { type: ['string', 'array'], minLength: 1, minItems: 1, items: templateGrammar },
  },
  headers: {
    type: 'object',
    minProperties: 1,
    propertyNames: { pattern: '^[A-Za-z][A-Za-z0-9.-]*$' },
    additionalProperties: templateGrammar,
  },
  body: { type: 'object', description: 'JSON with Dataverse’s names; strings can have placeholders.' },
  verifyWith: {
    type: 'object',
    description:
      'For a POST: the request that checks whether it succeeded, if its connection was lost. It did if the row has these values.',
    additionalProperties: false,
    required: ['path', 'expect'],
    properties: {
      path: templateGrammar,
      expect: {
        type: 'object',
        minProperties: 1,
        additionalProperties: { type: ['string', 'integer', 'boolean', 'null'] },
        examples: [{ statecode: 1 }],
      },
    },
  },
};

/** The keys that each kind of request needs, and those that it allows. */
export const requestForms: Readonly<Record<string, { needs: readonly string[]; allows: readonly string[] }>> =
  {
    get: { needs: ['id'], allows: ['expand', 'headers'] },
    list: { needs: [], allows: ['filters', 'where', 'search', 'orderBy', 'expand', 'headers'] },
    create: { needs: ['values'], allows: ['headers'] },
    update: { needs: ['id', 'values'], allows: ['headers'] },
    delete: { needs: ['id'], allows: ['headers'] },
    find: { needs: ['match'], allows: ['expand', 'headers'] },
    upsert: { needs: ['match', 'mode', 'values'], allows: ['headers'] },
    count: { needs: [], allows: ['filters', 'where', 'search', 'headers'] },
    method: { needs: ['path'], allows: ['query', 'headers', 'body', 'verifyWith'] },
  };

/** What a missing key could be: the fix shows it. */
function examplesOf(names: readonly string[]): Readonly<Record<string, JsonSchema>> {
  const all: Readonly<Record<string, JsonSchema>> = requestProperties;
  return Object.fromEntries(
    names.flatMap((name) => {
      const { examples } = all[name] ?? {};
      return examples === undefined ? [] : [[name, { examples }]];
    }),
  );
}

const requestGrammar = {
  type: 'object',
  description: 'One request: a verb with its table, or a method and a path.',
  additionalProperties: false,
  minProperties: 1,
  properties: requestProperties,
  allOf: Object.entries(requestForms).map(([keyword, { needs, allows }]) => ({
    if: { required: [keyword] },
    // biome-ignore lint/suspicious/noThenProperty: `then` is JSON Schema's keyword
    then: {
      required: needs,
      properties: examplesOf(needs),
      propertyNames: { enum: [keyword, ...needs, ...allows] },
    },
  })),
};

/** Grammar of actions/<resource>.<verb>.yaml, and of template actions: actions/_.<verb>.yaml. */
export const actionGrammar = {
  $schema: 'http://json-schema.org/draft-07/schema#',
  title: 'Action',
  description: 'One action. Its id is the file name.',
  type: 'object',
  additionalProperties: false,
  required: ['title', 'description'],
  properties: {
    ...titleAndDescription,
    keywords: searchWords,
    explicit: {
      type: 'boolean',
      description:
        'For a template file: only for the tables that name it in `operations`; `operations: all` leaves it out.',
    },
    replaces: {
      type: 'string',
      pattern: operationPattern,
      description:
        'In a connector that extends another: this file replaces the one of this name. It is the name of the file itself.',
      examples: ['case.escalate', '_.create'],
    },
    input: actionInput,
    request: requestGrammar,
    handler: {
      type: 'string',
      enum: Object.keys(handlerCatalog),
      description: 'Instead of a request: a handler of the engine, for actions that need code.',
    },
    ...stepsGrammar,
    pagination: {
      type: 'object',
      description: 'For lists: the number of rows.',
      additionalProperties: false,
      required: ['limit'],
      properties: {
        limit: {
          type: 'string',
          pattern: '^input\\.[a-z][A-Za-z0-9]*$',
          description: 'The input that limits the number of rows; it needs a default.',
          examples: ['input.limit'],
        },
      },
    },
    output: { $ref: '#/definitions/property', description: 'The output; omit it if there is none.' },
    sendsMessage: {
      type: 'boolean',
      description: 'The action sends a message to people. Hosts ask before they run it.',
    },
    destructive: {
      type: 'boolean',
      description: 'The action removes data that cannot be restored. A delete always is destructive.',
    },
    deprecated: {
      type: 'object',
      description: 'The action still works, but another one replaces it.',
      additionalProperties: false,
      required: ['use'],
      properties: { use: { type: 'string', examples: ['case.create.v2'] } },
    },
    tests: {
      type: 'array',
      minItems: 1,
      items: actionTestGrammar,
      description: 'Contract tests; they run without a network.',
    },
  },
  dependencies: { changeSet: ['steps'], returns: ['steps'] },
  if: { required: ['handler'] },
  else: { if: { required: ['steps'] }, else: { required: ['request'] } },
  definitions: { property: propertyGrammar, expand: expandGrammar },
};
