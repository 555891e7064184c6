import type { Clock } from 'dynamics365-connector';
import { createFaultPlan, type FaultPlan } from './faults/plan.ts';
import { readFault } from './faults/read-fault.ts';
import { foundOrganisation } from './founding.ts';
import { createLimits, type LimitSettings } from './limits/limits.ts';
import type { OrganisationOptions } from './options.ts';
import type { Person } from './people.ts';
import type { PlugIn } from './plug-in.ts';
import { createOrganisation } from './protocol/handle.ts';
import type { Privilege } from './protocol/types.ts';
import type { Random } from './random.ts';
import { loadSample } from './sample/load-sample.ts';
import { type AdminCommands, setNumbers } from './server/admin.ts';
import type { Handle } from './server/listen.ts';
import { createMembers } from './server/members.ts';
import { organisationServer } from './server/organisation-server.ts';
import type { TokenFacts } from './server/token-check.ts';
import { openStore } from './store/open-store.ts';
import type { Store } from './store/types.ts';

/** One running organisation, seen from inside the process. */
export interface SandboxOrganisation {
  /** Unique name. */
  readonly name: string;
  /** `http://127.0.0.1:…`: what is entered as environment URL. */
  readonly origin: string;
  readonly organisationId: string;
  /** Its database: look at what was written, or write past the Web API. */
  readonly store: Store;
  readonly faults: FaultPlan;
  /** Its service protection limits; may be changed. */
  readonly limits: LimitSettings;
  /** How far its clock runs ahead of the sandbox's; may be changed. Counts for times of rows, `Date` and tokens. */
  clockOffsetMs: number;
  /** `systemuserid` of a user or an app of the directory; undefined for whoever is no member. */
  userIdOf(person: { readonly objectId: string }): string | undefined;
  /** Gives or takes organisation-level read, which change tracking needs; every member has it at first. */
  setOrganisationRead(person: { readonly objectId: string }, may: boolean): void;
  /** Gives or takes the privilege to act for others, or to pass over custom logic; every member has it at first. */
  setPrivilege(person: { readonly objectId: string }, privilege: Privilege, may: boolean): void;
  /** Custom logic that runs with writes; add to it, or empty it. */
  readonly plugIns: PlugIn[];
  /** Makes every delta link handed out so far too old. */
  expireDeltaTokens(): void;
}

/** What an organisation is started with. */
export interface OrganisationSetUp {
  readonly options: OrganisationOptions;
  readonly origin: string;
  readonly people: readonly Person[];
  readonly clock: Clock;
  readonly random: Random;
  readonly limits: LimitSettings;
  readonly authorizationUri: string;
  readonly adminSecret: string;
  readonly checkToken: (authorization: string | undefined, now: number) => TokenFacts | undefined;
}

/** Opens an organisation's store, fills it, and says who answers its requests. */
export function startOrganisation(setUp: OrganisationSetUp): {
  readonly organisation: SandboxOrganisation;
  readonly serve: Handle;
} {
  const { options, origin, random, people } = setUp;
  const ahead = { ms: 0 };
  const clock: Clock = {
    now: () => setUp.clock.now() + ahead.ms,
    sleep: (ms, signal) => setUp.clock.sleep(ms, signal),
  };
  const store = openStore({
    now: clock.now,
    random: random.next,
    newId: random.uuid,
    ...(options.file === undefined ? {} : { file: options.file }),
  });
  const members = createMembers(store);
  const { organisationId, isNew } = foundOrganisation({ store, members, name: options.name, people, random });
  if (isNew && options.data !== 'empty') loadSample(store, { random, nowMs: clock.now() });
  const plugIns: PlugIn[] = [];
  const api = createOrganisation({
    ...{ store, plugIns },
    origin,
    organisationId,
    name: options.name,
    now: clock.now,
    newId: random.uuid,
  });

  const faults = createFaultPlan(random.next);
  const organisation: SandboxOrganisation = {
    name: options.name,
    origin,
    organisationId,
    store,
    faults,
    limits: setUp.limits,
    get clockOffsetMs() {
      return ahead.ms;
    },
    set clockOffsetMs(ms) {
      ahead.ms = ms;
    },
    userIdOf: members.userIdOf,
    setOrganisationRead(person, may) {
      const userId = members.userIdOf(person);
      if (userId) members.setOrganisationRead(userId, may);
    },
    setPrivilege(person, privilege, may) {
      const userId = members.userIdOf(person);
      if (userId) members.setPrivilege(userId, privilege, may);
    },
    plugIns,
    expireDeltaTokens: api.expireDeltaTokens,
  };
  const serve = organisationServer({
    origin,
    clock,
    faults,
    limits: createLimits(setUp.limits, clock.now),
    authorizationUri: setUp.authorizationUri,
    checkToken: (authorization) => setUp.checkToken(authorization, clock.now()),
    findCaller: members.callerOf,
    handle: (request, lateMs) =>
      lateMs === undefined
        ? api.handle(request)
        : store.commitLater(clock.now() + lateMs, () => api.handle(request)),
    admin: { secret: setUp.adminSecret, commands: adminCommands(organisation) },
  });
  return { organisation, serve };
}

/** What can be ordered of an organisation from outside the process. */
function adminCommands(organisation: SandboxOrganisation): AdminCommands {
  return {
    'add-fault': (order) => void organisation.faults.add(readFault(order)),
    'clear-faults': () => organisation.faults.clear(),
    'set-limits': (order) => setNumbers(organisation.limits, order),
    'set-clock': (order) => setNumbers(organisation, { clockOffsetMs: order.offsetMs ?? 0 }),
    'expire-delta-tokens': () => organisation.expireDeltaTokens(),
  };
}
