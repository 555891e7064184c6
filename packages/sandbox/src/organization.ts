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
import { createOrganizationMembers } from './server/organization-members.ts';
import type { VerifiedToken } from './server/verify-token.ts';
import { openOrganizationStore } from './store/open-organization-store.ts';
import type { OrganizationStore } from './store/types.ts';
import type { Privilege } from './web-api/types.ts';
import { createWebApi } from './web-api/web-api.ts';

/** One running organization, seen from inside the process. */
export interface SandboxOrganization {
  /** Unique name. */
  readonly name: string;
  /** `http://127.0.0.1:…`: what is entered as environment URL. */
  readonly origin: string;
  readonly organizationId: string;
  /** Its database: look at what was written, or write past the Web API. */
  readonly store: OrganizationStore;
  readonly faults: FaultPlan;
  /** Its service protection limits; may be changed. */
  readonly limits: LimitSettings;
  /** How far its clock runs ahead of the sandbox's; may be changed. Counts for times of rows, `Date` and tokens. */
  clockOffsetMs: number;
  /** `systemuserid` of a user or an app of the directory; undefined for whoever is no member. */
  findSystemUserId(person: { readonly objectId: string }): string | undefined;
  /** Gives or takes organization-level read, which change tracking needs; every member has it at first. */
  setOrganizationRead(principal: { readonly objectId: string }, allowed: boolean): void;
  /** Gives or takes the privilege to act for others, or to pass over custom logic; every member has it at first. */
  setPrivilege(principal: { readonly objectId: string }, privilege: Privilege, granted: boolean): void;
  /** Custom logic that runs with writes; add to it, or empty it. */
  readonly plugIns: PlugIn[];
  /** Makes every delta link handed out so far too old. */
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
  readonly adminSecret: string;
  readonly verifyToken: (authorization: string | undefined, now: number) => VerifiedToken | undefined;
}

/** Opens an organization's store, fills it, and says who answers its requests. */
export function startOrganization(setup: OrganizationSetup): {
  readonly organization: SandboxOrganization;
  readonly serve: RequestHandler;
} {
  const { options, origin, random, principals } = setup;
  const clockOffset = { ms: 0 };
  const clock: Clock = {
    now: () => setup.clock.now() + clockOffset.ms,
    sleep: (ms, signal) => setup.clock.sleep(ms, signal),
  };
  const store = openOrganizationStore({
    now: clock.now,
    random: random.next,
    newId: random.uuid,
    ...(options.file === undefined ? {} : { file: options.file }),
  });
  const members = createOrganizationMembers(store);
  const { organizationId, isNew } = seedOrganization({
    store,
    members,
    name: options.name,
    principals,
    random,
  });
  if (isNew && options.data !== 'empty') loadSample(store, { random, nowMs: clock.now() });
  const plugIns: PlugIn[] = [];
  const webApi = createWebApi({
    ...{ store, plugIns },
    origin,
    organizationId,
    name: options.name,
    now: clock.now,
    newId: random.uuid,
  });

  const faults = createFaultPlan(random.next);
  const organization: SandboxOrganization = {
    name: options.name,
    origin,
    organizationId,
    store,
    faults,
    limits: setup.limits,
    get clockOffsetMs() {
      return clockOffset.ms;
    },
    set clockOffsetMs(ms) {
      clockOffset.ms = ms;
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
  const serve = createOrganizationHandler({
    origin,
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
  return { organization, serve };
}

/** What can be ordered of an organization from outside the process. */
function createOrganizationCommands(organization: SandboxOrganization): AdminCommands {
  return {
    'add-fault': (input) => void organization.faults.add(parseFault(input)),
    'clear-faults': () => organization.faults.clear(),
    'set-limits': (input) => assignNumbers(organization.limits, input),
    'set-clock': (input) => assignNumbers(organization, { clockOffsetMs: input.offsetMs ?? 0 }),
    'expire-delta-tokens': () => organization.expireDeltaTokens(),
  };
}
