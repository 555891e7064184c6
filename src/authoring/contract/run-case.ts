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

/** What came of one test: no faults = passed. Sentences a person can act on. */
export interface ContractCaseResult {
  readonly operation: string;
  readonly name: string;
  readonly file: string;
  readonly failures: readonly string[];
}

/** Plays one contract test of an action: every request as written, none left over, the promised result. */
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

/** Plays the polls of a trigger's contract test, each from the checkpoint of the one before. */
export async function runPollCase(
  runtime: Pick<Runtime, 'definition' | 'validator'>,
  trigger: TriggerDefinition,
  test: PollTest,
): Promise<ContractCaseResult> {
  const exchanges = test.polls.flatMap((poll) =>
    poll.exchanges.map((step) => ({ ...step, receives: withDate(step.receives, poll.at) })),
  );
  const { client, script, world } = await openTestClient(runtime, exchanges);
  const failures: string[] = [];
  let checkpoint: Checkpoint | undefined;
  for (const [index, poll] of test.polls.entries()) {
    world.setTime(Date.parse(poll.at));
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
  const world = createTestServices(script.send);
  return {
    script,
    world,
    client: createClient(openConnection(withTestServices(runtime, world), settings, testCredential)),
  };
}

async function refuseRequest(request: HttpRequest): Promise<never> {
  throw new Error(`nothing is sent to ${request.url}`);
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
  if ('error' in outcome) {
    if (test.fails === undefined) return [`failed: ${explainError(outcome.error)}`];
    const { error } = outcome;
    if (!(error instanceof ConnectorError)) return [`failed with something else: ${String(error)}`];
    if (error.code !== test.fails.code)
      return [`expected ${test.fails.code}, failed with ${explainError(error)}`];
    const { message } = test.fails;
    return message === undefined || error.message.includes(message)
      ? []
      : [`expected a message with "${message}", got "${error.message}"`];
  }
  if (test.fails !== undefined) return [`expected ${test.fails.code}, but it succeeded`];
  return test.returns === undefined || isSameJson(test.returns, outcome.value)
    ? []
    : [`expected ${JSON.stringify(test.returns)}, returned ${JSON.stringify(outcome.value)}`];
}

function compareItems(
  index: number,
  wanted: readonly JsonObject[],
  emitted: readonly JsonObject[],
): string[] {
  if (wanted.length !== emitted.length) {
    return [`poll ${index + 1}: expected ${wanted.length} items, emitted ${emitted.length}`];
  }
  return wanted.flatMap((item, i) => {
    const seen = emitted[i]!;
    const row = pick(seen.row as JsonObject, Object.keys((item.row ?? {}) as JsonObject));
    const same = isSameJson(item, {
      ...pick(seen, Object.keys(item)),
      ...(item.row === undefined ? {} : { row }),
    });
    return same
      ? []
      : [
          `poll ${index + 1}, item ${i + 1}: expected ${JSON.stringify(item)}, emitted ${JSON.stringify(seen)}`,
        ];
  });
}

function pick(object: JsonObject, names: readonly string[]): JsonObject {
  return Object.fromEntries(
    names.filter((name) => Object.hasOwn(object, name)).map((name) => [name, object[name]!]),
  );
}

function explainError(error: unknown): string {
  return error instanceof ConnectorError ? `${error.code}: ${error.message}` : String(error);
}
