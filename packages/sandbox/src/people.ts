import type { App, User } from './authority/directory.ts';
import type { AppOptions, SandboxOptions, UserOptions } from './options.ts';
import type { Random } from './random.ts';

/** Somebody of the directory: a user, or an app that acts as itself. */
export type Person = User | App;

/** Everybody of a sandbox. */
export interface People {
  readonly apps: readonly App[];
  readonly users: readonly User[];
  /** Who belongs to the organisation of this name. */
  membersOf(organisation: string): readonly Person[];
}

const DEFAULT_USERS: readonly UserOptions[] = [
  { name: 'rosa.lind@contoso.example', displayName: 'Rosa Lind' },
  { name: 'emil.varga@contoso.example', displayName: 'Emil Varga' },
];

const DEFAULT_REDIRECTS = ['http://localhost', 'http://localhost/callback', 'http://127.0.0.1/callback'];

/**
 * Makes the people of a sandbox. Unless told otherwise: two users, an app that has a secret and an app that is
 * public.
 */
export function makePeople(options: Pick<SandboxOptions, 'apps' | 'users'>, random: Random): People {
  const appOptions = options.apps ?? [
    { name: 'Sandbox connector', secrets: [`sandbox~${random.uuid()}`] },
    { name: 'Sandbox public client' },
  ];
  const userOptions = options.users ?? DEFAULT_USERS;
  const apps = appOptions.map((app) => makeApp(app, random));
  const users = userOptions.map((user) => makeUser(user, random));
  const people: readonly Person[] = [...apps, ...users];
  const memberships = [...appOptions, ...userOptions].map(({ organisations }) => organisations);
  return {
    apps,
    users,
    membersOf: (name) => people.filter((_person, i) => memberships[i]?.includes(name) ?? true),
  };
}

function makeUser({ name, displayName, password }: UserOptions, random: Random): User {
  return {
    name,
    displayName: displayName ?? name.split('@')[0] ?? name,
    password: password ?? `sandbox-${random.uuid().slice(0, 8)}`,
    objectId: random.uuid(),
    disabled: false,
  };
}

function makeApp(app: AppOptions, random: Random): App {
  return {
    clientId: app.clientId ?? random.uuid(),
    name: app.name,
    objectId: random.uuid(),
    secrets: (app.secrets ?? []).map((value) => ({ value })),
    certificates: app.certificates ?? [],
    redirectUris: app.redirectUris ?? DEFAULT_REDIRECTS,
    multiTenant: app.multiTenant ?? true,
    consent: app.consent ?? 'granted',
  };
}
