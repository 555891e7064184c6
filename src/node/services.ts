import { randomUUID } from 'node:crypto';
import { createMemoryStore } from '../client/memory-store.ts';
import type { RuntimeServices } from '../model/runtime-services.ts';
import { systemClock } from './clock.ts';
import { createNodeFetchSender } from './node-fetch-sender.ts';

/**
 * Creates the runtime services of Node.js; `overrides` replaces single ones. Without a `store`, the state is lost when
 * the process ends (`openSqliteStore` keeps it). Without a `log`, nothing is logged.
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
