import type { Client } from '../../src/client/client.ts';
import type { Json, JsonObject } from '../../src/index.ts';

/** What a host gives back for an action: its output, or its error as `toJSON()` says it. */
export type Outcome = { readonly output: Json } | { readonly error: JsonObject };

/** A host, reduced to running one action. */
export type Run = (action: string, input: JsonObject) => Promise<Outcome>;

/** Actions that the script calls; a host that must know them beforehand finds them here. */
export const scriptActions = [
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
 * The same day at the help desk for every host: what each call came to, without what cannot be the same twice
 * (ids, numbers, times, versions).
 */
export async function playScript(run: Run, customer: JsonObject): Promise<readonly unknown[]> {
  const seen: unknown[] = [];
  const call = async (action: (typeof scriptActions)[number], input: JsonObject): Promise<Outcome> => {
    const outcome = await run(action, input);
    seen.push([action, lasting(outcome as unknown as Json)]);
    return outcome;
  };
  const made = await call('case.create', { title: 'The kettle leaks', customer, priority: 'high' });
  const { id } = ('output' in made ? made.output : {}) as { id: string };
  await call('case.get', { id });
  await call('case.update', { id, priority: 'low', description: '“Drip”, 50 % of the time' });
  await call('case.list', { search: 'kettle leaks', state: 'active', limit: 1 });
  await call('case.count', { state: 'resolved' });
  await call('case.resolve', { id, subject: 'A new seal' });
  await call('case.update', { id, title: 'Too late' });
  await call('case.delete', { id });
  await call('case.get', { id });
  await call('case.get', { id: 'no id' });
  await call('case.create', { title: '', priority: 'urgent', colour: 'red' });
  await call('case.nothing', {});
  return seen;
}

/** The engine itself: what the hosts are held against. */
export function engineHost(client: Client): Run {
  return async (action, input) => {
    try {
      return { output: (await client.run(action, input)).output };
    } catch (error) {
      return { error: JSON.parse(JSON.stringify(error)) };
    }
  };
}

const passing = new Set(['requestId', 'serviceRequestId', 'version', 'number']);
const guid = /[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}/gi;

function lasting(value: Json): unknown {
  if (typeof value === 'string') {
    if (/^\d{4}-\d\d-\d\dT/.test(value)) return 'a time';
    return value.replaceAll(guid, 'an id');
  }
  if (value === null || typeof value !== 'object') return value;
  if (Array.isArray(value)) return value.map(lasting);
  const entries = Object.entries(value as JsonObject).filter(([name]) => !passing.has(name));
  return Object.fromEntries(entries.map(([name, inner]) => [name, lasting(inner)]));
}
