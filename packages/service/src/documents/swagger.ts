import {
  type ActionDefinition,
  ConnectorError,
  type JsonObject,
  type JsonSchema,
  type TriggerDefinition,
} from 'dynamics365-connector';
import { omitUndefined } from 'dynamics365-connector/host';
import { withCustomColumns } from './custom-columns.ts';
import type { DocumentScope } from './document-scope.ts';
import { toOperationId } from './openapi.ts';
import { createPauses, mapWithPauses } from './pauses.ts';
import { toPascalCase } from './schema-pool.ts';
import { toSwaggerSchema } from './swagger-schema.ts';

/** The largest published connector of Power Platform has this many operations. */
const maxOperations = 219;
/** The pick list of rows, and the end of a subscription. */
const ownOperations = 2;

/**
 * The document of a custom connector of Power Platform (Power Automate, Power Apps, Copilot Studio): Swagger 2.0 with
 * Microsoft's extensions for pick lists and webhook triggers.
 * https://learn.microsoft.com/connectors/custom-connectors/openapi-extensions
 * @throws INPUT_INVALID for more operations than a connector may have
 */
export async function toSwagger(scope: DocumentScope): Promise<JsonObject> {
  const pause = createPauses();
  const { definition, url, connection = '' } = scope;
  const { actions, triggers } = withCustomColumns(scope);
  assertCount(actions.length + triggers.length + ownOperations);
  const { host, protocol } = new URL(url);
  const definitions: Record<string, object> = { Problem: problem };
  const context: SwaggerContext = { definitions, tables: definition.tables };
  const base = `/connections/${connection}`;
  const toAction = (action: ActionDefinition) =>
    [`${base}/actions/${action.id}`, toActionPath(action, context)] as const;
  const toTrigger = (trigger: TriggerDefinition) =>
    [`${base}/triggers/${trigger.id}/subscriptions`, toTriggerPath(trigger, context)] as const;
  return omitUndefined({
    swagger: '2.0',
    info: {
      title: definition.title,
      version: definition.version,
      description: definition.description,
      license: { name: 'MIT', url: 'https://opensource.org/license/mit' },
    },
    host,
    basePath: '/v1',
    schemes: [protocol.replace(':', '')],
    consumes: ['application/json'],
    produces: ['application/json'],
    securityDefinitions: {
      api_key: {
        type: 'apiKey',
        name: 'Authorization',
        in: 'header',
        description: 'Bearer and an API key of the service.',
      },
    },
    security: [{ api_key: [] }],
    paths: Object.fromEntries([
      ...(await mapWithPauses(actions, toAction, pause)),
      ...(await mapWithPauses(triggers, toTrigger, pause)),
      [`${base}/lists/rows`, listRows],
      ['/subscriptions/{id}', unsubscribe],
    ]),
    definitions,
    'x-ms-connector-metadata': connectorMetadata,
  }) as unknown as JsonObject;
}

function assertCount(count: number): void {
  if (count <= maxOperations) return;
  const message = `The document would have ${count} operations; the limit is ${maxOperations}.`;
  throw new ConnectorError('INPUT_INVALID', message, {
    advice: 'Choose them with ?actions=case.*,contact.*',
  });
}

const connectorMetadata = [
  {
    propertyName: 'Website',
    propertyValue: 'https://github.com/dynamics365-connector/dynamics365-connector',
  },
  { propertyName: 'Categories', propertyValue: 'Sales and CRM' },
];

interface SwaggerContext {
  /** Filled with the rows of the tables. */
  readonly definitions: Record<string, object>;
  readonly tables: DocumentScope['definition']['tables'];
}

function toActionPath(action: ActionDefinition, context: SwaggerContext): object {
  const { id, title, description, deprecated } = action;
  const output = toOutput(action, context);
  return {
    post: omitUndefined({
      operationId: toPascalCase(toOperationId(id)),
      summary: title,
      description,
      deprecated: deprecated === undefined ? undefined : true,
      parameters: [toBody('The input of the action.', toSwaggerSchema(action.input))],
      responses: {
        200: { description: 'Done.', schema: { type: 'object', properties: omitUndefined({ output }) } },
        ...problems,
      },
    }),
  };
}

const toBody = (description: string, schema: object) => ({
  ...{ name: 'body', in: 'body', required: true, 'x-ms-summary': 'Body', description, schema },
});

/** The result; undefined for an action without one. */
function toOutput({ output, outputSchema }: ActionDefinition, context: SwaggerContext): object | undefined {
  if (output.kind === 'none') return undefined;
  if (output.kind === 'row') return toRow(output.table, outputSchema, context);
  if (output.kind === 'rows') {
    const row = toRow(output.table, (outputSchema.items ?? {}) as JsonSchema, context);
    return { type: 'array', 'x-ms-summary': 'Rows', items: row };
  }
  return { 'x-ms-summary': 'Output', ...toSwaggerSchema(outputSchema) };
}

/** A row of a table is a definition with the name of the table. */
function toRow(name: string, schema: JsonSchema, { definitions, tables }: SwaggerContext): object {
  const table = tables[name];
  if (table === undefined) return { 'x-ms-summary': 'Row', ...toSwaggerSchema(schema) };
  definitions[toPascalCase(name)] ??= toSwaggerSchema(table.rowSchema);
  return { $ref: `#/definitions/${toPascalCase(name)}` };
}

function toTriggerPath(trigger: TriggerDefinition, context: SwaggerContext): object {
  const { id, title, description, input, watch, outputSchema } = trigger;
  const row = toRow(watch.table ?? '', outputSchema, context);
  const happens = whatHappens(description);
  return {
    'x-ms-notification-content': { description: title, schema: toEvent(row) },
    post: {
      operationId: `On${toPascalCase(id)}`,
      summary: happens.length > maxSummaryLength ? title : `When ${happens}`,
      description,
      'x-ms-trigger': 'single',
      'x-ms-trigger-hint': `To see it work, do this in Dynamics 365 or wait for it: ${happens}.`,
      parameters: [toBody('The webhook, and what the trigger reports.', toSubscription(input))],
      responses: {
        201: {
          description: 'Subscribed.',
          headers: { Location: { type: 'string', description: 'The address to unsubscribe.' } },
          schema: { type: 'object' },
        },
        ...problems,
      },
    },
  };
}

/** With `When `, Power Platform allows 80 characters. */
const maxSummaryLength = 75;

/** `Starts when a case is created. The row ...` -> `a case is created` */
function whatHappens(description: string): string {
  return description.replace(/^Starts when /, '').replace(/\.(?:\s.*)?$/s, '');
}

function toSubscription(input: JsonSchema): object {
  const url = {
    ...{ type: 'string', 'x-ms-summary': 'Webhook' },
    ...{ 'x-ms-notification-url': true, 'x-ms-visibility': 'internal' },
  };
  const params = { ...toSwaggerSchema(input), 'x-ms-summary': 'Parameters' };
  return { type: 'object', required: ['url'], properties: { url, params } };
}

/** What a webhook receives. */
function toEvent(row: object): object {
  const text = (summary: string) => ({ type: 'string', 'x-ms-summary': summary });
  const item = {
    type: 'object',
    'x-ms-summary': 'Item',
    properties: { id: text('Event id'), change: text('Change'), at: text('Time of the change'), row },
  };
  const data = {
    type: 'object',
    'x-ms-summary': 'Data',
    properties: { subscription: text('Subscription'), item },
  };
  return { type: 'object', properties: { type: text('Type'), timestamp: text('Time'), data } };
}

const problems = {
  422: { description: 'The input is not valid.', schema: { $ref: '#/definitions/Problem' } },
  default: { description: 'A problem.', schema: { $ref: '#/definitions/Problem' } },
};

const listRows = {
  get: {
    operationId: 'ListRows',
    summary: 'Rows to choose from',
    description: 'Offers the rows of a table for a field.',
    'x-ms-visibility': 'internal',
    parameters: [
      {
        ...{ name: 'table', in: 'query', required: true, type: 'string' },
        ...{ 'x-ms-summary': 'Table', description: 'The name of a table.' },
      },
      {
        ...{ name: 'search', in: 'query', required: false, type: 'string' },
        ...{ 'x-ms-summary': 'Search', description: 'A text that the name begins with or contains.' },
      },
    ],
    responses: {
      200: {
        description: 'Rows.',
        schema: {
          type: 'object',
          properties: {
            options: {
              type: 'array',
              'x-ms-summary': 'Options',
              items: {
                type: 'object',
                properties: {
                  value: { type: 'string', 'x-ms-summary': 'Id' },
                  label: { type: 'string', 'x-ms-summary': 'Name' },
                },
              },
            },
          },
        },
      },
      ...problems,
    },
  },
};

const unsubscribe = {
  delete: {
    operationId: 'Unsubscribe',
    summary: 'End a subscription',
    description: 'Sends no more events of a trigger to a webhook.',
    'x-ms-visibility': 'internal',
    parameters: [
      {
        ...{ name: 'id', in: 'path', required: true, type: 'string' },
        ...{ 'x-ms-summary': 'Subscription', description: 'The id of a subscription.' },
      },
    ],
    responses: { 204: { description: 'Ended.' }, ...problems },
  },
};

const problem = {
  type: 'object',
  properties: {
    code: { type: 'string', 'x-ms-summary': 'Code' },
    title: { type: 'string', 'x-ms-summary': 'Title' },
    detail: { type: 'string', 'x-ms-summary': 'Detail' },
    advice: { type: 'string', 'x-ms-summary': 'Advice' },
  },
};
