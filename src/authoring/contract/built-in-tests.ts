import { createClient } from '../../client/client.ts';
import { openConnection } from '../../client/connect.ts';
import type { Runtime } from '../../client/runtime.ts';
import { ConnectorError } from '../../errors/connector-error.ts';
import type { ActionDefinition, RequestAction } from '../../model/definition.ts';
import type { JsonSchema } from '../../model/json.ts';
import { parseFilter } from '../../odata/query/parse-filter.ts';
import { createTestServices, testCredential, testOrigin, testToken, withTestServices } from './fixture.ts';
import type { ContractCaseResult } from './run-case.ts';
import { fullInput, sampleInput } from './sample-input.ts';
import { createScriptedSender, type ScriptedExchange } from './scripted-sender.ts';

type TestRuntime = Pick<Runtime, 'definition' | 'validator'>;
/** One free test: faults in sentences; `undefined` when the action has nothing to test here. */
type BuiltInTest<Action> = (bench: TestRuntime, action: Action) => Promise<readonly string[] | undefined>;

/** What every action promises without a line of YAML. */
const inputTests: Readonly<Record<string, BuiltInTest<ActionDefinition>>> = {
  'a required input that is missing is refused': requiredInputs,
  'an unknown property is refused': unknownProperty,
  'nothing secret is logged': secretsInLogs,
};

/** What every action that is one request promises besides. */
const requestTests: Readonly<Record<string, BuiltInTest<RequestAction>>> = {
  'hostile text never changes the request': hostileText,
  '429 is obeyed': throttling,
  'a broken line never repeats work': connectionReset,
  'a foreign or repeated next link is refused': foreignNextLinks,
};

/** Runs the free tests of one action. */
export async function runBuiltInTests(
  runtime: TestRuntime,
  action: ActionDefinition,
): Promise<readonly ContractCaseResult[]> {
  const results: ContractCaseResult[] = [];
  const addResult = (name: string, failures: readonly string[] | undefined) => {
    if (failures !== undefined) results.push({ operation: action.id, name, file: action.file, failures });
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
  const world = createTestServices(sender.send);
  const client = createClient(openConnection(withTestServices(runtime, world), settings, testCredential));
  const error = await client.run(action.id, input).then(
    () => undefined,
    (reason: unknown) => reason as ConnectorError,
  );
  return { world, error, client, requests: sender.requests };
}

/** The shortest answer that satisfies an action. */
function minimalResponse(
  { definition }: TestRuntime,
  { output }: RequestAction,
): ScriptedExchange['receives'] {
  if (output.kind === 'none') return { status: 204 };
  if (output.kind === 'rows' || output.kind === 'links') return { status: 200, body: { value: [] } };
  if (output.kind === 'count') return { status: 200, body: { value: [{ count: 0 }] } };
  if (output.kind === 'json') return { status: 200, body: {} };
  return {
    status: 200,
    body: { [definition.tables[output.table]!.key]: '11111111-1111-4111-8111-111111111111' },
  };
}

async function requiredInputs(runtime: TestRuntime, action: ActionDefinition) {
  const required = (action.input.required ?? []) as readonly string[];
  if (required.length === 0) return undefined;
  const failures: string[] = [];
  for (const name of required) {
    const { [name]: _, ...rest } = sampleInput(action);
    const { error, requests } = await runScript(runtime, action, [], rest);
    if (error?.code !== 'INPUT_INVALID' || requests.length > 0)
      failures.push(`without "${name}" it was not refused`);
  }
  return failures;
}

async function unknownProperty(runtime: TestRuntime, action: ActionDefinition) {
  const { error, requests } = await runScript(runtime, action, [], { ...sampleInput(action), unheardOf: 1 });
  return error?.code === 'INPUT_INVALID' && requests.length === 0 ? [] : ['"unheardOf" was not refused'];
}

const hostile = [
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
  const harmless = requestStructure(client.explain(action.id, base));
  return names.flatMap((name) =>
    hostile.flatMap((text) => {
      try {
        const structure = requestStructure(client.explain(action.id, { ...base, [name]: text }));
        return structure === harmless
          ? []
          : [`"${name}" changes the request when it holds ${JSON.stringify(text)}`];
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

/** Everything of a request but its values: path segments, option names, the shape of the filter, body keys. */
function requestStructure(plan: { readonly url: string; readonly body?: unknown }): string {
  const url = new URL(plan.url);
  const filter = url.searchParams.get('$filter');
  return JSON.stringify([
    url.pathname.split('/').map((segment) => segment.replace(/\(.*\)$/, '()')),
    [...url.searchParams.keys()],
    filter === null ? null : treeShape(parseFilter(filter)),
    treeShape(plan.body),
  ]);
}

/** A tree with its values taken out; places in the text are values too. */
function treeShape(tree: unknown): unknown {
  if (Array.isArray(tree)) return tree.map(treeShape);
  if (tree === null || typeof tree !== 'object') return typeof tree;
  return Object.entries(tree)
    .filter(([key]) => key !== 'start' && key !== 'end')
    .map(([key, value]) => [key, key === 'kind' ? value : treeShape(value)]);
}

async function throttling(runtime: TestRuntime, action: RequestAction) {
  const busy = {
    status: 429,
    headers: { 'retry-after': '7' },
    body: { error: { code: '0x80072322', message: 'Number of requests exceeded the limit of 6000.' } },
  };
  const { error, world, requests } = await runScript(runtime, action, [
    busy,
    minimalResponse(runtime, action),
  ]);
  if (error !== undefined) return [`it failed: ${error.message}`];
  const waited = world.sleeps.reduce((sum, ms) => sum + ms, 0);
  return requests.length === 2 && waited >= 7000 ? [] : [`${requests.length} requests, waited ${waited} ms`];
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
    : [`${repeated} requests, ended with ${error?.code ?? 'success'}`];
}

async function foreignNextLinks(runtime: TestRuntime, action: RequestAction) {
  if (action.output.kind !== 'rows') return undefined;
  const page = (link: string) => ({ status: 200, body: { value: [], '@odata.nextLink': link } });
  const foreign = await runScript(runtime, action, [page('https://evil.example/api/data/v9.2/incidents')]);
  const path = new URL(foreign.requests[0]!.url).pathname;
  const again = page(`${testOrigin}${path}?$skiptoken=1`);
  const repeated = await runScript(runtime, action, [again, again, again, again]);
  return [
    ...(foreign.error?.code === 'ORIGIN_REFUSED' && foreign.requests.length === 1
      ? []
      : ['a foreign link was followed']),
    ...(repeated.error?.code === 'RESPONSE_INVALID' ? [] : ['a repeated link was followed again']),
  ];
}

async function secretsInLogs(runtime: TestRuntime, action: ActionDefinition) {
  const refused = {
    status: 403,
    body: { error: { code: '0x80040220', message: `no ${testToken.length}` } },
  };
  const { error, world } = await runScript(runtime, action, [refused]);
  const seen = JSON.stringify([world.events, error, error?.stack]);
  return seen.includes(testToken) ? ['the access token stands in a log line or an error'] : [];
}
