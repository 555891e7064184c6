import type { Clock, Connector, Definition } from 'dynamics365-connector';
import { createConnector, createMemoryStore, type Validator } from 'dynamics365-connector/host';
import type { Kit } from './n8n.ts';

/** What our nodes share in one n8n: the connector with its limits and what it learned of organisations. */
export interface House {
  readonly connector: Connector;
  readonly kit: Kit;
}

/** Opens it, once for each n8n. Every execution brings its own way to send. */
export function openHouse(parts: {
  readonly definition: Definition;
  readonly validator: Validator;
  readonly kit: Kit;
}): House {
  const { definition, validator, kit } = parts;
  const world = {
    send: () => Promise.reject(new Error('Requests are sent by executions.')),
    clock: clockOf(kit),
    random: Math.random,
    uuid: () => crypto.randomUUID(),
    log: () => {},
    store: createMemoryStore(),
  };
  return { connector: createConnector({ definition, validator, world }), kit };
}

/** n8n before 2.40 does not stop a sleep; who waits for it is let go all the same. */
function clockOf({ sleep }: Kit): Clock {
  return {
    now: () => Date.now(),
    sleep: (ms, signal) =>
      signal === undefined ? sleep(ms) : Promise.race([aborted(signal), sleep(ms, signal)]),
  };
}

function aborted(signal: AbortSignal): Promise<never> {
  return new Promise((_, reject) => {
    if (signal.aborted) reject(signal.reason);
    signal.addEventListener('abort', () => reject(signal.reason), { once: true });
  });
}
