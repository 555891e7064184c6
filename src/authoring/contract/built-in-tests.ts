import { openConnection } from '../../client/connect.ts';
import { createClient } from '../../client/create-client.ts';
import type { Runtime } from '../../client/runtime.ts';
import { ConnectorError } from '../../errors/connector-error.ts';
import type { ActionDefinition, RequestAction } from '../../model/definition.ts';
import type { JsonSchema } from '../../model/json.ts';
import { parseFilter } from '../../odata/query/parse-filter.ts';
import { requireTable } from '../../run/require-table.ts';
import { isJsonList, returnsList } from '../../run/returns-list.ts';
import { createTestServices, testCredential, testOrigin, testToken, withTestServices } from './fixture.ts';
import type { ContractCaseResult } from './run-case.ts';
import { fullInput, sampleInput } from './sample-input.ts';
import { createScriptedSender, type ScriptedExchange } from './scripted-sender.ts';

type TestRuntime = Pick<Runtime, 'definition' | 'validator'>;
/** A built-in test. Returns what failed, or undefined if the test does not apply to the action. */
type BuiltInTest<Action> = (runtime: TestRuntime, action: Action) => Promise<readonly string[] | undefined>;

/** Tests of every action. */
const inputTests: Readonly<Record<string, BuiltInTest<ActionDefinition>>> = {
  'rejects an input without a required property': requiredInputs,
  'rejects an unknown property': unknownProperty,
  'never logs a secret': secretsInLogs,
};

/** Tests of every action that sends one request. */
const requestTests: Readonly<Record<string, BuiltInTest<RequestAction>>> = {
  'never lets text in an input change the request': hostileText,
  'waits as long as a 429 response says': throttling,
  'never repeats a request that is not safe to repeat': connectionReset,
  'rejects a next link to another host and a repeated one': foreignNextLinks,
};

/** Runs the built-in tests of one action: no YAML is needed for them. */
export async function runBuiltInTests(
  runtime: TestRuntime,
  action: ActionDefinition,
): Promise<readonly ContractCaseResult[]> {
  const results: ContractCaseResult[] = [];
  const addResult = (name: string, failures: readonly string[] | undefined) => {
    if (failures !== undefined)
      results.push({
        operation: action.id,
        name,
        file: action.file,
        failures: failures.map((message) => ({ message })),
      });
  };
  for (const [name, test] of Object.entries(inputTests)) addResult(name, await test(runtime, action));
  if (action.handler !== undefined) return results;
  for (const [name, test] of Object.entries(requestTests)) addResult(name, await test(runtime, action));
  return results;
}

async function runScript(
  runtime: TestRuntime,
  action: ActionDefinition,
  script: readonly ScriptedExchange['receives'][],
  input = sampleInput(action),
) {
  const settings = { orgUrl: testOrigin };
  const sender = createScriptedSender(
    script.map((receives) => ({ receives })),
    '',
  );
  const services = createTestServices(sender.send);
  const client = createClient(openConnection(withTestServices(runtime, services), settings, testCredential));
  const error = await client.run(action.id, input).then(
    () => undefined,
    (reason: unknown) => reason as ConnectorError,
  );
  return { services, error, client, requests: sender.requests };
}

/** The smallest response that is valid for an action. */
function minimalResponse(
  { definition }: TestRuntime,
  { output, request }: RequestAction,
): ScriptedExchange['receives'] {
  if (output.kind === 'none') return { status: 204 };
  if (returnsList({ output, request }) || isJsonList(output)) return { status: 200, body: { value: [] } };
  if (output.kind === 'count') return { status: 200, body: { value: [{ count: 0 }] } };
  if (!('table' in output)) return { status: 200, body: {} };
  const { key } = requireTable(definition, output.table);
  return { status: 200, body: { [key]: '11111111-1111-4111-8111-111111111111' } };
}

async function requiredInputs(runtime: TestRuntime, action: ActionDefinition) {
  const required = (action.input.required ?? []) as readonly string[];
  if (required.length === 0) return undefined;
  const failures: string[] = [];
  for (const name of required) {
    const { [name]: _, ...rest } = sampleInput(action);
    const { error, requests } = await runScript(runtime, action, [], rest);
    if (error?.code !== 'INPUT_INVALID' || requests.length > 0)
      failures.push(`an input without "${name}" is accepted`);
  }
  return failures;
}

async function unknownProperty(runtime: TestRuntime, action: ActionDefinition) {
  const input = { ...sampleInput(action), unknownProperty: 1 };
  const { error, requests } = await runScript(runtime, action, [], input);
  return error?.code === 'INPUT_INVALID' && requests.length === 0
    ? []
    : ['an input with "unknownProperty" is accepted'];
}

/** Texts that would change the request if a value were not encoded. */
const hostileTexts = [
  "'",
  "' or 1 eq 1 or 'a' eq '",
  '") or (',
  '%_[a]',
  '{{input.id}}',
  '&$top=1',
  '#?/..',
  '\u0000\u2028',
];

async function hostileText(runtime: TestRuntime, action: RequestAction) {
  const base = fullInput(action);
  const properties = (action.input.properties ?? {}) as Readonly<Record<string, JsonSchema>>;
  const names = Object.keys(base).filter((name) => isFreeText(properties[name]));
  if (names.length === 0) return undefined;
  const { client } = await runScript(runtime, action, [], base);
  const expected = requestStructure(client.explain(action.id, base));
  return names.flatMap((name) =>
    hostileTexts.flatMap((text) => {
      try {
        const structure = requestStructure(client.explain(action.id, { ...base, [name]: text }));
        return structure === expected
          ? []
          : [`the text ${JSON.stringify(text)} in "${name}" changes the request`];
      } catch (error) {
        return error instanceof ConnectorError && error.code === 'INPUT_INVALID' ? [] : [String(error)];
      }
    }),
  );
}

function isFreeText(schema: JsonSchema | undefined): boolean {
  const types = [schema?.type].flat();
  return types.includes('string') && schema?.enum === undefined && schema?.format === undefined;
}

/** A request without its values: path segments, option names, the structure of the filter, keys of the body. */
function requestStructure(plan: { readonly url: string; readonly body?: unknown }): string {
  const url = new URL(plan.url);
  const filter = url.searchParams.get('$filter');
  return JSON.stringify([
    url.pathname
      .split('/')
      .map((segment) => (segment.endsWith(')') ? segment.replace(/\(.*$/, '()') : segment)),
    [...url.searchParams.keys()],
    filter === null ? null : treeShape(parseFilter(filter)),
    treeShape(plan.body),
  ]);
}

/** A tree without its values and its positions in the text. */
function treeShape(tree: unknown): unknown {
  if (Array.isArray(tree)) return tree.map(treeShape);
  if (tree === null || typeof tree !== 'object') return typeof tree;
  return Object.entries(tree)
    .filter(([key]) => key !== 'start' && key !== 'end')
    .map(([key, value]) => [key, key === 'kind' ? value : treeShape(value)]);
}

async function throttling(runtime: TestRuntime, action: RequestAction) {
  const throttled = {
    status: 429,
    headers: { 'retry-after': '7' },
    body: { error: { code: '0x80072322', message: 'Number of requests exceeded the limit of 6000.' } },
  };
  const { error, services, requests } = await runScript(runtime, action, [
    throttled,
    minimalResponse(runtime, action),
  ]);
  if (error !== undefined) return [`the call failed: ${error.message}`];
  const waitedMs = services.sleeps.reduce((sum, ms) => sum + ms, 0);
  return requests.length === 2 && waitedMs >= 7000
    ? []
    : [`the call sent ${requests.length} requests and waited ${waitedMs} ms`];
}

async function connectionReset(runtime: TestRuntime, action: RequestAction) {
  if (action.request.safety !== 'once') return undefined;
  const { error, requests } = await runScript(runtime, action, [
    'reset',
    { status: 404, body: { error: { code: '0x80040217', message: '' } } },
  ]);
  const repeated = requests.filter((request) => request.method === action.request.method).length;
  return error?.code === 'REQUEST_OUTCOME_UNKNOWN' && repeated === 1
    ? []
    : [`the call sent ${repeated} requests and ended with ${error?.code ?? 'success'}`];
}

async function foreignNextLinks(runtime: TestRuntime, action: RequestAction) {
  if (!returnsList(action)) return undefined;
  const page = (link: string) => ({ status: 200, body: { value: [], '@odata.nextLink': link } });
  const foreign = await runScript(runtime, action, [page('https://evil.example/api/data/v9.2/incidents')]);
  const [first] = foreign.requests;
  if (first === undefined) return ['the call sent no request'];
  const repeatedPage = page(`${testOrigin}${new URL(first.url).pathname}?$skiptoken=1`);
  const repeated = await runScript(runtime, action, Array(4).fill(repeatedPage));
  const failures: string[] = [];
  if (foreign.error?.code !== 'ORIGIN_REFUSED' || foreign.requests.length !== 1) {
    failures.push('the call follows a next link to another host');
  }
  if (repeated.error?.code !== 'RESPONSE_INVALID') failures.push('the call follows a repeated next link');
  return failures;
}

async function secretsInLogs(runtime: TestRuntime, action: ActionDefinition) {
  const forbidden = { status: 403, body: { error: { code: '0x80040220', message: 'forbidden' } } };
  const { error, services } = await runScript(runtime, action, [forbidden]);
  const logged = JSON.stringify([services.events, error, error?.stack]);
  return logged.includes(testToken) ? ['a log event or an error contains the access token'] : [];
}
