import type { Clock } from 'dynamics365-connector';
import { ConnectorError } from 'dynamics365-connector/base';
import type { Assumptions } from './assumptions.ts';
import type { CustomApiHandler } from './custom-api-handlers.ts';
import { RecordedExchanges } from './exchanges/exchange-log.ts';
import { createRequestFaultPlan, type FaultPlan } from './faults/fault-plan.ts';
import { nullGuid } from './guid.ts';
import { createOrganizationJobs, type OrganizationJobs } from './jobs/organization-jobs.ts';
import { createRequestLimiter, type LimitSettings } from './limits/limiter.ts';
import type { OrganizationOptions } from './options.ts';
import { createOrganizationCommands } from './organization-commands.ts';
import type { PlugIn } from './plug-in.ts';
import type { Principal, Principals } from './principals.ts';
import type { Random } from './random.ts';
import { loadSample } from './sample/load-sample.ts';
import type { SandboxClock } from './sandbox-clock.ts';
import type { SandboxOrganization } from './sandbox-organization.ts';
import { setPrivilege, setRoles } from './security/member-roles.ts';
import { seedOrganization } from './seed-organization.ts';
import { seedRows } from './seed-rows.ts';
import type { RequestHandler } from './server/listen.ts';
import { createOrganizationHandler } from './server/organization-handler.ts';
import {
  createCaller,
  createOrganizationMembers,
  type OrganizationMembers,
} from './server/organization-members.ts';
import type { VerifiedToken } from './server/verify-token.ts';
import { loadMetadata, type SkippedMetadata } from './snapshot/load-metadata.ts';
import { openOrganizationStore } from './store/open-organization-store.ts';
import type { OrganizationStore } from './store/types.ts';
import type { Caller, WebApiRequest, WebApiResponse } from './web-api/types.ts';
import { createWebApi, type WebApi } from './web-api/web-api.ts';
import type { SendWebhook } from './webhooks/send-webhook.ts';

/** What an organization is started with. */
export interface OrganizationSetup {
  readonly options: OrganizationOptions;
  readonly origin: string;
  readonly principals: readonly Principal[];
  readonly rolesOf: Principals['rolesOf'];
  readonly clock: SandboxClock;
  readonly random: Random;
  readonly limits: LimitSettings;
  readonly assumptions: Assumptions;
  readonly authorizationUri: string;
  readonly tenantId: string;
  readonly adminSecret: string;
  /** Sends webhooks and callbacks. */
  readonly sendWebhook: SendWebhook;
  readonly verifyToken: (authorization: string | undefined, now: number) => VerifiedToken | undefined;
}

/** Opens and seeds the store of an organization and creates its HTTP handler. */
export function startOrganization(setup: OrganizationSetup): {
  readonly organization: SandboxOrganization;
  readonly serve: RequestHandler;
  /** Stops its jobs and closes its database. */
  readonly close: () => void;
} {
  const parts = createParts(setup);
  const organization = toSandboxOrganization(setup, parts);
  const close = () => {
    parts.jobs.runner.close();
    parts.store.close();
  };
  return { organization, serve: createHandler(setup, parts, organization), close };
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
  readonly exchanges: RecordedExchanges;
  readonly plugIns: PlugIn[];
  readonly customApis: Map<string, CustomApiHandler>;
  readonly webApi: WebApi;
  /** What the last start or reset left out. */
  readonly skippedMetadata: () => readonly SkippedMetadata[];
  readonly jobs: OrganizationJobs;
  readonly loadSample: () => void;
  readonly reset: () => void;
}

function createParts(setup: OrganizationSetup): OrganizationParts {
  const { options, origin, random, tenantId } = setup;
  const clock = createOffsetClock(setup.clock);
  const { now } = clock;
  const rows = openRows(setup, now);
  const { store, organizationId } = rows;
  const plugIns: PlugIn[] = [];
  const customApis = new Map<string, CustomApiHandler>();
  const faults = createRequestFaultPlan(random.fork('faults').next);
  const exchanges = new RecordedExchanges(now);
  const webApi = createWebApi({
    store,
    ...{ plugIns, customApis },
    assumptions: setup.assumptions,
    origin,
    organizationId,
    tenantId,
    name: options.name,
    now,
    newId: random.fork('web api').uuid,
    notifyJobs: () => jobs.runner.notify(),
  });
  const jobs = startJobs(setup, { clock, store, webApi });
  const reset = () => {
    rows.recreate();
    faults.clear();
    jobs.faults.clear();
    exchanges.clear();
  };
  return { ...rows, clock, faults, exchanges, plugIns, customApis, webApi, jobs, reset };
}

/** Opens the database of an organization, with its first rows. */
function openRows({ options, random, principals, rolesOf }: OrganizationSetup, now: () => number) {
  const { name, languages, metadata, data } = options;
  const store = openOrganizationStore({ now, random: random.next, newId: random.uuid, file: options.file });
  const members = createOrganizationMembers(store);
  const addSample = () => loadSample(store, { random, nowMs: now() });
  let skippedMetadata: readonly SkippedMetadata[] = [];
  const addFirstRows = (id?: string): string => {
    skippedMetadata = store.transaction(() => loadMetadata(store, metadata ?? []));
    const seeded = seedOrganization({
      ...{ store, members, name, principals, rolesOf, random, nowMs: now() },
      ...{ languages, organizationId: id },
    });
    if (seeded.isNew && data !== 'empty') addSample();
    return seeded.organizationId;
  };
  const organizationId = addFirstRows();
  const recreate = () => {
    random.restart();
    store.recreate(() => void addFirstRows(organizationId));
  };
  return {
    ...{ store, members, organizationId, recreate, loadSample: addSample },
    skippedMetadata: () => skippedMetadata,
  };
}

function startJobs(
  { random, sendWebhook: send }: OrganizationSetup,
  { clock, store, webApi }: Pick<OrganizationParts, 'clock' | 'store' | 'webApi'>,
): OrganizationJobs {
  const callerOf = (userId: string) => createCaller(store, userId);
  return createOrganizationJobs({ webApi, clock, random, send, callerOf });
}

function createOffsetClock(base: Clock): OffsetClock {
  const clock: OffsetClock = {
    offsetMs: 0,
    now: () => base.now() + clock.offsetMs,
    sleep: (ms, signal) => base.sleep(ms, signal),
  };
  return clock;
}

/** The `systemuserid` of a member. */
function requireMember(members: OrganizationMembers, principal: { readonly objectId: string }): string {
  const userId = members.findSystemUserId(principal);
  if (userId !== undefined) return userId;
  throw new ConnectorError('SETTING_INVALID', 'The user or app is not a member of the organization.');
}

/** The member who creates the rows of `seed`: the first user, or an app when there is no user. */
function findSeedingCaller(
  { principals }: OrganizationSetup,
  { findSystemUserId }: OrganizationMembers,
): Caller {
  const principal = principals.find((each) => !('clientId' in each)) ?? principals[0];
  const userId = (principal && findSystemUserId(principal)) ?? nullGuid;
  return { userId, isMember: true };
}

function toSandboxOrganization(setup: OrganizationSetup, parts: OrganizationParts): SandboxOrganization {
  const { options, origin, limits, assumptions } = setup;
  const { clock, store, members, faults, plugIns, webApi, jobs } = parts;
  return {
    name: options.name,
    origin,
    organizationId: webApi.organizationId,
    store,
    faults,
    exchanges: parts.exchanges,
    limits,
    assumptions,
    get skippedMetadata() {
      return parts.skippedMetadata();
    },
    get clockOffsetMs() {
      return clock.offsetMs;
    },
    set clockOffsetMs(ms) {
      clock.offsetMs = ms;
    },
    findSystemUserId: members.findSystemUserId,
    setRoles: (principal, names) => setRoles(store, requireMember(members, principal), names),
    setPrivilege: (principal, privilege, level) =>
      setPrivilege(store, requireMember(members, principal), { privilege, level }),
    plugIns,
    customApis: { handle: (name, handler) => void parts.customApis.set(name, handler) },
    jobs: jobs.runner,
    webhooks: { faults: jobs.faults },
    expireDeltaTokens: webApi.expireDeltaTokens,
    reset: parts.reset,
    seed: (rows) => seedRows(rows, { store, webApi, caller: findSeedingCaller(setup, members) }),
    loadSample: parts.loadSample,
  };
}

function createHandler(
  setup: OrganizationSetup,
  { clock, members, faults, exchanges, webApi, jobs }: OrganizationParts,
  organization: SandboxOrganization,
): RequestHandler {
  return createOrganizationHandler({
    origin: setup.origin,
    organizationId: webApi.organizationId,
    clock,
    random: setup.random.fork('responses'),
    faults,
    exchanges,
    limiter: createRequestLimiter(setup.limits, clock.now),
    authorizationUri: setup.authorizationUri,
    verifyToken: (authorization) => setup.verifyToken(authorization, clock.now()),
    resolveCaller: members.resolveCaller,
    handle: (request, commitDelayMs) => handleRequest({ clock, webApi, jobs }, request, commitDelayMs),
    admin: { secret: setup.adminSecret, commands: createOrganizationCommands(organization, setup.clock) },
  });
}

/** Handles a request. Jobs of a request that commits late become ready when its writes become visible. */
async function handleRequest(
  { clock, webApi, jobs }: Pick<OrganizationParts, 'clock' | 'webApi' | 'jobs'>,
  request: WebApiRequest,
  commitDelayMs: number | undefined,
): Promise<WebApiResponse> {
  const { deliver, runner } = jobs;
  if (commitDelayMs === undefined) return webApi.handleWithWebhooks(request, { deliver });
  const { notified } = runner;
  const visibleAtMs = clock.now() + commitDelayMs;
  const response = await webApi.handleWithWebhooks(request, { deliver, visibleAtMs });
  if (runner.notified > notified) void clock.sleep(commitDelayMs).then(() => runner.notify());
  return response;
}
