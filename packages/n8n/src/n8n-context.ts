import type { Clock, Connector, ConnectorDefinition } from 'dynamics365-connector';
import { createConnector, createMemoryStore, type Validator } from 'dynamics365-connector/host';
import type { N8nHelpers } from './n8n-types.ts';

/** What the nodes share in one n8n process: the connector with its rate limits and metadata cache. */
export interface N8nContext {
  readonly connector: Connector;
  readonly helpers: N8nHelpers;
  /** The static data of the triggers that have been polled. n8n creates a new object when a workflow is activated. */
  readonly polled: WeakSet<object>;
}

export interface N8nContextParts {
  readonly definition: ConnectorDefinition;
  readonly validator: Validator;
  readonly helpers: N8nHelpers;
}

/** Creates the context; call it once per process. Each execution sends with its own HTTP helper (see openClient). */
export function createN8nContext({ definition, validator, helpers }: N8nContextParts): N8nContext {
  const services = {
    send: () => Promise.reject(new Error('Requests are sent by executions.')),
    clock: createN8nClock(helpers),
    random: Math.random,
    uuid: () => crypto.randomUUID(),
    log: () => {},
    store: createMemoryStore(),
  };
  return {
    connector: createConnector({ definition, validator, services }),
    helpers,
    polled: new WeakSet(),
  };
}

/** n8n before 2.40 does not stop a sleep on abort; the race rejects anyway. */
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
