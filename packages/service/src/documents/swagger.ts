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
import { toPascalCase } from './schema-pool.ts';

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
export function toSwagger(scope: DocumentScope): JsonObject {
  const { definition, url, connection = '' } = scope;
  const { actions, triggers } = withCustomColumns(scope);
  assertCount(actions.length + triggers.length + ownOperations);
  const { host, protocol } = new URL(url);
  const definitions: Record<string, object> = { Problem: problem };
  const context: SwaggerContext = { definitions, tables: definition.tables };
  return omitUndefined({
    swagger: '2.0',
    info: { title: definition.title, version: definition.version, description: definition.description },
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
      ...actions.map((action) => [
        `/connections/${connection}/actions/${action.id}`,
        toActionPath(action, context),
      ]),
      ...triggers.map((trigger) => [
        `/connections/${connection}/triggers/${trigger.id}/subscriptions`,
        toTriggerPath(trigger, context),
      ]),
      [`/connections/${connection}/lists/rows`, listRows],
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
      parameters: [{ name: 'body', in: 'body', required: true, schema: flatten(action.input) }],
      responses: {
        200: { description: 'Done.', schema: { type: 'object', properties: omitUndefined({ output }) } },
        default: { description: 'A problem.', schema: { $ref: '#/definitions/Problem' } },
      },
    }),
  };
}

function toOutput({ output, outputSchema }: ActionDefinition, context: SwaggerContext): object | undefined {
  if (output.kind === 'none') return undefined;
  if (output.kind === 'row') return toRow(output.table, outputSchema, context);
  if (output.kind === 'rows') {
    const row = toRow(output.table, (outputSchema.items ?? {}) as JsonSchema, context);
    return { type: 'array', items: row };
  }
  return flatten(outputSchema);
}

/** A row of a table is a definition with the name of the table. */
function toRow(name: string, schema: JsonSchema, { definitions, tables }: SwaggerContext): object {
  const table = tables[name];
  if (table === undefined) return flatten(schema);
  definitions[toPascalCase(name)] ??= flatten(table.rowSchema);
  return { $ref: `#/definitions/${toPascalCase(name)}` };
}

function toTriggerPath(trigger: TriggerDefinition, context: SwaggerContext): object {
  const { id, title, description, input, outputSchema, watch } = trigger;
  const row = toRow(watch.table ?? '', outputSchema, context);
  const item = {
    type: 'object',
    properties: { id: { type: 'string' }, change: { type: 'string' }, at: { type: 'string' }, row },
  };
  const data = { type: 'object', properties: { subscription: { type: 'string' }, item } };
  const event = {
    type: 'object',
    properties: { type: { type: 'string' }, timestamp: { type: 'string' }, data },
  };
  const url = { type: 'string', 'x-ms-notification-url': true, 'x-ms-visibility': 'internal' };
  return {
    'x-ms-notification-content': { description: title, schema: event },
    post: {
      operationId: `On${toPascalCase(id)}`,
      summary: title,
      description,
      'x-ms-trigger': 'single',
      parameters: [
        {
          name: 'body',
          in: 'body',
          required: true,
          schema: { type: 'object', required: ['url'], properties: { url, params: flatten(input) } },
        },
      ],
      responses: {
        201: {
          description: 'Subscribed. Location is the address to unsubscribe.',
          schema: { type: 'object' },
        },
        default: { description: 'A problem.', schema: { $ref: '#/definitions/Problem' } },
      },
    },
  };
}

const listRows = {
  get: {
    operationId: 'ListRows',
    summary: 'Rows to choose from',
    description: 'Rows to choose from.',
    'x-ms-visibility': 'internal',
    parameters: [
      { name: 'table', in: 'query', required: true, type: 'string' },
      { name: 'search', in: 'query', required: false, type: 'string' },
    ],
    responses: {
      200: {
        description: 'Rows.',
        schema: {
          type: 'object',
          properties: {
            options: {
              type: 'array',
              items: { type: 'object', properties: { value: { type: 'string' }, label: { type: 'string' } } },
            },
          },
        },
      },
    },
  },
};

const unsubscribe = {
  delete: {
    operationId: 'Unsubscribe',
    summary: 'Ends a subscription',
    description: 'Ends a subscription.',
    'x-ms-visibility': 'internal',
    parameters: [{ name: 'id', in: 'path', required: true, type: 'string' }],
    responses: { 204: { description: 'Ended.' } },
  },
};

const problem = {
  type: 'object',
  properties: {
    code: { type: 'string' },
    title: { type: 'string' },
    detail: { type: 'string' },
    advice: { type: 'string' },
  },
};

/** Keywords that Swagger 2.0 has as JSON Schema does. */
const kept = [
  'enum',
  'default',
  'minimum',
  'maximum',
  'minLength',
  'maxLength',
  'pattern',
  'minItems',
  'maxItems',
  'uniqueItems',
] as const;
const formats: readonly unknown[] = ['uuid', 'date-time', 'date', 'email', 'byte', 'uri'];

interface AnySchema extends JsonSchema {
  readonly type?: string | readonly string[];
  readonly title?: string;
  readonly description?: string;
  readonly format?: string;
  readonly enum?: readonly unknown[];
  readonly anyOf?: readonly AnySchema[];
  readonly items?: AnySchema;
  readonly properties?: Readonly<Record<string, AnySchema>>;
  readonly required?: readonly string[];
}

/** JSON Schema without what Swagger 2.0 does not know: null, `anyOf`, conditions, several types. */
function flatten(given: JsonSchema): Record<string, unknown> {
  const schema = firstBranch(given as AnySchema);
  const type = [schema.type].flat().find((one) => one !== undefined && one !== 'null');
  const { title, description, format, properties, items, required } = schema;
  const flat: Record<string, unknown> = omitUndefined({
    type: type ?? (properties === undefined ? undefined : 'object'),
    'x-ms-summary': title,
    description,
    format: formats.includes(format) ? format : undefined,
    ...Object.fromEntries(kept.map((name) => [name, schema[name]])),
    items: type === 'array' ? flatten(items ?? {}) : undefined,
    properties:
      properties &&
      Object.fromEntries(Object.entries(properties).map(([name, value]) => [name, flatten(value)])),
    required: required?.filter((name) => properties?.[name] !== undefined),
  });
  if (Array.isArray(flat.enum)) flat.enum = flat.enum.filter((value) => value !== null);
  if ((flat.required as readonly string[] | undefined)?.length === 0) delete flat.required;
  return offerRows(flat);
}

/** Of several forms, the one with a list of values, else the first that is not null. */
function firstBranch(schema: AnySchema): AnySchema {
  const { anyOf, ...others } = schema;
  if (anyOf === undefined) return schema;
  const branch =
    anyOf.find(({ enum: values }) => values !== undefined) ?? anyOf.find(({ type }) => type !== 'null');
  return { ...branch, ...others };
}

/** A lookup offers the rows of its table. With one table, the table is filled in and hidden. */
function offerRows(flat: Record<string, unknown>): Record<string, unknown> {
  const {
    table,
    id,
    key: _key,
    name: _name,
    ...others
  } = (flat.properties ?? {}) as Record<string, Record<string, unknown>>;
  const tables = table?.enum as readonly string[] | undefined;
  if (tables === undefined || id === undefined) return flat;
  const [only] = tables.length === 1 ? tables : [];
  const source = only ?? { parameter: 'table' };
  return {
    ...flat,
    required: ['table', 'id'],
    properties: {
      ...others,
      table: only === undefined ? table : { ...table, default: only, 'x-ms-visibility': 'internal' },
      id: {
        ...id,
        'x-ms-dynamic-values': {
          operationId: 'ListRows',
          parameters: { table: source },
          'value-collection': 'options',
          'value-path': 'value',
          'value-title': 'label',
        },
      },
    },
  };
}
