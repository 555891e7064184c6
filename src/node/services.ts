import { randomUUID } from 'node:crypto';
import { createMemoryStore } from '../client/memory-store.ts';
import { type RuntimeServices, silentLog } from '../model/runtime-services.ts';
import { systemClock } from './clock.ts';
import { createSender } from './create-sender.ts';

/**
 * Creates the runtime services of Node.js; `overrides` replaces single ones. Without a `store`, the state is lost when
 * the process ends (`openSqliteStore` keeps it). Without a `log`, nothing is logged.
 */
export function createNodeServices(overrides: Partial<RuntimeServices> = {}): RuntimeServices {
  return {
    send: overrides.send ?? createSender(),
    clock: overrides.clock ?? systemClock,
    random: overrides.random ?? Math.random,
    uuid: overrides.uuid ?? randomUUID,
    log: overrides.log ?? silentLog,
    store: overrides.store ?? createMemoryStore(),
    telemetry: overrides.telemetry,
    audit: overrides.audit,
  };
}
