import { errorCodes } from '../../errors/error-codes.ts';
import { tableNameGrammar } from './property-grammar.ts';

const textMap = { type: 'object', additionalProperties: { type: 'string' } };
const name = { type: 'string', minLength: 1, maxLength: 120, description: 'A promise: "quotes stay data".' };
const table = { ...tableNameGrammar, description: 'In a family: the table this test speaks of.' };

const sends = {
  type: 'object',
  description: 'The request, decoded: no percent-encoding. Only what is named is compared.',
  additionalProperties: false,
  required: ['method', 'path'],
  properties: {
    method: { type: 'string', enum: ['GET', 'POST', 'PATCH', 'PUT', 'DELETE'] },
    path: { type: 'string', pattern: '^/', examples: ['/incidents'] },
    query: textMap,
    headers: textMap,
    body: {},
  },
};

const receives = {
  type: 'object',
  description: 'What the organization answers.',
  additionalProperties: false,
  required: ['status'],
  properties: {
    status: { type: 'integer', minimum: 200, maximum: 599 },
    headers: textMap,
    body: {},
  },
};

const exchange = {
  type: 'object',
  additionalProperties: false,
  required: ['receives'],
  properties: { sends, receives },
};

/** One contract test of an action. */
export const actionTestGrammar = {
  type: 'object',
  title: 'Test',
  additionalProperties: false,
  required: ['name', 'input'],
  properties: {
    name,
    table,
    input: { type: 'object', description: 'Sent as it stands: no holes.' },
    sends,
    receives,
    exchanges: {
      type: 'array',
      minItems: 1,
      items: { ...exchange, required: ['sends', 'receives'] },
      description: 'Instead of sends and receives, where one call makes several exchanges.',
    },
    returns: { description: 'The output.' },
    fails: {
      type: 'object',
      additionalProperties: false,
      required: ['code'],
      properties: {
        code: { type: 'string', enum: Object.keys(errorCodes) },
        message: { type: 'string', description: 'Part of the message.' },
      },
    },
  },
  dependencies: { sends: ['receives'], receives: ['sends'] },
  if: { required: ['exchanges'] },
  // biome-ignore lint/suspicious/noThenProperty: `then` is JSON Schema's keyword
  then: { propertyNames: { enum: ['name', 'table', 'input', 'exchanges', 'returns', 'fails'] } },
};

/** One contract test of a trigger: polls one after another, each with what it emits. */
export const triggerTestGrammar = {
  type: 'object',
  title: 'Test',
  additionalProperties: false,
  required: ['name', 'polls'],
  properties: {
    name,
    table,
    input: { type: 'object', description: 'The trigger’s params.' },
    polls: {
      type: 'array',
      minItems: 1,
      items: {
        type: 'object',
        additionalProperties: false,
        required: ['at', 'exchanges', 'emits'],
        properties: {
          at: { type: 'string', format: 'date-time', description: 'The organization’s clock at this poll.' },
          exchanges: { type: 'array', items: exchange },
          emits: { type: 'array', items: { type: 'object' } },
        },
      },
    },
  },
};
