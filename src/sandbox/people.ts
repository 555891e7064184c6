import type { App, User } from './authority/directory.ts';
import type { AppOptions, UserOptions } from './options.ts';
import type { Random } from './random.ts';

/** Names of organisations that somebody belongs to; absent: all. */
export type Memberships = ReadonlyMap<string, readonly string[] | undefined>;

const DEFAULT_USERS: readonly UserOptions[] = [
  { name: 'rosa.lind@contoso.example', displayName: 'Rosa Lind' },
  { name: 'emil.varga@contoso.example', displayName: 'Emil Varga' },
];

const DEFAULT_REDIRECTS = ['http://localhost', 'http://localhost/callback', 'http://127.0.0.1/callback'];

/** Makes the users of a directory. */
export function makeUsers(options: readonly UserOptions[] = DEFAULT_USERS, random: Random): User[] {
  return options.map(({ name, displayName, password }) => ({
    name,
    displayName: displayName ?? name.split('@')[0] ?? name,
    password: password ?? `sandbox-${random.uuid().slice(0, 8)}`,
    objectId: random.uuid(),
    disabled: false,
  }));
}

/** Makes the app registrations: unless told, one that has a secret and one that is public. */
export function makeApps(options: readonly AppOptions[] | undefined, random: Random): App[] {
  const wanted = options ?? [
    { name: 'Sandbox connector', secrets: [`sandbox~${random.uuid()}`] },
    { name: 'Sandbox public client' },
  ];
  return wanted.map((app) => ({
    clientId: app.clientId ?? random.uuid(),
    name: app.name,
    objectId: random.uuid(),
    secrets: (app.secrets ?? []).map((value) => ({ value })),
    certificates: app.certificates ?? [],
    redirectUris: app.redirectUris ?? DEFAULT_REDIRECTS,
    multiTenant: app.multiTenant ?? true,
    consent: app.consent ?? 'granted',
  }));
}
