import { randomBytes } from 'node:crypto';
import { setTimeout } from 'node:timers/promises';
import { type Clock, ConnectorError } from 'dynamics365-connector';
import type { Authority } from './authority/authority.ts';
import type { SandboxAuthority } from './authority-handle.ts';
import { approveDevice, signInAutomatically } from './automatic-sign-in.ts';
import { instanceOf } from './instance.ts';
import { defaultLimits } from './limits/limits.ts';
import type { SandboxOptions } from './options.ts';
import { type SandboxOrganisation, startOrganisation } from './organisation.ts';
import { makePeople, type People } from './people.ts';
import { seededRandom } from './random.ts';
import type { Sandbox } from './sandbox.ts';
import { discoveryServer } from './server/discovery-server.ts';
import { type Listener, listen } from './server/listen.ts';
import { checkToken } from './server/token-check.ts';
import { startAuthority } from './start-authority.ts';

/**
 * Starts a sandbox: an authority, a discovery service and organisations, each on a port of 127.0.0.1. Without
 * options: one organisation with sample data, two users, one app that has a secret and one that is public.
 */
export async function createSandbox(options: SandboxOptions = {}): Promise<Sandbox> {
  const doors: Listener[] = [];
  const wanted = options.organisations ?? [{ name: 'contoso' }];
  try {
    for (let i = 0; i < wanted.length + 2; i++) {
      doors.push(await listen(options.port ? options.port + i : 0));
    }
    return await assemble({ ...options, organisations: wanted }, doors);
  } catch (error) {
    await closeAll(doors);
    throw error;
  }
}

type Options = SandboxOptions & Required<Pick<SandboxOptions, 'organisations'>>;

async function assemble(options: Options, doors: readonly Listener[]): Promise<Sandbox> {
  const [authorityDoor, discoveryDoor, ...organisationDoors] = doors as [Listener, Listener, ...Listener[]];
  const clock = options.clock ?? systemClock;
  const random = seededRandom(options.seed ?? 1);
  const people = makePeople(options, random);
  const adminSecret = randomBytes(24).toString('base64url');
  const origins = new Set([...organisationDoors, discoveryDoor].map(({ origin }) => origin));
  const setUp = { options, door: authorityDoor, origins, people, clock, random, adminSecret };
  const { authority, handle } = await startAuthority(setUp);
  const place = { options, people, clock, adminSecret, authority, handle };
  const organisations = organisationDoors.map((door, i) => openOrganisation(place, door, i));
  openDiscovery(place, discoveryDoor, organisations);
  const [organisation] = organisations;
  const [app] = people.apps;
  const [user] = people.users;
  if (!organisation || !app || !user) throw nobody();
  return {
    authority: handle,
    discovery: { url: discoveryDoor.origin },
    organisation,
    organisations,
    app: Object.assign(app, { clientSecret: app.secrets[0]?.value }),
    apps: people.apps,
    user,
    users: people.users,
    adminSecret,
    signInAutomatically: (url, who = user) => signInAutomatically(url, who),
    approveDevice: (device, who = user) => approveDevice(device, who),
    tokenFor: (person = user, { origin } = organisation) =>
      'clientId' in person
        ? authority.issueToken({ audience: origin, app: person })
        : authority.issueToken({ audience: origin, app, user: person }),
    async close() {
      await closeAll(doors);
      for (const { store } of organisations) store.close();
    },
  };
}

interface Place {
  readonly options: Options;
  readonly people: People;
  readonly clock: Clock;
  readonly adminSecret: string;
  readonly authority: Authority;
  readonly handle: SandboxAuthority;
}

function openOrganisation(place: Place, door: Listener, index: number): SandboxOrganisation {
  const { options, people, clock, authority, handle, adminSecret } = place;
  const wanted = options.organisations[index] ?? { name: '' };
  const { organisation, serve } = startOrganisation({
    options: wanted,
    origin: door.origin,
    people: people.membersOf(wanted.name),
    clock,
    random: seededRandom((options.seed ?? 1) + index + 1),
    limits: { ...defaultLimits(), ...options.limits },
    authorizationUri: `${handle.url}/${handle.tenantId}/oauth2/authorize`,
    adminSecret,
    checkToken: (authorization, now) => check(authority, { authorization, audience: door.origin, now }),
  });
  door.serve(serve);
  return organisation;
}

function openDiscovery(
  { authority, handle, clock }: Place,
  door: Listener,
  organisations: readonly SandboxOrganisation[],
): void {
  const serve = discoveryServer({
    origin: door.origin,
    authority: handle.url,
    now: () => clock.now(),
    checkToken: (authorization) =>
      check(authority, { authorization, audience: door.origin, now: clock.now() }),
    instancesOf: (objectId) =>
      organisations
        .filter((organisation) => organisation.userIdOf({ objectId }) !== undefined)
        .map((organisation) => instanceOf(organisation, handle.tenantId, clock.now())),
  });
  door.serve(serve);
}

function check(
  { publicKey, issuer }: Authority,
  { authorization, audience, now }: { authorization: string | undefined; audience: string; now: number },
) {
  return checkToken(authorization, { publicKey, issuer, audience, now });
}

const systemClock: Clock = {
  now: Date.now,
  // A fault that waits keeps no process alive: the line it waits on does.
  sleep: (ms, signal) => setTimeout(ms, undefined, { ref: false, ...(signal ? { signal } : {}) }),
};

async function closeAll(doors: readonly Listener[]): Promise<void> {
  await Promise.all(doors.map((door) => door.close()));
}

function nobody(): ConnectorError {
  return new ConnectorError(
    'SETTING_INVALID',
    'A sandbox needs at least one organisation, one user and one app.',
  );
}
