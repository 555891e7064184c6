import { randomUUID } from 'node:crypto';
import { createMemoryStore } from '../client/memory-store.ts';
import type { RuntimeServices } from '../model/runtime-services.ts';
import { systemClock } from './clock.ts';
import { createNodeFetchSender } from './node-fetch-sender.ts';

/**
 * The world as Node gives it; what a host brings itself takes the place of ours. Without a `store` the state
 * lives as long as the process (`openSqliteStore` keeps it); without a `log` nothing is logged.
 */
export function createNodeServices(overrides: Partial<RuntimeServices> = {}): RuntimeServices {
  return {
    send: overrides.send ?? createNodeFetchSender(),
    clock: overrides.clock ?? systemClock,
    random: overrides.random ?? Math.random,
    uuid: overrides.uuid ?? randomUUID,
    log: overrides.log ?? (() => {}),
    store: overrides.store ?? createMemoryStore(),
  };
}
