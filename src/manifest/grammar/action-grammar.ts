import { handlerCatalog } from '../../model/definition.ts';
import { actionTestGrammar } from './contract-test-grammar.ts';
import {
  propertyGrammar,
  tableNameGrammar,
  tableNameOrVariable,
  titleAndDescription,
} from './property-grammar.ts';

const templateGrammar = { type: 'string', minLength: 1, maxLength: 2000 };

/** An operation's `input`, shared with triggers: always an object without unknown properties. */
export const inputGrammar = {
  type: 'object',
  description: 'What the caller gives: JSON Schema properties. Other names are refused.',
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
        'writable: adds every writable column of the table that the request creates, updates or upserts; a create requires what the table requires. keys: adds every column that a row can be found by.',
    },
    ...inputGrammar.properties,
  },
};

const valuesGrammar = {
  type: ['string', 'object'],
  description: 'The row in our words: "{{input}}", or an object of columns.',
  propertyNames: { pattern: '^[a-z][A-Za-z0-9]*$' },
};

const requestProperties = {
  get: { ...tableNameOrVariable, description: 'Reads one row of this table.' },
  list: { ...tableNameOrVariable, description: 'Reads rows of this table.' },
  create: { ...tableNameOrVariable, description: 'Creates a row, safely repeatable.' },
  update: { ...tableNameOrVariable, description: 'Changes a row; never creates one.' },
  delete: { ...tableNameOrVariable, description: 'Deletes a row.' },
  find: { ...tableNameOrVariable, description: 'Reads one row by an alternate key.' },
  upsert: { ...tableNameOrVariable, description: 'Changes the row that matches, or creates it.' },
  count: { ...tableNameOrVariable, description: 'Counts rows of this table.' },
  match: {
    ...templateGrammar,
    description: 'What the row is found by: "{{input}}", every column given, or an input that lists columns.',
    examples: ['{{input}}', '{{input.matchOn}}'],
  },
  mode: {
    ...templateGrammar,
    description: 'The input that says upsert, createOnly or updateOnly.',
    examples: ['{{input.mode}}'],
  },
  search: {
    ...templateGrammar,
    description: 'A text that must stand in one of the columns that the table marks x-search.',
    examples: ['{{input.search}}'],
  },
  id: { ...templateGrammar, description: 'The row’s id.', examples: ['{{input.id}}'] },
  values: valuesGrammar,
  where: {
    type: 'array',
    minItems: 1,
    items: templateGrammar,
    description: '$filter clauses, joined by "and"; a clause whose input is absent is left out.',
    examples: [['statecode eq {{input.state}}']],
  },
  filters: {
    const: 'table',
    description: 'Adds an optional input, and its clause, for each column that the table marks x-filter.',
  },
  orderBy: { ...templateGrammar, examples: ['{{input.orderBy}} {{input.direction}}'] },
  method: { type: 'string', enum: ['GET', 'POST', 'PATCH', 'PUT', 'DELETE'] },
  path: { ...templateGrammar, description: 'Below the Web API’s base URL.', examples: ['/CloseIncident'] },
  query: {
    type: 'object',
    minProperties: 1,
    description: 'Query options; $filter may be a list of clauses.',
    propertyNames: { pattern: '^[$@]?[A-Za-z][A-Za-z0-9]*$' },
    additionalProperties: { type: ['string', 'array'], minLength: 1, minItems: 1, items: templateGrammar },
  },
  headers: {
    type: 'object',
    minProperties: 1,
    propertyNames: { pattern: '^[A-Za-z][A-Za-z0-9.-]*$' },
    additionalProperties: templateGrammar,
  },
  body: { type: 'object', description: 'JSON in Dataverse’s words; strings may have holes.' },
  verifyWith: {
    type: 'object',
    description: 'For a POST: asked after a broken line. When the row looks like this, the work was done.',
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

/** What must and what may stand beside each first word of a request. */
export const requestForms: Readonly<Record<string, { needs: readonly string[]; allows: readonly string[] }>> =
  {
    get: { needs: ['id'], allows: ['headers'] },
    list: { needs: [], allows: ['filters', 'where', 'search', 'orderBy', 'headers'] },
    create: { needs: ['values'], allows: ['headers'] },
    update: { needs: ['id', 'values'], allows: ['headers'] },
    delete: { needs: ['id'], allows: ['headers'] },
    find: { needs: ['match'], allows: ['headers'] },
    upsert: { needs: ['match', 'mode', 'values'], allows: ['headers'] },
    count: { needs: [], allows: ['filters', 'where', 'search', 'headers'] },
    method: { needs: ['path'], allows: ['query', 'headers', 'body', 'verifyWith'] },
  };

const requestGrammar = {
  type: 'object',
  description: 'One request: a verb and its table, or method and path.',
  additionalProperties: false,
  minProperties: 1,
  properties: requestProperties,
  allOf: Object.entries(requestForms).map(([word, { needs, allows }]) => ({
    if: { required: [word] },
    // biome-ignore lint/suspicious/noThenProperty: `then` is JSON Schema's keyword
    then: { required: needs, propertyNames: { enum: [word, ...needs, ...allows] } },
  })),
};

/** Grammar of actions/<resource>.<verb>.yaml, and of families: actions/_.<verb>.yaml with `for`. */
export const actionGrammar = {
  $schema: 'http://json-schema.org/draft-07/schema#',
  title: 'Action',
  description: 'One action. The file name is its id.',
  type: 'object',
  additionalProperties: false,
  required: ['title', 'description'],
  properties: {
    ...titleAndDescription,
    for: {
      type: 'array',
      minItems: 1,
      uniqueItems: true,
      items: tableNameGrammar,
      description:
        'A family (file name _.<verb>.yaml): one action for each of these tables; {{table.name}} and its kin stand for the table.',
    },
    input: actionInput,
    request: requestGrammar,
    handler: {
      type: 'string',
      enum: Object.keys(handlerCatalog),
      description: 'Instead of a request: code of the engine, where a request cannot say it.',
    },
    pagination: {
      type: 'object',
      description: 'For lists: how many rows.',
      additionalProperties: false,
      required: ['limit'],
      properties: {
        limit: {
          type: 'string',
          pattern: '^input\\.[a-z][A-Za-z0-9]*$',
          description: 'The input that says how many rows at most; it needs a default.',
          examples: ['input.limit'],
        },
      },
    },
    output: { $ref: '#/definitions/property', description: 'What comes back; leave it out for nothing.' },
    destructive: {
      type: 'boolean',
      description: 'It takes away what cannot be brought back. A delete always is.',
    },
    deprecated: {
      type: 'object',
      description: 'Still there, but something else is better.',
      additionalProperties: false,
      required: ['use'],
      properties: { use: { type: 'string', examples: ['case.create.v2'] } },
    },
    tests: {
      type: 'array',
      minItems: 1,
      items: actionTestGrammar,
      description: 'Contract tests, played without network.',
    },
  },
  if: { required: ['handler'] },
  else: { required: ['request'] },
  definitions: { property: propertyGrammar },
};
