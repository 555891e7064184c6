import type { SandboxApp, User } from './authority/directory.ts';
import type { AppOptions, SandboxOptions, UserOptions } from './options.ts';
import type { Random } from './random.ts';

/** A user, or an app that signs in as itself. */
export type Principal = User | SandboxApp;

/** All users and apps of a sandbox. */
export interface Principals {
  readonly apps: readonly SandboxApp[];
  readonly users: readonly User[];
  /** The members of the organization with this name. */
  membersOf(organization: string): readonly Principal[];
  /** The names of the security roles of a user or app. */
  rolesOf(principal: Principal): readonly string[];
}

const defaultUsers: readonly UserOptions[] = [
  { name: 'rosa.lind@contoso.example', displayName: 'Rosa Lind' },
  { name: 'emil.varga@contoso.example', displayName: 'Emil Varga' },
];

const defaultRedirectUris = ['http://localhost', 'http://localhost/callback', 'http://127.0.0.1/callback'];

/** Creates the users and apps of a sandbox. Default: two users, an app with a secret and a public client. */
export function createPrincipals(
  options: Pick<SandboxOptions, 'apps' | 'users'>,
  random: Random,
): Principals {
  const appOptions = options.apps ?? [
    { name: 'Sandbox connector', secrets: [`sandbox~${random.uuid()}`] },
    { name: 'Sandbox public client' },
  ];
  const userOptions = options.users ?? defaultUsers;
  const apps = appOptions.map((app) => createApp(app, random));
  const users = userOptions.map((user) => createUser(user, random));
  const principals: readonly Principal[] = [...apps, ...users];
  const settings = [...appOptions, ...userOptions];
  return {
    apps,
    users,
    membersOf: (name) =>
      principals.filter((_principal, i) => settings[i]?.organizations?.includes(name) ?? true),
    rolesOf: (principal) => settings[principals.indexOf(principal)]?.roles ?? ['System Administrator'],
  };
}

function createUser({ name, displayName, password }: UserOptions, random: Random): User {
  return {
    name,
    displayName: displayName ?? name.split('@')[0] ?? name,
    password: password ?? `sandbox-${random.uuid().slice(0, 8)}`,
    objectId: random.uuid(),
    disabled: false,
  };
}

function createApp(app: AppOptions, random: Random): SandboxApp {
  return {
    clientId: app.clientId ?? random.uuid(),
    name: app.name,
    objectId: random.uuid(),
    secrets: (app.secrets ?? []).map((value) => ({ value })),
    certificates: app.certificates ?? [],
    redirectUris: app.redirectUris ?? defaultRedirectUris,
    multiTenant: app.multiTenant ?? true,
    consent: app.consent ?? 'granted',
  };
}
