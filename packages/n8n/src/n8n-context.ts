import type { Clock, Connector, ConnectorDefinition } from 'dynamics365-connector';
import { createConnector, createMemoryStore, type Validator } from 'dynamics365-connector/host';
import type { N8nHelpers } from './n8n-types.ts';

/** What our nodes share in one n8n: the connector with its limits and what it learned of organizations. */
export interface N8nContext {
  readonly connector: Connector;
  readonly helpers: N8nHelpers;
}

/** Opens it, once for each n8n. Every execution brings its own way to send. */
export function createN8nContext(parts: {
  readonly definition: ConnectorDefinition;
  readonly validator: Validator;
  readonly kit: N8nHelpers;
}): N8nContext {
  const { definition, validator, kit: helpers } = parts;
  const world = {
    send: () => Promise.reject(new Error('Requests are sent by executions.')),
    clock: createN8nClock(helpers),
    random: Math.random,
    uuid: () => crypto.randomUUID(),
    log: () => {},
    store: createMemoryStore(),
  };
  return { connector: createConnector({ definition, validator, services: world }), helpers };
}

/** n8n before 2.40 does not stop a sleep; who waits for it is let go all the same. */
function createN8nClock({ sleep }: N8nHelpers): Clock {
  return {
    now: () => Date.now(),
    sleep: (ms, signal) =>
      signal === undefined ? sleep(ms) : Promise.race([rejectOnAbort(signal), sleep(ms, signal)]),
  };
}

function rejectOnAbort(signal: AbortSignal): Promise<never> {
  return new Promise((_, reject) => {
    if (signal.aborted) reject(signal.reason);
    signal.addEventListener('abort', () => reject(signal.reason), { once: true });
  });
}
