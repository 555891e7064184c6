import type { Credential } from '../auth/create-token-source.ts';
import type { Organization } from '../auth/organization-discovery.ts';
import type { ServiceLimits } from '../http/rate-limit/service-limits.ts';
import type { JsonObject } from '../model/json.ts';
import type { RequestPlan } from '../model/plan.ts';
import { type Client, createClient } from './client.ts';
import { openConnection } from './connect.ts';
import { describeConnector } from './describe-connector.ts';
import { createLimiters } from './limiters.ts';
import { listUserOrganizations } from './organizations.ts';
import type { ConnectOptions, Runtime } from './runtime.ts';
import { createUserSignIn, type UserSignIn } from './sign-in.ts';
import type { OperationTypes, TypedClient } from './typed-client.ts';
import type { UserConnection } from './user-connection.ts';

/** A loaded connector: one per process. */
export interface Connector extends Runtime {
  /** Titles, groups, JSON Schemas and effects of everything it can do, for forms and tool lists. */
  describe(): JsonObject;
  /** A client for one environment. Nothing is sent yet; CONNECTION_INVALID when the settings cannot be used. */
  connect(settings: JsonObject, credential: Credential, options?: ConnectOptions): Client;
  /** The same, with inputs and outputs typed by the names of actions and triggers. */
  connect<Types extends OperationTypes>(
    settings: JsonObject,
    credential: Credential,
    options?: ConnectOptions,
  ): TypedClient<Types>;
  /**
   * Signs a user in, for `connect` with `{ kind: 'user', ... }`. Settings without `orgUrl` sign in to a cloud
   * (`{ cloud, tenant }`, `commercial` unless told), for users who pick their organization afterwards.
   */
  signIn(settings: JsonObject, user: UserConnection, options?: ConnectOptions): UserSignIn;
  /** The organizations that a signed-in user may enter, in the cloud of the settings. */
  organizations(
    settings: JsonObject,
    user: UserConnection,
    options?: ConnectOptions,
  ): Promise<readonly Organization[]>;
  /** The request that an action would make on `settings.orgUrl` (a made-up one by default), without network. */
  explain(action: string, input?: JsonObject, settings?: JsonObject): RequestPlan;
}

/** What a connector is made of. `limits`: where the environments have others than Microsoft documents. */
export interface ConnectorParts extends Omit<Runtime, 'limiters'> {
  readonly limits?: Partial<ServiceLimits> | undefined;
}

/** The connector of a process: a checked definition, validators, and the world. */
export function createConnector({ limits, ...parts }: ConnectorParts): Connector {
  const runtime: Runtime = { ...parts, limiters: createLimiters(parts.services, limits) };
  return {
    ...runtime,
    describe: () => describeConnector(runtime.definition),
    // Types are the caller's word; what goes in is checked against the schemas all the same.
    connect: (settings: JsonObject, credential: Credential, options?: ConnectOptions): never =>
      createClient(openConnection(runtime, settings, credential, options)) as never,
    signIn: (settings, user, options) => createUserSignIn(runtime, settings, user, options),
    organizations: (settings, user, options) => listUserOrganizations(runtime, settings, user, options),
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
  getToken: () => {
    throw new Error('a plan needs no token');
  },
};
