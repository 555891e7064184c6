import { ConnectorError, isJsonObject } from 'dynamics365-connector/base';
import { createAssumptions } from './assumptions.ts';
import type { AuthorizationServer } from './authority/authorization-server.ts';
import { approveDevice, signInAutomatically } from './automatic-sign-in.ts';
import { toDiscoveryInstance } from './discovery-instance.ts';
import { defaultLimits } from './limits/limiter.ts';
import { assertSandboxOptions } from './option-rules.ts';
import type { SandboxOptions } from './options.ts';
import { startOrganization } from './organization.ts';
import { createPrincipals, type Principals } from './principals.ts';
import { createSeededRandom, type Random } from './random.ts';
import type { Sandbox } from './sandbox.ts';
import type { SandboxAuthority } from './sandbox-authority.ts';
import { createSandboxClock, type SandboxClock, systemClock } from './sandbox-clock.ts';
import type { SandboxOrganization } from './sandbox-organization.ts';
import { createDiscoveryHandler } from './server/discovery-handler.ts';
import { type Listener, listen } from './server/listen.ts';
import { verifyToken } from './server/verify-token.ts';
import { startAuthority } from './start-authority.ts';
import { createLoopbackSender } from './webhooks/send-webhook.ts';

/**
 * Starts a sandbox: an authority, a discovery service and organizations, each on its own port of 127.0.0.1. Without
 * options: one organization with sample rows, two users, an app with a secret and a public client.
 *
 * @throws ConnectorError `SETTING_INVALID` when a port is taken, a database file cannot be opened, or a list of
 * organizations, users or apps is empty.
 */
export async function createSandbox(given: SandboxOptions = {}): Promise<Sandbox> {
  assertLists(given);
  const options = assertSandboxOptions(given);
  const listeners: Listener[] = [];
  const organizations = options.organizations ?? [{ name: 'contoso' }];
  try {
    for (let i = 0; i < organizations.length + 2; i++) {
      listeners.push(await listen(options.port ? options.port + i : 0));
    }
    return startSandbox({ ...options, organizations }, listeners);
  } catch (error) {
    await closeAll(listeners);
    throw error;
  }
}

/** Each organization takes a port and a database, so what is no description of one is refused before. */
function assertLists(options: SandboxOptions): void {
  for (const name of ['organizations', 'users', 'apps'] as const) {
    const list: unknown = options[name] ?? [];
    const at = Array.isArray(list) ? Array.from(list).findIndex((item) => !isJsonObject(item)) : 0;
    if (at < 0) continue;
    const message = `Option "${name}" of a sandbox must be a list of objects; item ${at + 1} is none.`;
    throw new ConnectorError('SETTING_INVALID', message);
  }
}

type ResolvedOptions = SandboxOptions & Required<Pick<SandboxOptions, 'organizations'>>;

function startSandbox(options: ResolvedOptions, listeners: readonly Listener[]): Sandbox {
  const [authorityListener, discoveryListener, ...organizationListeners] = listeners as [
    Listener,
    Listener,
    ...Listener[],
  ];
  const clock = createSandboxClock(options.clock ?? systemClock);
  const random = createSeededRandom(options.seed ?? 1);
  const principals = createPrincipals(options, random);
  const adminSecret = random.fork('control key').hex(24);
  const origins = new Set([...organizationListeners, discoveryListener].map(({ origin }) => origin));
  const setup = { options, listener: authorityListener, origins, principals, clock, random, adminSecret };
  const { authority, handle } = startAuthority(setup);
  const parts = { options, random, principals, clock, adminSecret, authority, handle };
  const started = organizationListeners.map((listener, i) => serveOrganization(parts, listener, i));
  const organizations = started.map(({ organization }) => organization);
  serveDiscovery(parts, discoveryListener, organizations);
  return {
    ...toSandbox(parts, organizations),
    discovery: { url: discoveryListener.origin },
    async close() {
      await closeAll(listeners);
      for (const organization of started) organization.close();
    },
  };
}

function toSandbox(
  { principals, clock, adminSecret, authority, handle }: SandboxParts,
  organizations: readonly SandboxOrganization[],
): Omit<Sandbox, 'discovery' | 'close'> {
  const [organization] = organizations;
  const [app] = principals.apps;
  const [user] = principals.users;
  if (!organization || !app || !user) throw missingPartsError();
  return {
    authority: handle,
    organization,
    organizations,
    app: Object.assign(app, { clientSecret: app.secrets[0]?.value }),
    apps: principals.apps,
    user,
    users: principals.users,
    clock,
    adminSecret,
    signInAutomatically: (url, signingUser = user) => signInAutomatically(url, signingUser),
    approveDevice: (device, signingUser = user) => approveDevice(device, signingUser),
    issueToken: (principal = user, { origin } = organization) =>
      'clientId' in principal
        ? authority.issueToken({ audience: origin, app: principal })
        : authority.issueToken({ audience: origin, app, user: principal }),
  };
}

interface SandboxParts {
  readonly options: ResolvedOptions;
  readonly random: Random;
  readonly principals: Principals;
  readonly clock: SandboxClock;
  readonly adminSecret: string;
  readonly authority: AuthorizationServer;
  readonly handle: SandboxAuthority;
}

function serveOrganization(parts: SandboxParts, listener: Listener, index: number) {
  const { options, principals, clock, authority, handle, adminSecret } = parts;
  const organizationOptions = options.organizations[index] ?? { name: '' };
  const { organization, serve, close } = startOrganization({
    options: organizationOptions,
    origin: listener.origin,
    principals: principals.membersOf(organizationOptions.name),
    rolesOf: principals.rolesOf,
    clock,
    random: createOrganizationRandom(options, index),
    limits: { ...defaultLimits(), ...options.limits },
    assumptions: createAssumptions(options.assumptions),
    authorizationUri: `${handle.url}/${handle.tenantId}/oauth2/authorize`,
    tenantId: handle.tenantId,
    adminSecret,
    sendWebhook: options.webhooks?.send ?? createLoopbackSender(options.webhooks?.hosts),
    verifyToken: (authorization, now) => verify(authority, { authorization, audience: listener.origin, now }),
  });
  listener.serve(serve);
  return { organization, close };
}

/** The first organization has the sample rows that it had before organizations got streams of their own. */
function createOrganizationRandom({ seed = 1 }: ResolvedOptions, index: number): Random {
  const first = createSeededRandom(seed + 1);
  return index === 0 ? first : first.fork(`organization ${index}`);
}

function serveDiscovery(
  { random, authority, handle, clock }: SandboxParts,
  listener: Listener,
  organizations: readonly SandboxOrganization[],
): void {
  const serve = createDiscoveryHandler({
    origin: listener.origin,
    authority: handle.url,
    now: () => clock.now(),
    random: random.fork('discovery'),
    verifyToken: (authorization) =>
      verify(authority, { authorization, audience: listener.origin, now: clock.now() }),
    listInstances: (objectId) =>
      organizations
        .filter((organization) => organization.findSystemUserId({ objectId }) !== undefined)
        .map((organization) => toDiscoveryInstance(organization, handle.tenantId, clock.now())),
  });
  listener.serve(serve);
}

function verify(
  { publicKey, issuer }: AuthorizationServer,
  { authorization, audience, now }: { authorization: string | undefined; audience: string; now: number },
) {
  return verifyToken(authorization, { publicKey, issuer, audience, now });
}

async function closeAll(listeners: readonly Listener[]): Promise<void> {
  await Promise.all(listeners.map((listener) => listener.close()));
}

function missingPartsError(): ConnectorError {
  return new ConnectorError(
    'SETTING_INVALID',
    'The options "organizations", "users" and "apps" of a sandbox need at least one item each.',
  );
}
