import { describeOperation } from '../../src/host.ts';
import type { StepPlan } from '../../src/index.ts';
import type {
  ActionDefinition,
  ConnectorDefinition,
  ContractTest,
  TriggerDefinition,
} from '../../src/model/definition.ts';
import type { Json, JsonObject } from '../../src/model/json.ts';
import { exampleInput, exampleParams } from '../docs/example-input.ts';
import {
  columnsTable,
  inputLines,
  outputText,
  requestText,
  watchedTableText,
} from '../docs/operation-text.ts';

export interface OperationSources {
  readonly definition: ConnectorDefinition;
  /** The requests of an action, without sending them. */
  readonly plan: (action: string, input: JsonObject) => readonly StepPlan[];
  /** Where the files of the repo are shown. */
  readonly sourceUrl: string;
}

/** The page of an action: input, how to call it, the exact request, the answer. */
export function actionPage(action: ActionDefinition, sources: OperationSources): string {
  const { definition } = sources;
  const input = exampleInput(action, definition);
  const test = action.tests.find(({ fails }) => fails === undefined);
  return page([
    ...head(action, definition),
    effectsText(action),
    '',
    '## Input',
    '',
    ...orNone(
      inputLines(action.input, columnsTable(action, definition.tables), ({ name }) => `../tables/${name}.md`),
    ),
    '## Example',
    '',
    ...calls([
      ['TypeScript', 'ts', `const { output } = await client.run('${action.id}', ${indented(input)});`],
      ['Command line', 'sh', `d365 run ${action.id} --input '${shellText(input)}'`],
      ['REST', 'sh', restCall(`actions/${action.id}`, input)],
      ['Input', 'json', JSON.stringify(input, null, 2)],
    ]),
    '## Exact request',
    '',
    // What an action of code sends follows from responses.
    ...requestLines(action, action.handler === undefined ? sources.plan(action.id, input) : [], test),
    '## Answer',
    '',
    `Returns ${outputText(action, definition.tables)}.${outputLink(action)}`,
    '',
    ...(test?.returns === undefined || test.returns === null
      ? []
      : ['```json', JSON.stringify(test.returns, null, 2), '```', '']),
    `Errors: [codes and what to do](../reference/errors.md). Defined in [${action.file}](${sources.sourceUrl}/${action.file}).`,
  ]);
}

/** The page of a trigger: params, how to poll it, what an item has. */
export function triggerPage(trigger: TriggerDefinition, { definition, sourceUrl }: OperationSources): string {
  const { id, watch, input, file, tests } = trigger;
  const params = exampleParams(trigger);
  const columns = watch.due === undefined ? watch.columns : [...watch.columns, watch.due];
  const item = tests.flatMap(({ polls }) => polls.flatMap(({ emits = [] }) => emits))[0];
  return page([
    ...head(trigger, definition),
    `Watches ${watchedTableText(watch)} for: ${watch.changes.join(' or ')}${columns.length === 0 ? '' : ` (${columns.join(', ')})`}. Polls every ${watch.intervalMs / 1000} s by default.`,
    '',
    '## Params',
    '',
    ...orNone(inputLines(input, undefined)),
    '## Example',
    '',
    ...calls([
      [
        'TypeScript',
        'ts',
        `const start = await client.poll('${id}', ${indented(params)}); // the first poll records where to start\nconst { items, checkpoint } = await client.poll('${id}', ${indented(params)}, start.checkpoint);`,
      ],
      ['worker.yaml', 'yaml', workerYaml(id, params)],
      ['REST', 'sh', restCall(`triggers/${id}/poll`, { params })],
    ]),
    '## Items',
    '',
    'The `row` of an item has the columns of a row of `list`. `id` is stable, so a consumer that remembers ids processes each event once. Of two items of one row, the one with the higher `epoch`, then `sequence`, is newer.',
    '',
    ...(item === undefined ? [] : ['```json', JSON.stringify(item, null, 2), '```', '']),
    `Defined in [${file}](${sourceUrl}/${file}).`,
  ]);
}

function head(operation: ActionDefinition | TriggerDefinition, definition: ConnectorDefinition) {
  const { id, title, description, group } = operation;
  const { name, keywords } = describeOperation(definition, operation);
  return [
    '---',
    `title: ${JSON.stringify(`${id}: ${title}`)}`,
    `description: ${JSON.stringify(description)}`,
    '---',
    `# ${id}`,
    '',
    `**${title}.** ${description}`,
    '',
    `In forms: *${group}: ${name}*.${keywords.length === 0 ? '' : ` Also found as: ${keywords.join(', ')}.`}`,
    '',
  ];
}

function effectsText({ effects, request }: ActionDefinition): string {
  const words = [
    effects.readOnly ? 'Only reads.' : 'Writes.',
    ...(effects.destructive ? ['Its effect cannot be undone.'] : []),
    ...(effects.sendsMessage ? ['Sends a message to people.'] : []),
    ...(effects.idempotent || effects.readOnly ? ['Repeating it has the same effect as one call.'] : []),
    ...(request?.safety === 'once'
      ? ['After a broken connection it is not sent again: the error says so.']
      : []),
  ];
  return words.join(' ');
}

function outputLink({ output }: ActionDefinition): string {
  const isRow = output.kind === 'row' || output.kind === 'rows';
  return isRow ? ` Its [columns](../tables/${output.table}.md).` : '';
}

function requestLines(
  action: ActionDefinition,
  plans: readonly StepPlan[],
  test: ContractTest | undefined,
): string[] {
  const planned = plans.flatMap(({ plan }) => (plan === undefined ? [] : [plan]));
  if (planned.length > 0) {
    return planned.flatMap(({ method, url, headers, body }) =>
      httpLines({
        method,
        target: decodeURIComponent(url),
        headers,
        ...(body === undefined ? {} : { body: body as Json }),
      }),
    );
  }
  const sent = test?.exchanges ?? [];
  return [
    `Sends ${requestText(action)}.${sent.length === 0 ? '' : ' For this example:'}`,
    '',
    ...sent.flatMap(({ sends: { method, path, query = {}, headers = {}, body } }) => {
      const options = Object.entries(query).map(([name, value]) => `${name}=${value}`);
      const target = options.length === 0 ? path : `${path}?${options.join('&')}`;
      return httpLines({ method, target, headers, ...(body === undefined ? {} : { body }) });
    }),
  ];
}

interface HttpText {
  readonly method: string;
  readonly target: string;
  readonly headers: Readonly<Record<string, string>>;
  readonly body?: Json;
}

function httpLines({ method, target, headers, body }: HttpText): string[] {
  return [
    '```http',
    `${method} ${target}`,
    ...Object.entries(headers).map(([name, value]) => `${name}: ${value}`),
    ...(body === undefined ? [] : ['', typeof body === 'string' ? body : JSON.stringify(body, null, 2)]),
    '```',
    '',
  ];
}

/** Several ways to say one thing, as tabs. */
function calls(ways: readonly (readonly [title: string, language: string, text: string])[]): string[] {
  const blocks = ways.flatMap(([title, language, text]) => [`\`\`\`${language} [${title}]`, text, '```', '']);
  return ['::: code-group', '', ...blocks, ':::', ''];
}

function restCall(path: string, body: JsonObject): string {
  return [
    `curl -X POST "$SERVICE/v1/connections/contoso/${path}" \\`,
    '  -H "Authorization: Bearer $D365_KEY" -H "Content-Type: application/json" \\',
    `  -d '${shellText(body)}'`,
  ].join('\n');
}

function workerYaml(id: string, params: JsonObject): string {
  return [
    'subscriptions:',
    `  ${id.replace('.', '-')}:`,
    '    connection: contoso',
    `    trigger: ${id}`,
    ...(Object.keys(params).length === 0 ? [] : [`    params: ${JSON.stringify(params)}`]),
    '    deliver: { webhook: { url: "https://example.com/hook", secret: { env: HOOK_SECRET } } }',
  ].join('\n');
}

const indented = (value: JsonObject) =>
  Object.keys(value).length === 0 ? '{}' : JSON.stringify(value, null, 2);
const shellText = (value: JsonObject) => JSON.stringify(value).replaceAll("'", `'"'"'`);
const orNone = (lines: readonly string[]) => (lines.length === 0 ? ['None.', ''] : lines);
const page = (lines: readonly string[]) => `${lines.join('\n')}\n`;
