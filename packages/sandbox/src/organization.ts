import type { Clock } from 'dynamics365-connector';
import { createFaultPlan, type FaultPlan } from './faults/fault-plan.ts';
import { nullGuid } from './guid.ts';
import { createRequestLimiter, type LimitSettings } from './limits/limiter.ts';
import type { OrganizationOptions } from './options.ts';
import { createOrganizationCommands } from './organization-commands.ts';
import type { PlugIn } from './plug-in.ts';
import type { Principal } from './principals.ts';
import type { Random } from './random.ts';
import { loadSample } from './sample/load-sample.ts';
import type { SandboxClock } from './sandbox-clock.ts';
import type { SandboxOrganization } from './sandbox-organization.ts';
import { seedOrganization } from './seed-organization.ts';
import { seedRows } from './seed-rows.ts';
import type { RequestHandler } from './server/listen.ts';
import { createOrganizationHandler } from './server/organization-handler.ts';
import { createOrganizationMembers, type OrganizationMembers } from './server/organization-members.ts';
import type { VerifiedToken } from './server/verify-token.ts';
import { openOrganizationStore } from './store/open-organization-store.ts';
import type { OrganizationStore } from './store/types.ts';
import type { Caller } from './web-api/types.ts';
import { createWebApi, type WebApi } from './web-api/web-api.ts';

/** What an organization is started with. */
export interface OrganizationSetup {
  readonly options: OrganizationOptions;
  readonly origin: string;
  readonly principals: readonly Principal[];
  readonly clock: SandboxClock;
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
  readonly loadSample: () => void;
  readonly reset: () => void;
}

function createParts(setup: OrganizationSetup): OrganizationParts {
  const { options, origin, random, principals, tenantId } = setup;
  const { name } = options;
  const clock = createOffsetClock(setup.clock);
  const { now } = clock;
  const store = openOrganizationStore({
    now,
    random: random.next,
    newId: random.uuid,
    file: options.file,
  });
  const members = createOrganizationMembers(store);
  const addSample = () => loadSample(store, { random, nowMs: now() });
  const addFirstRows = (id?: string): string => {
    const seeded = seedOrganization({ store, members, name, principals, random, organizationId: id });
    if (seeded.isNew && options.data !== 'empty') addSample();
    return seeded.organizationId;
  };
  const organizationId = addFirstRows();
  const plugIns: PlugIn[] = [];
  const faults = createFaultPlan(random.fork('faults').next);
  const webApi = createWebApi({
    store,
    plugIns,
    origin,
    organizationId,
    tenantId,
    name,
    now,
    newId: random.fork('web api').uuid,
  });
  const reset = () => {
    random.restart();
    store.recreate(() => void addFirstRows(organizationId));
    faults.clear();
  };
  return { clock, store, members, faults, plugIns, webApi, loadSample: addSample, reset };
}

function createOffsetClock(base: Clock): OffsetClock {
  const clock: OffsetClock = {
    offsetMs: 0,
    now: () => base.now() + clock.offsetMs,
    sleep: (ms, signal) => base.sleep(ms, signal),
  };
  return clock;
}

/** The member who creates the rows of `seed`: the first user, or an app when there is no user. */
function findSeedingCaller(
  { principals }: OrganizationSetup,
  { findSystemUserId }: OrganizationMembers,
): Caller {
  const principal = principals.find((each) => !('clientId' in each)) ?? principals[0];
  const userId = (principal && findSystemUserId(principal)) ?? nullGuid;
  return { userId, organizationRead: true, isMember: true };
}

function toSandboxOrganization(setup: OrganizationSetup, parts: OrganizationParts): SandboxOrganization {
  const { options, origin, limits } = setup;
  const { clock, store, members, faults, plugIns, webApi } = parts;
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
    reset: parts.reset,
    seed: (rows) => seedRows(rows, { store, webApi, caller: findSeedingCaller(setup, members) }),
    loadSample: parts.loadSample,
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
    random: setup.random.fork('responses'),
    faults,
    limiter: createRequestLimiter(setup.limits, clock.now),
    authorizationUri: setup.authorizationUri,
    verifyToken: (authorization) => setup.verifyToken(authorization, clock.now()),
    resolveCaller: members.resolveCaller,
    handle: (request, commitDelayMs) =>
      commitDelayMs === undefined
        ? webApi.handle(request)
        : store.commitLater(clock.now() + commitDelayMs, () => webApi.handle(request)),
    admin: { secret: setup.adminSecret, commands: createOrganizationCommands(organization, setup.clock) },
  });
}
