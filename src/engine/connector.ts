import type { Credential } from '../auth/token-source.ts';
import type { JsonObject } from '../model/json.ts';
import type { RequestPlan } from '../model/plan.ts';
import { type Client, createClient } from './client.ts';
import { openConnection } from './connect.ts';
import { describe } from './describe.ts';
import type { ConnectOptions, Runtime } from './runtime.ts';
import { createUserSignIn, type UserConnection, type UserSignIn } from './sign-in.ts';

/** A loaded connector: one per process. */
export interface Connector extends Runtime {
  /** Titles, groups, JSON Schemas and effects of everything it can do, for forms and tool lists. */
  describe(): JsonObject;
  /** A client for one environment. Nothing is sent yet; CONNECTION_INVALID when the settings cannot be used. */
  connect(settings: JsonObject, credential: Credential, options?: ConnectOptions): Client;
  /** Signs a user in, for `connect` with `{ kind: 'user', ... }`. */
  signIn(settings: JsonObject, user: UserConnection, options?: ConnectOptions): UserSignIn;
  /** The request that an action would make on `settings.orgUrl` (a made-up one by default), without network. */
  explain(action: string, input?: JsonObject, settings?: JsonObject): RequestPlan;
}

/** The connector of a process: a checked definition, validators, and the world. */
export function createConnector(runtime: Runtime): Connector {
  return {
    ...runtime,
    describe: () => describe(runtime.definition),
    connect: (settings, credential, options) =>
      createClient(openConnection(runtime, settings, credential, options)),
    signIn: (settings, user, options) => createUserSignIn(runtime, settings, user, options),
    explain(action, input, settings = { orgUrl: 'https://yourorg.crm.dynamics.com' }) {
      return createClient(openConnection(runtime, settings, noCredential, { allowLoopback: true })).explain(
        action,
        input,
      );
    },
  };
}

/** For plans, which are never sent. */
const noCredential: Credential = {
  kind: 'host',
  bring: () => {
    throw new Error('a plan needs no token');
  },
};
