import type { ActionDefinition, JsonObject, JsonSchema, TriggerDefinition } from 'dynamics365-connector';
import { omitUndefined } from 'dynamics365-connector/host';
import { withCustomColumns } from './custom-columns.ts';
import type { DocumentScope } from './document-scope.ts';
import { createPauses, mapWithPauses } from './pauses.ts';
import { createSchemaPool, type SchemaPool, toPascalCase } from './schema-pool.ts';
import { servicePaths } from './service-paths.ts';
import { scopeText, serviceSchemas } from './service-schemas.ts';
import { type Components, usedComponents } from './used-components.ts';

const schemaPrefix = '#/components/schemas/';

/**
 * The OpenAPI document of the service.
 * https://spec.openapis.org/oas/v3.1.1
 */
export async function toOpenApi(scope: DocumentScope): Promise<JsonObject> {
  const pause = createPauses();
  const { definition, url, connection } = scope;
  const { actions, triggers } = withCustomColumns(scope);
  const pool = createSchemaPool(definition, schemaPrefix);
  const base = connection === undefined ? '/v1/connections/{connection}' : '';
  const parameters = connection === undefined ? [{ $ref: '#/components/parameters/Connection' }] : [];
  await pause();
  const context: PathContext = { pool, parameters };
  const toAction = (action: ActionDefinition) =>
    [`${base}/actions/${action.id}`, toActionPath(action, context)] as const;
  const toPoll = (trigger: TriggerDefinition) =>
    [`${base}/triggers/${trigger.id}/poll`, toPollPath(trigger, context)] as const;
  const paths = Object.fromEntries([
    ...(await mapWithPauses(actions, toAction, pause)),
    ...(await mapWithPauses(triggers, toPoll, pause)),
  ]);
  const allPaths = { ...paths, ...(connection === undefined ? servicePaths : {}) };
  const groups = [...new Set([...actions, ...triggers].map(({ group }) => group))].sort();
  return omitUndefined({
    openapi: '3.1.1',
    info: {
      title: definition.title,
      version: definition.version,
      description: definition.description,
      license: { name: 'MIT', identifier: 'MIT' },
    },
    servers: [
      { url: connection === undefined ? url : `${url}/v1/connections/${encodeURIComponent(connection)}` },
    ],
    security: [{ apiKey: [] }],
    tags: [
      ...groups.map((name) => ({ name, description: `Actions and triggers: ${name}.` })),
      ...(connection === undefined
        ? [{ name: 'Service', description: 'Connections, subscriptions and lists.' }]
        : []),
    ],
    paths: allPaths,
    components: usedComponents(toComponents(pool), allPaths),
  }) as unknown as JsonObject;
}

interface PathContext {
  readonly pool: SchemaPool;
  readonly parameters: readonly JsonObject[];
}

function toActionPath(action: ActionDefinition, { pool, parameters }: PathContext): JsonObject {
  const { id, title, description, group, effects, deprecated, pagination } = action;
  const output = pool.convert(action.outputSchema);
  const answer = {
    type: 'object',
    required: ['output', 'meta'],
    properties: { output: allowNull(output, action), meta: { $ref: `${schemaPrefix}RunMeta` } },
  };
  const lines = {
    'application/x-ndjson': { schema: { type: 'string', description: 'One row in each line.' } },
  };
  return {
    post: omitUndefined({
      operationId: toOperationId(id),
      summary: title,
      description,
      tags: [group],
      deprecated: deprecated === undefined ? undefined : true,
      parameters: [
        ...parameters,
        ...(effects.readOnly ? [] : [{ $ref: '#/components/parameters/IdempotencyKey' }]),
        ...(effects.readOnly ? [] : [{ $ref: '#/components/parameters/IfMatch' }]),
      ],
      requestBody: jsonBody(pool.convert(action.input)),
      responses: toResponses(answer, pagination === undefined ? {} : lines),
    }),
  } as unknown as JsonObject;
}

/** An action without an output answers null. */
function allowNull(output: JsonSchema, { output: shape }: ActionDefinition): JsonSchema {
  return shape.kind === 'none' ? { type: 'null' } : output;
}

function toPollPath(trigger: TriggerDefinition, { pool, parameters }: PathContext): JsonObject {
  const { id, title, description, group, deprecated } = trigger;
  const item = {
    type: 'object',
    required: ['id', 'change', 'at', 'epoch', 'sequence', 'row'],
    properties: {
      id: { type: 'string' },
      change: { type: 'string' },
      at: { type: 'string', format: 'date-time' },
      epoch: { type: 'integer' },
      sequence: { type: 'integer' },
      version: { type: 'string' },
      by: { type: 'string' },
      uncertain: { type: 'boolean' },
      row: pool.convert(trigger.outputSchema),
    },
  };
  const answer = {
    type: 'object',
    required: ['items', 'checkpoint', 'hasMore'],
    properties: {
      items: { type: 'array', items: item },
      checkpoint: { type: 'object', description: 'Send it with the next poll.' },
      hasMore: { type: 'boolean' },
    },
  };
  const body = {
    type: 'object',
    additionalProperties: false,
    properties: {
      params: pool.convert(trigger.input),
      checkpoint: { type: 'object' },
      from: { type: 'string', description: 'Start of the first poll: a time, or "beginning".' },
    },
  };
  return {
    post: omitUndefined({
      operationId: `poll${toPascalCase(id)}`,
      summary: title,
      description,
      tags: [group],
      deprecated: deprecated === undefined ? undefined : true,
      parameters,
      requestBody: jsonBody(body),
      responses: toResponses(answer, {}),
    }),
  } as unknown as JsonObject;
}

function jsonBody(schema: object): object {
  return { required: true, content: { 'application/json': { schema } } };
}

function toResponses(schema: object, otherContent: object): object {
  return {
    200: {
      description: 'Done.',
      headers: rateLimitHeaders,
      content: { 'application/json': { schema }, ...otherContent },
    },
    '4XX': { $ref: '#/components/responses/Problem' },
    '5XX': { $ref: '#/components/responses/Problem' },
  };
}

const rateLimitHeaders = {
  RateLimit: { $ref: '#/components/headers/RateLimit' },
  'RateLimit-Policy': { $ref: '#/components/headers/RateLimitPolicy' },
};

function toComponents(pool: SchemaPool): Components {
  return {
    securitySchemes: {
      apiKey: {
        type: 'http',
        scheme: 'bearer',
        description: `An API key of \`d365 keys create\`. ${scopeText}`,
      },
    },
    parameters: {
      Connection: {
        name: 'connection',
        in: 'path',
        required: true,
        schema: { type: 'string' },
        description: 'The name of a connection.',
      },
      IdempotencyKey: {
        name: 'Idempotency-Key',
        in: 'header',
        schema: { type: 'string', minLength: 1, maxLength: 255 },
        description:
          'Repeats of the same request do not run it again, also after a crash. Kept for 24 hours.',
      },
      IfMatch: {
        name: 'If-Match',
        in: 'header',
        schema: { type: 'string' },
        description:
          'The version of the row as it was read. If the row has changed since, the answer is 412.',
      },
    },
    headers: {
      RateLimit: {
        description:
          'Requests that are left to the user of the connection (r), and the seconds until all are again (t).',
        schema: { type: 'string', examples: ['"org";r=5990;t=300'] },
      },
      RateLimitPolicy: {
        description:
          'Requests (q) that Dataverse allows the user of the connection in a number of seconds (w).',
        schema: { type: 'string', examples: ['"org";q=6000;w=300'] },
      },
    },
    responses: {
      Problem: {
        description: 'What is wrong, who can resolve it, and how.',
        content: { 'application/problem+json': { schema: { $ref: `${schemaPrefix}Problem` } } },
      },
    },
    schemas: { ...serviceSchemas, ...pool.components },
  };
}

/** `case.resolve` -> `caseResolve` */
export function toOperationId(id: string): string {
  const name = toPascalCase(id);
  return `${name.charAt(0).toLowerCase()}${name.slice(1)}`;
}
