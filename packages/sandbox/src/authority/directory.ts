/** A client secret of an app registration. Several may be good at once, as while one is being replaced. */
export interface ClientSecret {
  readonly value: string;
  /** Milliseconds since the epoch; absent: never. */
  expiresAt?: number;
}

/** Who has to agree before people may use an app: nobody any more, each of them, or an administrator. */
export type ConsentPolicy = 'granted' | 'ask' | 'admin';

/** An app registration. With neither secrets nor certificates it is a public client. */
export interface SandboxApp {
  readonly clientId: string;
  readonly name: string;
  /** Object id of its service principal: `oid` of the tokens it gets for itself. */
  readonly objectId: string;
  readonly secrets: ClientSecret[];
  /** X.509 certificates in PEM form, for `private_key_jwt`. */
  readonly certificates: readonly string[];
  /** Exact, but for the port of a loopback address. */
  readonly redirectUris: readonly string[];
  /** May be used through `organizations` and `common`. */
  readonly multiTenant: boolean;
  consent: ConsentPolicy;
}

/** Somebody who can sign in. */
export interface User {
  /** User principal name: what is typed into the sign-in page. */
  readonly name: string;
  readonly displayName: string;
  readonly password: string;
  /** Object id: `oid`. */
  readonly objectId: string;
  disabled: boolean;
}

/** The tenant with its apps and users, and who agreed to what. */
export interface Directory {
  readonly tenantId: string;
  readonly domain: string;
  readonly apps: ReadonlyMap<string, SandboxApp>;
  readonly users: readonly User[];
  /** A tenant segment of a URL that leads here: the id, the domain, `organizations` or `common`. */
  hasTenant(segment: string): boolean;
  /** By user principal name, case ignored. */
  findUserByName(name: string): User | undefined;
  findUserById(objectId: string): User | undefined;
  hasConsent(app: SandboxApp, userId: string): boolean;
  grantConsent(app: SandboxApp, userId: string): void;
  /** Everybody has to agree again. */
  revokeConsent(app: SandboxApp, ask?: Exclude<ConsentPolicy, 'granted'>): void;
}

const sharedTenants = ['organizations', 'common'];

/** Says whether a tenant segment stands for any tenant instead of one. */
export function isSharedTenant(segment: string): boolean {
  return sharedTenants.includes(segment.toLowerCase());
}

/** Makes the directory of one sandbox. */
export function createDirectory(tenant: {
  readonly id: string;
  readonly domain: string;
  readonly apps: readonly SandboxApp[];
  readonly users: readonly User[];
}): Directory {
  const apps = new Map(tenant.apps.map((app) => [app.clientId, app]));
  const consents = new Set<string>();
  const pair = (app: SandboxApp, userId: string) => `${app.clientId} ${userId}`;
  return {
    tenantId: tenant.id,
    domain: tenant.domain,
    apps,
    users: tenant.users,
    hasTenant: (segment) =>
      isSharedTenant(segment) || [tenant.id, tenant.domain].includes(segment.toLowerCase()),
    findUserByName: (name) =>
      tenant.users.find((user) => user.name.toLowerCase() === name.trim().toLowerCase()),
    findUserById: (objectId) => tenant.users.find((user) => user.objectId === objectId),
    hasConsent: (app, userId) => app.consent === 'granted' || consents.has(pair(app, userId)),
    grantConsent: (app, userId) => void consents.add(pair(app, userId)),
    revokeConsent(app, ask = 'ask') {
      app.consent = ask;
      for (const user of tenant.users) consents.delete(pair(app, user.objectId));
    },
  };
}
