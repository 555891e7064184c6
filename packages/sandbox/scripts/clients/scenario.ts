import type { Exchange, Gateway } from './gateway.ts';

/** One thing that a client does with an organization. */
export interface Scenario {
  readonly name: string;
  /** Throws when the client fails or when it does not get what it asked for. */
  readonly run: () => Promise<unknown>;
  /** Whether a refused request belongs to the scenario. Default: false, so that every 4xx and 5xx answer fails it. */
  readonly expectsRefusal?: boolean;
  /** Maximum duration. Default: 30 seconds. */
  readonly maxMs?: number;
}

/** A client with its scenarios. */
export interface ClientSuite {
  /** `name@version` */
  readonly client: string;
  readonly scenarios: readonly Scenario[];
  /** Ends what the suite started. */
  readonly close?: () => Promise<void>;
}

/** The result of a scenario. */
export interface ScenarioResult {
  readonly name: string;
  /** What went wrong; undefined when the scenario passed. */
  readonly problem?: string;
  readonly refused?: Exchange;
}

/** Runs the scenarios of a client one after the other. */
export async function runSuite(
  { scenarios }: ClientSuite,
  gateway: Gateway,
): Promise<readonly ScenarioResult[]> {
  const results: ScenarioResult[] = [];
  for (const scenario of scenarios) results.push(await runScenario(scenario, gateway));
  return results;
}

const maxScenarioMs = 30_000;

async function runScenario(scenario: Scenario, gateway: Gateway): Promise<ScenarioResult> {
  const { name, expectsRefusal = false } = scenario;
  gateway.takeExchanges();
  const problem = await withDeadline(scenario).then(() => undefined, describeError);
  const refused = gateway.takeExchanges().findLast(({ status }) => status >= 400);
  if (problem === undefined && (refused === undefined || expectsRefusal)) return { name };
  return { name, problem: problem ?? 'a request was refused', refused };
}

async function withDeadline({ run, maxMs = maxScenarioMs }: Scenario): Promise<void> {
  const { promise, reject } = Promise.withResolvers<never>();
  const timer = setTimeout(() => reject(new Error(`no result after ${maxMs} ms`)), maxMs);
  try {
    await Promise.race([run(), promise]);
  } finally {
    clearTimeout(timer);
  }
}

/** Clients throw errors, lists of errors, plain objects and texts. */
function describeError(error: unknown): string {
  if (Array.isArray(error)) return error.map(describeError).join('; ');
  if (error instanceof Error) return error.message || error.name;
  if (typeof error === 'object' && error !== null && 'message' in error) return String(error.message);
  return typeof error === 'string' ? error : String(JSON.stringify(error));
}

/** Throws when a client did not get what it asked for. */
export function check(holds: boolean, expectation: string): void {
  if (!holds) throw new Error(`expected ${expectation}`);
}
