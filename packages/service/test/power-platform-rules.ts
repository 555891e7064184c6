/**
 * What Power Platform asks of a custom connector, besides a valid Swagger 2.0 document. From its public pages:
 * https://learn.microsoft.com/connectors/custom-connectors/connector-string-guidance,
 * .../coding-standards, .../openapi-extensions, .../create-webhook-trigger and .../certification-submission
 */
export interface Swagger {
  readonly info: { readonly title: string; readonly description: string };
  readonly paths: Readonly<Record<string, Readonly<Record<string, SwaggerOperation>>>>;
  readonly definitions: Readonly<Record<string, Schema>>;
}

interface SwaggerOperation {
  readonly operationId: string;
  readonly summary?: string;
  readonly description?: string;
  readonly parameters?: readonly (Schema & { readonly name: string; readonly in: string })[];
  readonly responses: Readonly<Record<string, { readonly schema?: Schema; readonly headers?: object }>>;
  readonly 'x-ms-trigger'?: string;
  readonly 'x-ms-trigger-hint'?: string;
}

interface Schema {
  readonly $ref?: string;
  readonly type?: string;
  readonly description?: string;
  readonly default?: unknown;
  readonly required?: boolean | readonly string[];
  readonly properties?: Readonly<Record<string, Schema>>;
  readonly items?: Schema;
  readonly schema?: Schema;
  readonly 'x-ms-summary'?: string;
  readonly 'x-ms-visibility'?: string;
  readonly 'x-ms-notification-url'?: boolean;
  readonly 'x-ms-dynamic-values'?: {
    readonly operationId: string;
    readonly parameters: Readonly<Record<string, unknown>>;
  };
}

type Report = (rule: string, place: string) => void;

/** The rules that a document breaks, each with its place. */
export function brokenRules(document: Swagger): readonly string[] {
  const broken: string[] = [];
  const report: Report = (rule, place) => broken.push(`${place}: ${rule}`);
  checkInfo(document, report);
  const operations = operationsOf(document);
  const ids = operations.map(({ operationId }) => operationId);
  if (new Set(ids).size < ids.length) report('operation ids are unique', 'paths');
  for (const operation of operations) {
    checkTexts(operation, report);
    checkTrigger(document, operation, report);
    checkParameters(operation, report);
    checkResponses(operation, report);
  }
  for (const { schema, place } of schemasOf(document)) checkSchema(document, { schema, place }, report);
  return broken;
}

function operationsOf({ paths }: Swagger): readonly SwaggerOperation[] {
  return Object.values(paths).flatMap((path) =>
    Object.entries(path).flatMap(([method, operation]) => (method.startsWith('x-') ? [] : [operation])),
  );
}

function checkInfo({ info: { title, description } }: Swagger, report: Report): void {
  if (title.length > 30) report('the title has at most 30 characters', 'info');
  if (description.length < 30 || description.length > 500)
    report('the description has 30 to 500 characters', 'info');
  if (/\b(?:API|Power Automate|Power Apps|Copilot Studio)\b/.test(`${title} ${description}`))
    report('no API and no product of Power Platform is named', 'info');
}

function checkTexts({ operationId, summary = '', description = '' }: SwaggerOperation, report: Report): void {
  if (!/^[A-Z][A-Za-z0-9]*$/.test(operationId)) report('the operation id is in Pascal case', operationId);
  if (summary === '' || summary.length > 80 || summary.includes('/') || !/[A-Za-z0-9]$/.test(summary))
    report('the summary has 1 to 80 characters, no slash and no punctuation at the end', operationId);
  if (!/^[A-Z].*\.$/s.test(description)) report('the description is a sentence', operationId);
  if (description.replace(/\.$/, '') === summary)
    report('summary and description are different', operationId);
}

/** A webhook trigger: where it subscribes, what it receives, and how it unsubscribes. */
function checkTrigger({ paths }: Swagger, operation: SwaggerOperation, report: Report): void {
  const { operationId, responses, parameters = [] } = operation;
  if (operation['x-ms-trigger'] === undefined) return;
  if (operation['x-ms-trigger'] !== 'single') report('a webhook sends single events', operationId);
  if (operation['x-ms-trigger-hint'] === undefined) report('a trigger has a hint', operationId);
  const urls = parameters.flatMap(({ schema }) =>
    Object.values(schema?.properties ?? {}).filter((field) => field['x-ms-notification-url'] === true),
  );
  if (urls.length !== 1) report('one field is the notification URL', operationId);
  if (responses[201]?.headers === undefined) report('the answer has Location', operationId);
  const path = Object.values(paths).find((each) => each.post === operation);
  if (path?.['x-ms-notification-content'] === undefined) report('the content is described', operationId);
  if (!Object.values(paths).some((each) => each.delete !== undefined))
    report('there is an operation to unsubscribe', operationId);
}

function checkParameters({ operationId, parameters = [] }: SwaggerOperation, report: Report): void {
  for (const parameter of parameters) {
    const place = `${operationId} ${parameter.name}`;
    checkSummary(parameter, place, report);
    if (parameter.description === undefined) report('a parameter has a description', place);
  }
  if (parameters.filter((each) => each.in === 'body').length > 1)
    report('there is one body at most', operationId);
}

function checkResponses({ operationId, responses }: SwaggerOperation, report: Report): void {
  const successes = Object.entries(responses).filter(([status]) => status.startsWith('2'));
  if (successes.length !== 1) report('one response is the success', operationId);
  for (const [status, { schema }] of successes)
    if (schema === undefined && status !== '204') report('a success has a schema', operationId);
}

function checkSummary(schema: Schema, place: string, report: Report): void {
  const summary = schema['x-ms-summary'] ?? '';
  if (summary === '' || summary.length > 80) report('the x-ms-summary has 1 to 80 characters', place);
}

interface PlacedSchema {
  readonly schema: Schema;
  readonly place: string;
}

/** The schemas of all bodies, responses, events and definitions. */
function schemasOf(document: Swagger): readonly PlacedSchema[] {
  const ofOperations = operationsOf(document).flatMap(({ operationId, parameters = [], responses }) => [
    ...parameters.map(({ schema }) => ({ schema, place: `${operationId} body` })),
    ...Object.values(responses).map(({ schema }) => ({ schema, place: `${operationId} answer` })),
  ]);
  const events = Object.values(document.paths).map((path) => ({
    schema: (path['x-ms-notification-content'] as { readonly schema?: Schema } | undefined)?.schema,
    place: 'event',
  }));
  const definitions = Object.entries(document.definitions).map(([place, schema]) => ({ schema, place }));
  return [...ofOperations, ...events, ...definitions].flatMap(({ schema, place }) =>
    schema === undefined ? [] : [{ schema, place }],
  );
}

function checkSchema(document: Swagger, { schema, place }: PlacedSchema, report: Report): void {
  if (schema.$ref !== undefined) {
    if (document.definitions[schema.$ref.replace('#/definitions/', '')] === undefined)
      report('a reference has a target', place);
    if (Object.keys(schema).length > 1) report('nothing stands beside a reference', place);
    return;
  }
  if (schema.type === undefined) report('a schema has a type', place);
  if (schema.type === 'array' && schema.items === undefined) report('an array has items', place);
  const required = Array.isArray(schema.required) ? (schema.required as readonly string[]) : [];
  for (const [name, field] of Object.entries(schema.properties ?? {})) {
    const fieldPlace = `${place}.${name}`;
    if (field.$ref === undefined) checkSummary(field, fieldPlace, report);
    if (isHidden(field) && required.includes(name) && field.default === undefined)
      report('a hidden required field has a default', fieldPlace);
    checkPickList(document, { schema: field, place: fieldPlace }, report);
    checkSchema(document, { schema: field, place: fieldPlace }, report);
  }
  if (schema.items !== undefined)
    checkSchema(document, { schema: schema.items, place: `${place}[]` }, report);
}

/** The notification URL is filled in by the platform. */
function isHidden(field: Schema): boolean {
  return field['x-ms-visibility'] === 'internal' && field['x-ms-notification-url'] !== true;
}

function checkPickList(document: Swagger, { schema, place }: PlacedSchema, report: Report): void {
  const list = schema['x-ms-dynamic-values'];
  if (list === undefined) return;
  const operation = operationsOf(document).find(({ operationId }) => operationId === list.operationId);
  const known = operation?.parameters?.map(({ name }) => name) ?? [];
  if (operation === undefined || !Object.keys(list.parameters).every((name) => known.includes(name)))
    report('a pick list calls an operation of the document with its parameters', place);
}
