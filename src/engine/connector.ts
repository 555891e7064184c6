import type { JsonObject } from '../model/json.ts';
import type { RequestPlan } from '../model/plan.ts';
import { Secret } from '../model/secret.ts';
import type { TokenSource } from '../model/token.ts';
import { type Client, createClient } from './client.ts';
import { type ConnectOptions, openConnection, type Runtime } from './connect.ts';
import { describe } from './describe.ts';

/** A loaded connector: one per runtime. */
export interface Connector extends Runtime {
  /** Titles, groups, JSON Schemas and effects of everything it can do, for forms and tool lists. */
  describe(): JsonObject;
  /** A client for one environment. Nothing is sent yet; CONNECTION_INVALID when the settings cannot be used. */
  connect(settings: JsonObject, tokens: TokenSource, options?: ConnectOptions): Client;
  /** The request that an action would make on `settings.orgUrl` (a made-up one by default), without network. */
  explain(action: string, input?: JsonObject, settings?: JsonObject): RequestPlan;
}

/** The connector of a runtime: a checked definition, validators, and the world. */
export function createConnector(runtime: Runtime): Connector {
  return {
    ...runtime,
    describe: () => describe(runtime.definition),
    connect: (settings, tokens, options) => createClient(openConnection(runtime, settings, tokens, options)),
    explain(action, input, settings = { orgUrl: 'https://yourorg.crm.dynamics.com' }) {
      return createClient(openConnection(runtime, settings, noTokens, { allowLoopback: true })).explain(
        action,
        input,
      );
    },
  };
}

/** For plans, which are never sent. */
const noTokens: TokenSource = {
  async get() {
    return { secret: new Secret(''), expiresAt: 0 };
  },
};
