import type { Client } from '../../src/client/client.ts';
import type { Json, JsonObject } from '../../src/index.ts';

/** What a host returns for an action: its output, or its error as `toJSON()` of ConnectorError returns it. */
export type HostOutcome = { readonly output: Json } | { readonly error: JsonObject };

/** Runs one action in a host. */
export type RunAction = (action: string, input: JsonObject) => Promise<HostOutcome>;

/** The actions that the contract calls, for hosts that need to know them in advance. */
export const contractActions = [
  'case.create',
  'case.get',
  'case.update',
  'case.list',
  'case.count',
  'case.resolve',
  'case.delete',
  'case.nothing',
] as const;

/**
 * Runs the same calls in a host and returns the outcome of each, without values that differ between runs (ids,
 * numbers, times, versions). All hosts must return the same outcomes as the engine.
 */
export async function runHostContract(run: RunAction, customer: JsonObject): Promise<readonly unknown[]> {
  const outcomes: unknown[] = [];
  const call = async (action: (typeof contractActions)[number], input: JsonObject): Promise<HostOutcome> => {
    const outcome = await run(action, input);
    outcomes.push([action, normalize(outcome as unknown as Json)]);
    return outcome;
  };
  const created = await call('case.create', { title: 'The printer leaks', customer, priority: 'high' });
  const { id } = ('output' in created ? created.output : {}) as { id: string };
  await call('case.get', { id });
  await call('case.update', { id, priority: 'low', description: '“Drip”, 50 % of the time' });
  const columns = ['title', 'priority', 'customer', 'state'];
  await call('case.list', { search: 'printer leaks', state: 'active', limit: 1, columns });
  await call('case.count', { state: 'resolved' });
  await call('case.resolve', { id, subject: 'A new seal' });
  await call('case.update', { id, title: 'Too late' });
  await call('case.delete', { id });
  await call('case.get', { id });
  await call('case.get', { id: 'no id' });
  await call('case.create', { title: '', priority: 'urgent', color: 'red' });
  await call('case.nothing', {});
  return outcomes;
}

/** The engine itself, which the hosts are compared with. */
export function createEngineHost(client: Client): RunAction {
  return async (action, input) => {
    try {
      return { output: (await client.run(action, input)).output };
    } catch (error) {
      return { error: JSON.parse(JSON.stringify(error)) };
    }
  };
}

const volatileKeys = new Set(['requestId', 'serviceRequestId', 'version', 'number']);
const guidPattern = /[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}/gi;

function normalize(value: Json): unknown {
  if (typeof value === 'string') {
    if (/^\d{4}-\d\d-\d\dT/.test(value)) return 'a time';
    return value.replaceAll(guidPattern, 'an id');
  }
  if (value === null || typeof value !== 'object') return value;
  if (Array.isArray(value)) return value.map(normalize);
  const entries = Object.entries(value as JsonObject).filter(([name]) => !volatileKeys.has(name));
  return Object.fromEntries(entries.map(([name, inner]) => [name, normalize(inner)]));
}
