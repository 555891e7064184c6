/** A client secret of an app registration. An app can have several valid secrets, for example during a rotation. */
export interface ClientSecret {
  readonly value: string;
  /** Milliseconds since the epoch. Absent: the secret does not expire. */
  expiresAt?: number;
}

/**
 * Who must consent before users can use an app. `granted`: no one, consent was given for all users. `ask`: each
 * user. `admin`: an administrator.
 */
export type ConsentPolicy = 'granted' | 'ask' | 'admin';

/** An app registration. Without secrets and certificates, it is a public client. */
export interface SandboxApp {
  readonly clientId: string;
  readonly name: string;
  /** Object id of its service principal: the `oid` claim of app-only tokens. */
  readonly objectId: string;
  readonly secrets: ClientSecret[];
  /** X.509 certificates in PEM form, for `private_key_jwt`. */
  readonly certificates: readonly string[];
  /** Compared exactly, except for the port of a loopback address. */
  readonly redirectUris: readonly string[];
  /** Whether it accepts the tenants `organizations` and `common`. */
  readonly multiTenant: boolean;
  /** Can be changed at runtime. */
  consent: ConsentPolicy;
}

/** A user of the tenant. */
export interface User {
  /** User principal name, entered on the sign-in page. */
  readonly name: string;
  readonly displayName: string;
  readonly password: string;
  /** Object id: the `oid` claim. */
  readonly objectId: string;
  /** A disabled user cannot sign in or refresh tokens (AADSTS50057). Can be changed at runtime. */
  disabled: boolean;
}

/** A tenant with its apps, users and consents. */
export interface Directory {
  readonly tenantId: string;
  readonly domain: string;
  readonly apps: ReadonlyMap<string, SandboxApp>;
  readonly users: readonly User[];
  /** Whether a tenant segment of a URL names this tenant: its id, its domain, `organizations` or `common`. */
  hasTenant(segment: string): boolean;
  /** Finds a user by user principal name, ignoring case. */
  findUserByName(name: string): User | undefined;
  findUserById(objectId: string): User | undefined;
  hasConsent(app: SandboxApp, userId: string): boolean;
  grantConsent(app: SandboxApp, userId: string): void;
  /** Revokes all consents to an app. */
  revokeConsent(app: SandboxApp, ask?: Exclude<ConsentPolicy, 'granted'>): void;
}

const sharedTenants = ['organizations', 'common'];

/** Whether a tenant segment stands for any tenant. */
export function isSharedTenant(segment: string): boolean {
  return sharedTenants.includes(segment.toLowerCase());
}

/** Creates the directory of a sandbox. */
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
