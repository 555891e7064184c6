import { createClient } from '../../client/client.ts';
import { openConnection } from '../../client/connect.ts';
import type { Runtime } from '../../client/runtime.ts';
import { ConnectorError } from '../../errors/connector-error.ts';
import type { ActionDefinition, ContractTest, PollTest, TriggerDefinition } from '../../model/definition.ts';
import type { HttpRequest } from '../../model/http.ts';
import type { Json, JsonObject } from '../../model/json.ts';
import type { Checkpoint } from '../../model/plan.ts';
import { isSameJson } from './compare-request.ts';
import { createTestServices, testCredential, testOrigin, withTestServices } from './fixture.ts';
import { createScriptedSender, type ScriptedExchange } from './scripted-sender.ts';

/** The result of one contract test. */
export interface ContractCaseResult {
  readonly operation: string;
  readonly name: string;
  readonly file: string;
  /** What failed; empty if the test passed. */
  readonly failures: readonly string[];
}

/** Runs one contract test of an action: it must send exactly the expected requests and return the expected output. */
export async function runActionCase(
  runtime: Pick<Runtime, 'definition' | 'validator'>,
  action: ActionDefinition,
  test: ContractTest,
): Promise<ContractCaseResult> {
  const { client, script } = await openTestClient(runtime, test.exchanges);
  const outcome = await captureOutcome(() =>
    client.run(action.id, test.input).then((result) => result.output),
  );
  const failures = [...script.failures(), ...compareOutcome(test, outcome)];
  return { operation: action.id, name: test.name, file: action.file, failures };
}

/** Runs the polls of a trigger's contract test; each starts from the checkpoint of the one before. */
export async function runPollCase(
  runtime: Pick<Runtime, 'definition' | 'validator'>,
  trigger: TriggerDefinition,
  test: PollTest,
): Promise<ContractCaseResult> {
  const exchanges = test.polls.flatMap((poll) =>
    poll.exchanges.map((step) => ({ ...step, receives: withDate(step.receives, poll.at) })),
  );
  const { client, script, services } = await openTestClient(runtime, exchanges);
  const failures: string[] = [];
  let checkpoint: Checkpoint | undefined;
  for (const [index, poll] of test.polls.entries()) {
    services.setTime(Date.parse(poll.at));
    const outcome = await captureOutcome(() => client.poll(trigger.id, test.params, checkpoint));
    if ('error' in outcome) {
      failures.push(`poll ${index + 1} failed: ${explainError(outcome.error)}`);
      break;
    }
    checkpoint = outcome.value.checkpoint;
    const emitted = outcome.value.items.map(({ change, row }) => ({ change, row }));
    failures.push(...compareItems(index, poll.emits, emitted));
  }
  return {
    operation: trigger.id,
    name: test.name,
    file: trigger.file,
    failures: [...script.failures(), ...failures],
  };
}

async function openTestClient(
  runtime: Pick<Runtime, 'definition' | 'validator'>,
  exchanges: readonly ScriptedExchange[],
) {
  const settings = { orgUrl: testOrigin };
  const planningConnection = openConnection(
    withTestServices(runtime, createTestServices(refuseRequest)),
    settings,
    testCredential,
  );
  const script = createScriptedSender(exchanges, planningConnection.baseUrl);
  const services = createTestServices(script.send);
  return {
    script,
    services,
    client: createClient(openConnection(withTestServices(runtime, services), settings, testCredential)),
  };
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

function compareOutcome(test: ContractTest, outcome: CapturedOutcome<Json>): string[] {
  if ('error' in outcome) return compareError(test.fails, outcome.error);
  if (test.fails !== undefined) return [`expected ${test.fails.code}, but the call succeeded`];
  return test.returns === undefined || isSameJson(test.returns, outcome.value)
    ? []
    : [`expected ${JSON.stringify(test.returns)}, returned ${JSON.stringify(outcome.value)}`];
}

function compareError(expected: ContractTest['fails'], error: unknown): string[] {
  if (expected === undefined) return [`failed: ${explainError(error)}`];
  const { code, message } = expected;
  if (!(error instanceof ConnectorError) || error.code !== code) {
    return [`expected ${code}, failed with ${explainError(error)}`];
  }
  return message === undefined || error.message.includes(message)
    ? []
    : [`expected a message with "${message}", got "${error.message}"`];
}

function compareItems(
  index: number,
  expected: readonly JsonObject[],
  emitted: readonly JsonObject[],
): string[] {
  if (expected.length !== emitted.length) {
    return [`poll ${index + 1}: expected ${expected.length} items, emitted ${emitted.length}`];
  }
  return emitted.flatMap((item, at) => {
    const pattern = expected[at] ?? {};
    if (isSameJson(pattern, pickMembers(item, pattern))) return [];
    const difference = `expected ${JSON.stringify(pattern)}, emitted ${JSON.stringify(item)}`;
    return [`poll ${index + 1}, item ${at + 1}: ${difference}`];
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
