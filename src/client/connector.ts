import type { Organization } from '../auth/organization-discovery.ts';
import type { StepPlan } from '../changeset/explain-steps.ts';
import { ConnectorError } from '../errors/connector-error.ts';
import { guard, guardAsync } from '../errors/guard-errors.ts';
import type { ServiceLimits } from '../http/rate-limit/service-limits.ts';
import type { JsonObject } from '../model/json.ts';
import type { RequestPlan } from '../model/plan.ts';
import { createCompiledActions } from '../run/compile-action.ts';
import { assertOptions, copyObject, type OptionsRule } from '../validation/assert-options.ts';
import type { Client } from './client.ts';
import { openConnection, openPlanner } from './connect.ts';
import { createClient } from './create-client.ts';
import type { Credential, UserConnection } from './credential.ts';
import { describeConnector } from './describe-connector.ts';
import { createLimiters } from './limiters.ts';
import type { ActionId, ActionInput, OperationTypes, UntypedOperations } from './operation-types.ts';
import { assertLimits } from './option-rules.ts';
import { createPlanMethods, type PlanMethods } from './plan-methods.ts';
import type { ConnectOptions, Runtime } from './runtime.ts';
import { createUserSignIn, type UserSignIn } from './sign-in.ts';

/**
 * A loaded connector: one per process. `Types` are the operations it knows at compile time: those of our own manifest
 * by default, those that `d365 types` wrote for a manifest of your own, or none (`UntypedOperations`).
 * Every method throws or rejects with a ConnectorError only.
 */
export interface Connector<Types extends OperationTypes = UntypedOperations> {
  /** Titles, groups, JSON Schemas and effects of every action and trigger, for forms and tool lists. */
  describe(): JsonObject;
  /**
   * Opens a client for one environment. Sends nothing.
   *
   * @param settings Settings of the connection; `orgUrl` is the environment URL (`https://contoso.crm.dynamics.com`).
   * @param credential What the connection signs in with.
   * @throws CONNECTION_INVALID when settings or credential cannot be used, SETTING_INVALID for an unknown option.
   */
  connect(settings: Types['connection'], credential: Credential, options?: ConnectOptions): Client<Types>;
  /**
   * Signs a user in, for `connect` with `{ kind: 'user', ... }`. Settings without `orgUrl` sign in to a cloud
   * (`{ cloud, tenant }`, `commercial` by default), for users who choose their organization afterwards.
   * https://learn.microsoft.com/entra/identity-platform/v2-oauth2-auth-code-flow
   */
  signIn(settings: SignInSettings<Types>, user: UserConnection, options?: ConnectOptions): UserSignIn;
  /**
   * Lists the organizations that a signed-in user may enter, in the cloud of the settings.
   * https://learn.microsoft.com/power-apps/developer/data-platform/discovery-service
   */
  organizations(
    settings: SignInSettings<Types>,
    user: UserConnection,
    options?: ConnectOptions,
  ): Promise<readonly Organization[]>;
  /** The request that an action would send to `settings.orgUrl` (an example address by default), without network. */
  explain<Id extends ActionId<Types>>(
    action: Id,
    input?: ActionInput<Types, Id>,
    settings?: Types['connection'],
  ): RequestPlan;
  /** The same for an action with steps: `client.explainSteps`. */
  explainSteps<Id extends ActionId<Types>>(
    action: Id,
    input?: ActionInput<Types, Id>,
    settings?: Types['connection'],
  ): readonly StepPlan[];
}

/** Settings of a sign-in: those of a connection, or a cloud while the organization is not known yet. */
export type SignInSettings<Types extends OperationTypes> = Partial<Types['connection']> & {
  /** `commercial`, `gcc`, `gcc-high`, `dod` or `china`. */
  readonly cloud?: string;
};

/** What a connector is made of. `limits`: where the environments have others than Microsoft documents. */
export interface ConnectorParts extends Omit<Runtime, 'compiled' | 'limiters'> {
  readonly limits?: Partial<ServiceLimits> | undefined;
}

const connectRule: OptionsRule<ConnectOptions> = {
  of: 'connect',
  types: {
    allowLoopback: 'flag',
    localAuthority: 'text',
    localDiscovery: 'text',
    limits: 'any',
    rememberWrites: 'flag',
  },
  code: 'SETTING_INVALID',
};

/** Registered, so that a second copy of this module in a bundle finds the runtime too. */
const runtimeKey = Symbol.for('dynamics365-connector.runtime');

/** Creates the connector of a process: a checked definition, validators and runtime services. */
export function createConnector<Types extends OperationTypes = UntypedOperations>({
  limits,
  ...parts
}: ConnectorParts): Connector<Types> {
  const runtime: Runtime = {
    ...parts,
    compiled: createCompiledActions(),
    limiters: createLimiters(parts.services, assertLimits(limits)),
  };
  const methods: Connector = {
    describe: () => describeConnector(runtime.definition),
    connect: (settings, credential, options) =>
      guard(() =>
        createClient(openConnection(runtime, settings, credential, assertOptions(options, connectRule))),
      ),
    signIn: (settings, user, options) =>
      guard(() =>
        createUserSignIn(runtime, copySettings(settings), user, assertOptions(options, connectRule)),
      ),
    organizations: (settings, user, options) =>
      guardAsync(async () => {
        const { listUserOrganizations } = await import('./organizations.ts');
        const checked = assertOptions(options, connectRule);
        return await listUserOrganizations(runtime, copySettings(settings), user, checked);
      }),
    explain: (action, input, settings) => guard(() => openPlans(runtime, settings).explain(action, input)),
    explainSteps: (action, input, settings) =>
      guard(() => openPlans(runtime, settings).explainSteps(action, input)),
  };
  // The types are the caller's; every input is checked against its schema at run time.
  return Object.defineProperty(methods, runtimeKey, { value: runtime }) as unknown as Connector<Types>;
}

/** The methods that plan requests without a connection. */
function openPlans(
  runtime: Runtime,
  settings: JsonObject = { orgUrl: 'https://yourorg.crm.dynamics.com' },
): PlanMethods {
  return createPlanMethods(openPlanner(runtime, settings, { allowLoopback: true }));
}

/** The runtime of a connector that `createConnector` or `loadConnector` made, for hosts that build on its parts. */
export function runtimeOf(connector: object): Runtime {
  const { [runtimeKey]: runtime } = connector as { readonly [runtimeKey]?: Runtime };
  if (runtime !== undefined) return runtime;
  throw new ConnectorError('SETTING_INVALID', 'This is not a connector made by loadConnector.');
}

function copySettings(settings: object): JsonObject {
  return copyObject(settings, 'The settings', 'CONNECTION_INVALID') as JsonObject;
}
