import type { Agent, Dispatcher } from 'undici';
// @ts-expect-error: only the whole library has types, and with its fetch it takes three times as long to load.
import AgentClass from 'undici/lib/dispatcher/agent.js';

export type { Agent, Dispatcher };

/** Creates what sends with undici. https://undici.nodejs.org/#/docs/api/Agent */
export function createUndiciAgent(options: Agent.Options): Agent {
  return new (AgentClass as typeof Agent)(options);
}
