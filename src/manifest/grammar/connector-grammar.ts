import { errorCodes } from '../../errors/error-codes.ts';
import { propertyGrammar, titleAndDescription } from './property-grammar.ts';

const duration = { type: 'string', pattern: '^[1-9][0-9]{0,4}(ms|s|m)$', examples: ['60s'] };

const grant = {
  type: 'object',
  additionalProperties: false,
  required: ['scopes'],
  properties: {
    scopes: {
      type: 'array',
      minItems: 1,
      items: { type: 'string', minLength: 1 },
      examples: [['offline_access', '{{connection.orgUrl}}/user_impersonation']],
    },
  },
};

/** Grammar of connector.yaml, the connector header. */
export const connectorGrammar = {
  $schema: 'http://json-schema.org/draft-07/schema#',
  title: 'Connector',
  description: 'The connector header: its identity, its connection and its retry limits.',
  type: 'object',
  additionalProperties: false,
  required: ['manifestVersion', 'id', 'version', 'title', 'description'],
  properties: {
    manifestVersion: { const: 1, description: 'Version of the manifest language.' },
    id: {
      type: 'string',
      pattern: '^[a-z][a-z0-9-]*$',
      description: 'A stable id; hosts store it.',
      examples: ['dynamics365-customer-service'],
    },
    version: {
      type: 'string',
      pattern: '^\\d+\\.\\d+\\.\\d+$',
      description: 'Semantic version.',
      examples: ['1.0.0'],
    },
    ...titleAndDescription,
    extends: {
      type: ['string', 'array'],
      minLength: 1,
      minItems: 1,
      maxItems: 10,
      uniqueItems: true,
      items: { type: 'string', minLength: 1 },
      description:
        'The connector that this one extends: an npm package, or a folder as a relative path. It has the sign-in, the address and the retry limits.',
      examples: ['dynamics365-connector', '../our-base'],
    },
    connection: {
      type: 'object',
      description:
        'The settings that identify a connection, as JSON Schema properties. Hosts build their form from them. No secrets.',
      additionalProperties: false,
      required: ['required', 'properties'],
      properties: {
        required: { type: 'array', uniqueItems: true, items: { type: 'string' } },
        properties: {
          type: 'object',
          minProperties: 1,
          propertyNames: { pattern: '^[a-z][A-Za-z0-9]*$' },
          additionalProperties: { $ref: '#/definitions/property' },
        },
      },
    },
    auth: {
      type: 'object',
      description: 'How tokens are requested. The host provides client ids and secrets.',
      additionalProperties: false,
      required: ['type', 'grants'],
      properties: {
        type: { const: 'oauth2' },
        grants: {
          type: 'object',
          minProperties: 1,
          additionalProperties: false,
          properties: { authorization_code: grant, client_credentials: grant, device_code: grant },
        },
      },
    },
    api: {
      type: 'object',
      description: 'The address of the Web API.',
      additionalProperties: false,
      required: ['baseUrl', 'timeout'],
      properties: {
        baseUrl: { type: 'string', examples: ['{{connection.orgUrl}}/api/data/v9.2'] },
        timeout: { ...duration, description: 'The time limit of one attempt.' },
      },
    },
    retry: {
      type: 'object',
      description: 'The limits of retries. An extension can only lower them.',
      additionalProperties: false,
      properties: {
        maxAttempts: { type: 'integer', minimum: 1, maximum: 10 },
        budget: { ...duration, description: 'The time limit of one call, with all its attempts and waits.' },
      },
    },
    featured: {
      type: 'array',
      description:
        'The actions that a host shows first if it cannot show all; the others are found by search.',
      uniqueItems: true,
      items: { type: 'string' },
      examples: [['case.search', 'case.create', 'case.resolve']],
    },
    errors: {
      type: 'array',
      description: 'Explanations of Dataverse errors for this connector, by error code.',
      items: {
        type: 'object',
        additionalProperties: false,
        required: ['serverCode', 'code', 'advice'],
        properties: {
          serverCode: { type: 'string', pattern: '^0x[0-9a-f]{8}$', examples: ['0x80040217'] },
          code: { type: 'string', enum: Object.keys(errorCodes) },
          advice: { type: 'string', minLength: 1, maxLength: 400 },
        },
      },
    },
  },
  if: { required: ['extends'] },
  else: {
    required: ['connection', 'auth', 'api', 'retry'],
    properties: { retry: { type: 'object', required: ['maxAttempts', 'budget'] } },
  },
  definitions: { property: propertyGrammar },
};
