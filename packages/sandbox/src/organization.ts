import type { Clock } from 'dynamics365-connector';
import { createFaultPlan, type FaultPlan } from './faults/fault-plan.ts';
import { parseFault } from './faults/parse-fault.ts';
import { createRequestLimiter, type LimitSettings } from './limits/limiter.ts';
import type { OrganizationOptions } from './options.ts';
import type { PlugIn } from './plug-in.ts';
import type { Principal } from './principals.ts';
import type { Random } from './random.ts';
import { loadSample } from './sample/load-sample.ts';
import { seedOrganization } from './seed-organization.ts';
import { type AdminCommands, assignNumbers } from './server/admin.ts';
import type { RequestHandler } from './server/listen.ts';
import { createOrganizationHandler } from './server/organization-handler.ts';
import { createOrganizationMembers, type OrganizationMembers } from './server/organization-members.ts';
import type { VerifiedToken } from './server/verify-token.ts';
import { openOrganizationStore } from './store/open-organization-store.ts';
import type { OrganizationStore } from './store/types.ts';
import type { Privilege } from './web-api/types.ts';
import { createWebApi, type WebApi } from './web-api/web-api.ts';

/** A running organization. */
export interface SandboxOrganization {
  /** Unique name, for example `contoso`. */
  readonly name: string;
  /** Environment URL: `http://127.0.0.1:…`. */
  readonly origin: string;
  readonly organizationId: string;
  /** The database: read what was written, or write without the Web API. */
  readonly store: OrganizationStore;
  /** Injected faults of the organization. */
  readonly faults: FaultPlan;
  /** Service protection limits; can be changed at runtime. */
  readonly limits: LimitSettings;
  /**
   * Milliseconds that the organization's clock is ahead of the sandbox's; can be changed at runtime. It affects row
   * times, the `Date` header and the expiry of tokens.
   */
  clockOffsetMs: number;
  /** The `systemuserid` of a user or app; undefined when it is not a member. */
  findSystemUserId(principal: { readonly objectId: string }): string | undefined;
  /** Grants or removes organization-level read access, which change tracking requires. Each member has it at first. */
  setOrganizationRead(principal: { readonly objectId: string }, allowed: boolean): void;
  /** Grants or removes a privilege for impersonation or for bypassing custom logic. Each member has them at first. */
  setPrivilege(principal: { readonly objectId: string }, privilege: Privilege, granted: boolean): void;
  /** Custom logic that runs with each write; the list can be changed at runtime. */
  readonly plugIns: PlugIn[];
  /** Expires all delta links issued so far. */
  expireDeltaTokens(): void;
}

/** What an organization is started with. */
export interface OrganizationSetup {
  readonly options: OrganizationOptions;
  readonly origin: string;
  readonly principals: readonly Principal[];
  readonly clock: Clock;
  readonly random: Random;
  readonly limits: LimitSettings;
  readonly authorizationUri: string;
  readonly tenantId: string;
  readonly adminSecret: string;
  readonly verifyToken: (authorization: string | undefined, now: number) => VerifiedToken | undefined;
}

/** Opens and seeds the store of an organization and creates its HTTP handler. */
export function startOrganization(setup: OrganizationSetup): {
  readonly organization: SandboxOrganization;
  readonly serve: RequestHandler;
} {
  const parts = createParts(setup);
  const organization = toSandboxOrganization(setup, parts);
  return { organization, serve: createHandler(setup, parts, organization) };
}

/** A clock with an adjustable offset. */
interface OffsetClock extends Clock {
  offsetMs: number;
}

interface OrganizationParts {
  readonly clock: OffsetClock;
  readonly store: OrganizationStore;
  readonly members: OrganizationMembers;
  readonly faults: FaultPlan;
  readonly plugIns: PlugIn[];
  readonly webApi: WebApi;
}

function createParts(setup: OrganizationSetup) {
  const { options, origin, random, principals, tenantId, clock: sandboxClock } = setup;
  const { name } = options;
  const clock: OffsetClock = {
    offsetMs: 0,
    now: () => sandboxClock.now() + clock.offsetMs,
    sleep: (ms, signal) => sandboxClock.sleep(ms, signal),
  };
  const { now } = clock;
  const newId = random.uuid;
  const store = openOrganizationStore({ now, random: random.next, newId, file: options.file });
  const members = createOrganizationMembers(store);
  const { organizationId, isNew } = seedOrganization({ store, members, name, principals, random });
  if (isNew && options.data !== 'empty') loadSample(store, { random, nowMs: now() });
  const plugIns: PlugIn[] = [];
  const webApi = createWebApi({ store, plugIns, origin, organizationId, tenantId, name, now, newId });
  return { clock, store, members, faults: createFaultPlan(random.next), plugIns, webApi };
}

function toSandboxOrganization(
  { options, origin, limits }: OrganizationSetup,
  { clock, store, members, faults, plugIns, webApi }: OrganizationParts,
): SandboxOrganization {
  return {
    name: options.name,
    origin,
    organizationId: webApi.organizationId,
    store,
    faults,
    limits,
    get clockOffsetMs() {
      return clock.offsetMs;
    },
    set clockOffsetMs(ms) {
      clock.offsetMs = ms;
    },
    findSystemUserId: members.findSystemUserId,
    setOrganizationRead(principal, allowed) {
      const userId = members.findSystemUserId(principal);
      if (userId) members.setOrganizationRead(userId, allowed);
    },
    setPrivilege(principal, privilege, granted) {
      const userId = members.findSystemUserId(principal);
      if (userId) members.setPrivilege(userId, privilege, granted);
    },
    plugIns,
    expireDeltaTokens: webApi.expireDeltaTokens,
  };
}

function createHandler(
  setup: OrganizationSetup,
  { clock, store, members, faults, webApi }: OrganizationParts,
  organization: SandboxOrganization,
): RequestHandler {
  return createOrganizationHandler({
    origin: setup.origin,
    organizationId: webApi.organizationId,
    clock,
    faults,
    limiter: createRequestLimiter(setup.limits, clock.now),
    authorizationUri: setup.authorizationUri,
    verifyToken: (authorization) => setup.verifyToken(authorization, clock.now()),
    resolveCaller: members.resolveCaller,
    handle: (request, commitDelayMs) =>
      commitDelayMs === undefined
        ? webApi.handle(request)
        : store.commitLater(clock.now() + commitDelayMs, () => webApi.handle(request)),
    admin: { secret: setup.adminSecret, commands: createOrganizationCommands(organization) },
  });
}

/** The admin commands of an organization. */
function createOrganizationCommands(organization: SandboxOrganization): AdminCommands {
  return {
    'add-fault': (input) => void organization.faults.add(parseFault(input)),
    'clear-faults': () => organization.faults.clear(),
    'set-limits': (input) => assignNumbers(organization.limits, input),
    'set-clock': (input) => assignNumbers(organization, { clockOffsetMs: input.offsetMs ?? 0 }),
    'expire-delta-tokens': () => organization.expireDeltaTokens(),
  };
}
