import { randomUUID } from 'node:crypto';
import { createMemoryStore } from '../client/memory-store.ts';
import type { World } from '../model/world.ts';
import { systemClock } from './clock.ts';
import { createNodeFetchSender } from './node-fetch-sender.ts';

/**
 * The world as Node gives it; what a host brings itself takes the place of ours. Without a `store` the state
 * lives as long as the process (`openSqliteStore` keeps it); without a `log` nothing is logged.
 */
export function createNodeWorld(own: Partial<World> = {}): World {
  return {
    send: own.send ?? createNodeFetchSender(),
    clock: own.clock ?? systemClock,
    random: own.random ?? Math.random,
    uuid: own.uuid ?? randomUUID,
    log: own.log ?? (() => {}),
    store: own.store ?? createMemoryStore(),
  };
}
