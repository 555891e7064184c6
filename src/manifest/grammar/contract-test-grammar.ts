import { errorCodes } from '../../errors/error-codes.ts';
import { tableNameGrammar } from './property-grammar.ts';

const textMap = { type: 'object', additionalProperties: { type: 'string' } };
const name = {
  type: 'string',
  minLength: 1,
  maxLength: 120,
  description: 'The promise of the test: "escapes quotes in values".',
};
const table = { ...tableNameGrammar, description: 'In a template file: the table of the test.' };

const sends = {
  type: 'object',
  description: 'The request, without percent-encoding. Only the listed parts are compared.',
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
  description: 'The response of the organization.',
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

const fails = {
  type: 'object',
  description: 'The expected error.',
  additionalProperties: false,
  required: ['code'],
  properties: {
    code: { type: 'string', enum: Object.keys(errorCodes) },
    message: { type: 'string', description: 'A part of the message.' },
  },
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
    input: { type: 'object', description: 'The input, without placeholders.' },
    sends,
    receives,
    exchanges: {
      type: 'array',
      minItems: 1,
      items: { ...exchange, required: ['sends', 'receives'] },
      description: 'Instead of sends and receives, for a call that makes several requests.',
    },
    returns: { description: 'The expected output.' },
    fails,
  },
  dependencies: { sends: ['receives'], receives: ['sends'] },
  if: { required: ['exchanges'] },
  // biome-ignore lint/suspicious/noThenProperty: `then` is JSON Schema's keyword
  then: { propertyNames: { enum: ['name', 'table', 'input', 'exchanges', 'returns', 'fails'] } },
};

/** One contract test of a trigger: a sequence of polls, each with the items that it emits, or the error. */
export const triggerTestGrammar = {
  type: 'object',
  title: 'Test',
  additionalProperties: false,
  required: ['name', 'polls'],
  properties: {
    name,
    table,
    input: { type: 'object', description: 'The parameters of the trigger.' },
    polls: {
      type: 'array',
      minItems: 1,
      items: {
        type: 'object',
        additionalProperties: false,
        required: ['at'],
        properties: {
          at: {
            type: 'string',
            format: 'date-time',
            description: 'The time of the organization at this poll.',
          },
          rows: {
            type: 'array',
            maxItems: 100,
            items: {
              type: 'object',
              examples: [{ id: '2a8f6a3e-6f0c-4b6e-9f0e-6f1f6a3e2b10', name: 'Lamp' }],
            },
            description:
              'The rows of the table at this poll, with our names. A row that is new or differs from the poll before has just been written; one that is missing has been deleted. Without rows, nothing has changed.',
          },
          exchanges: {
            type: 'array',
            items: exchange,
            description:
              'Instead of rows: the requests of the engine and their responses, for example an error.',
          },
          emits: { type: 'array', items: { type: 'object' } },
          fails,
        },
      },
    },
  },
};
