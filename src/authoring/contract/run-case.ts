import { openConnection } from '../../client/connect.ts';
import { createClient } from '../../client/create-client.ts';
import type { Runtime } from '../../client/runtime.ts';
import { ConnectorError } from '../../errors/connector-error.ts';
import type {
  ActionDefinition,
  ContractTest,
  MockResponse,
  PollTest,
  TriggerDefinition,
} from '../../model/definition.ts';
import type { HttpRequest } from '../../model/http.ts';
import type { Json, JsonObject } from '../../model/json.ts';
import type { Checkpoint } from '../../model/plan.ts';
import { createTestServices, testCredential, testOrigin, withTestServices } from './fixture.ts';
import { createScriptedSender, type ScriptedExchange, type ScriptedSender } from './scripted-sender.ts';
import { findDifferences, type TestFailure } from './test-failure.ts';
import { createTestOrganization } from './test-organization.ts';

/** The result of one contract test. */
export interface ContractCaseResult {
  readonly operation: string;
  readonly name: string;
  readonly file: string;
  /** Its position in the list of tests of its file; undefined for a built-in test. */
  readonly index?: number;
  /** What failed; empty if the test passed. */
  readonly failures: readonly TestFailure[];
}

/** Runs one contract test of an action: it must send exactly the expected requests and return the expected output. */
export async function runActionCase(
  runtime: Pick<Runtime, 'definition' | 'validator'>,
  action: ActionDefinition,
  test: ContractTest,
): Promise<ContractCaseResult> {
  const { client, script } = openTestClient(
    runtime,
    test.exchanges.map((step, index) => ({ ...step, part: ['exchanges', index] })),
  );
  const outcome = await captureOutcome(() =>
    client.run(action.id, test.input).then((result) => result.output),
  );
  const failures = [...script.failures(), ...compareOutcome(test, outcome)];
  return { operation: action.id, name: test.name, file: action.file, index: test.index, failures };
}

/** What a call has sent and returned. */
export interface Replay {
  readonly requests: readonly HttpRequest[];
  readonly baseUrl: string;
  readonly outcome: Pick<ContractTest, 'returns' | 'fails'>;
  /** It has sent more requests than there are responses. */
  readonly hasUnexpected: boolean;
}

/** Runs an action without a network, against these responses. */
export async function replayAction(
  runtime: Pick<Runtime, 'definition' | 'validator'>,
  action: ActionDefinition,
  input: JsonObject,
  responses: readonly MockResponse[],
): Promise<Replay> {
  const baseUrl = testBaseUrl(runtime);
  const sender = createScriptedSender(
    responses.map((receives) => ({ receives })),
    baseUrl,
  );
  const { client } = openClientOf(runtime, sender);
  const outcome = await captureOutcome(() => client.run(action.id, input).then(({ output }) => output));
  const { requests } = sender;
  return {
    requests,
    baseUrl,
    outcome: toExpected(outcome),
    hasUnexpected: requests.length > responses.length,
  };
}

/** What a test states for this outcome. */
function toExpected(outcome: CapturedOutcome<Json>): Replay['outcome'] {
  if (!('error' in outcome)) return { returns: outcome.value };
  if (!(outcome.error instanceof ConnectorError)) throw outcome.error;
  return { fails: { code: outcome.error.code } };
}

/** Runs the polls of a trigger's contract test; each starts from the checkpoint of the one before. */
export async function runPollCase(
  runtime: Pick<Runtime, 'definition' | 'validator'>,
  trigger: TriggerDefinition,
  test: PollTest,
): Promise<ContractCaseResult> {
  const { client, script, services, setRows } = openPollClient(runtime, trigger, test);
  const failures: TestFailure[] = [];
  let checkpoint: Checkpoint | undefined;
  for (const [index, poll] of test.polls.entries()) {
    const atMs = Date.parse(poll.at);
    services.setTime(atMs);
    setRows(poll.rows, atMs);
    const outcome = await captureOutcome(() => client.poll(trigger.id, test.params, checkpoint));
    if ('error' in outcome || poll.fails !== undefined) {
      const found = compareFailure(poll.fails, outcome);
      failures.push(
        ...found.map(({ message }) => ({
          message: `poll ${index + 1}: ${message}`,
          part: ['polls', index, 'fails'],
        })),
      );
      break;
    }
    checkpoint = outcome.value.checkpoint;
    const emitted = outcome.value.items.map(({ change, row }) => ({ change, row }));
    failures.push(...compareItems(index, poll.emits ?? [], emitted));
  }
  return {
    operation: trigger.id,
    name: test.name,
    file: trigger.file,
    index: test.index,
    failures: [...script.failures(), ...failures],
  };
}

/** A client whose organization has the rows of the test, or answers as its exchanges say. */
function openPollClient(
  runtime: Pick<Runtime, 'definition' | 'validator'>,
  { watch }: TriggerDefinition,
  { polls }: PollTest,
) {
  const table = watch.table === undefined ? undefined : runtime.definition.tables[watch.table];
  if (table !== undefined && polls.every(({ exchanges }) => exchanges === undefined)) {
    const organization = createTestOrganization(table, testBaseUrl(runtime));
    return { ...openClientOf(runtime, organization), setRows: organization.setRows };
  }
  const exchanges = polls.flatMap((poll, at) =>
    (poll.exchanges ?? []).map((step, index) => ({
      ...step,
      receives: withDate(step.receives, poll.at),
      part: ['polls', at, 'exchanges', index],
    })),
  );
  return { ...openTestClient(runtime, exchanges), setRows: () => {} };
}

/** The base URL of the Web API in contract tests. */
function testBaseUrl(runtime: Pick<Runtime, 'definition' | 'validator'>): string {
  const services = createTestServices(refuseRequest);
  return openConnection(withTestServices(runtime, services), testSettings, testCredential).baseUrl;
}

const testSettings = { orgUrl: testOrigin };

function openTestClient(
  runtime: Pick<Runtime, 'definition' | 'validator'>,
  exchanges: readonly ScriptedExchange[],
) {
  return openClientOf(runtime, createScriptedSender(exchanges, testBaseUrl(runtime)));
}

function openClientOf(
  runtime: Pick<Runtime, 'definition' | 'validator'>,
  script: Pick<ScriptedSender, 'send' | 'failures'>,
) {
  const services = createTestServices(script.send);
  const connection = openConnection(withTestServices(runtime, services), testSettings, testCredential);
  return { script, services, client: createClient(connection) };
}

async function refuseRequest(request: HttpRequest): Promise<never> {
  throw new Error(`Unexpected request to ${request.url}`);
}

function withDate(receives: ScriptedExchange['receives'], at: string): ScriptedExchange['receives'] {
  if (receives === 'reset') return receives;
  return { ...receives, headers: { date: new Date(at).toUTCString(), ...receives.headers } };
}

type CapturedOutcome<T> = { readonly value: T } | { readonly error: unknown };

async function captureOutcome<T>(work: () => Promise<T>): Promise<CapturedOutcome<T>> {
  try {
    return { value: await work() };
  } catch (error) {
    return { error };
  }
}

function compareOutcome(test: ContractTest, outcome: CapturedOutcome<Json>): readonly TestFailure[] {
  if ('error' in outcome || test.fails !== undefined) return compareFailure(test.fails, outcome);
  if (test.returns === undefined) return [];
  const differences = findDifferences(test.returns, outcome.value);
  if (differences.length === 0) return [];
  return [{ message: 'another output was returned', part: ['returns'], differences, actual: outcome.value }];
}

function compareFailure(
  expected: ContractTest['fails'],
  outcome: CapturedOutcome<unknown>,
): readonly TestFailure[] {
  const message =
    'error' in outcome
      ? compareError(expected, outcome.error)
      : `expected ${expected?.code}, but the call succeeded`;
  return message === undefined ? [] : [{ message, part: ['fails'] }];
}

function compareError(expected: ContractTest['fails'], error: unknown): string | undefined {
  if (expected === undefined) return `failed: ${explainError(error)}`;
  const { code, message } = expected;
  if (!(error instanceof ConnectorError) || error.code !== code) {
    return `expected ${code}, failed with ${explainError(error)}`;
  }
  return message === undefined || error.message.includes(message)
    ? undefined
    : `expected a message with "${message}", got "${error.message}"`;
}

function compareItems(
  index: number,
  expected: readonly JsonObject[],
  emitted: readonly JsonObject[],
): readonly TestFailure[] {
  const part = ['polls', index, 'emits'];
  if (expected.length !== emitted.length) {
    const message = `poll ${index + 1}: expected ${expected.length} items, emitted ${emitted.length}`;
    return [{ message, part, differences: findDifferences(expected, emitted), actual: emitted }];
  }
  return emitted.flatMap((item, at) => {
    const pattern = expected[at] ?? {};
    const actual = pickMembers(item, pattern);
    const differences = findDifferences(pattern, actual);
    if (differences.length === 0) return [];
    const message = `poll ${index + 1}: item ${at + 1} is another one`;
    return [{ message, part: [...part, at], differences, actual }];
  });
}

/** The members of an item that the expected item has too; those of `row` likewise. */
function pickMembers(item: JsonObject, pattern: JsonObject): JsonObject {
  const row = pick(item.row as JsonObject, (pattern.row ?? {}) as JsonObject);
  const picked = pick(item, pattern);
  return pattern.row === undefined ? picked : { ...picked, row };
}

function pick(object: JsonObject, pattern: JsonObject): JsonObject {
  return Object.fromEntries(Object.entries(object).filter(([name]) => Object.hasOwn(pattern, name)));
}

function explainError(error: unknown): string {
  return error instanceof ConnectorError ? `${error.code}: ${error.message}` : String(error);
}
