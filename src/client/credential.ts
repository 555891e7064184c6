import type { GetAssertion, GetClientSecret, ResolvedApplication } from '../auth/client-application.ts';
import type { GetHostToken, HostToken } from '../auth/host-token-source.ts';
import type { GetUserToken } from '../auth/on-behalf-of-token-source.ts';
import type { ResolvedCredential } from '../auth/resolved-credential.ts';
import type { Vault } from '../auth/vault.ts';
import { ConnectorError } from '../errors/connector-error.ts';
import { omitUndefined } from '../model/omit-undefined.ts';
import { Secret } from '../model/secret.ts';
import {
  assertFunction,
  assertOptions,
  assertText,
  copyObject,
  hasMethods,
  type OptionsRule,
} from '../validation/assert-options.ts';

/**
 * An app registration in Microsoft Entra. Without secret and certificate it is a public client (people on their own
 * machine: device code, or authorization code to localhost).
 * https://learn.microsoft.com/entra/identity-platform/quickstart-register-app
 */
export interface ClientApplication {
  /** Application (client) ID, a GUID. */
  readonly clientId: string;
  /**
   * The secret's value (not its ID); a string is wrapped in a `Secret` at once. Or a function, called for each sign-in, such
   * as `secretFrom(address)` of `dynamics365-connector/node`, which reads it from a secret manager.
   */
  readonly clientSecret?: string | Secret | GetClientSecret;
  readonly certificate?: ClientCertificate;
  /**
   * Instead of a secret: returns a token of another identity provider that Entra trusts for this app. Called for each
   * sign-in. `workloadAssertion()` of `dynamics365-connector/node` reads those of AKS, GitHub and Azure Pipelines.
   * https://learn.microsoft.com/entra/workload-id/workload-identity-federation
   */
  readonly assertion?: GetAssertion;
}

/** A certificate credential: both in PEM. The key is PKCS #8, unencrypted, RSA. */
export interface ClientCertificate {
  readonly certificate: string;
  readonly privateKey: string | Secret;
}

/** A credential of the Azure SDK (`@azure/identity`), as far as the connector uses it. */
export interface TokenCredential {
  /** Absent: what tells it from the other kinds of a credential. */
  readonly kind?: undefined;
  /** https://learn.microsoft.com/javascript/api/@azure/core-auth/tokencredential */
  getToken(
    scopes: string | string[],
    options?: { readonly abortSignal?: AbortSignal; readonly claims?: string },
  ): Promise<{ readonly token: string; readonly expiresOnTimestamp: number } | null>;
}

/**
 * What a connection signs in with:
 * - `app`: the application itself (client credentials);
 * - `user`: the sign-in that the vault keeps under the connection's name;
 * - `on-behalf-of`: a user who called the host's own API with the token that `userToken` returns;
 * - `host`: access tokens of the host, `getToken` returns `{ token, expiresAt }` (milliseconds since the epoch);
 * - or any `TokenCredential` of the Azure SDK.
 *
 * @example { kind: 'app', app: { clientId, clientSecret: process.env.CLIENT_SECRET } }
 */
export type Credential =
  | { readonly kind: 'app'; readonly app: ClientApplication }
  | ({ readonly kind: 'user' } & UserConnection)
  | { readonly kind: 'on-behalf-of'; readonly app: ClientApplication; readonly userToken: GetUserToken }
  | { readonly kind: 'host'; readonly getToken: GetHostToken }
  | TokenCredential;

/** Whose sign-in it is, and where it is kept: the same three make the credential `{ kind: 'user', ... }`. */
export interface UserConnection {
  readonly app: ClientApplication;
  readonly vault: Vault;
  /** The connection's name in the vault. */
  readonly connection: string;
}

/** The same connection, its secrets wrapped. */
export interface ResolvedUserConnection extends Omit<UserConnection, 'app'> {
  readonly app: ResolvedApplication;
}

const code = 'CONNECTION_INVALID';

type CredentialOf<Kind> = Extract<Credential, { readonly kind: Kind }>;

const rules: {
  readonly [Kind in 'app' | 'on-behalf-of' | 'host']: OptionsRule<CredentialOf<Kind>>;
} = {
  app: { of: 'an app credential', types: { kind: 'any', app: 'any' }, code },
  'on-behalf-of': {
    of: 'an on-behalf-of credential',
    types: { kind: 'any', app: 'any', userToken: 'any' },
    code,
  },
  host: { of: 'a host credential', types: { kind: 'any', getToken: 'any' }, code },
};

// The credential of a user is a user connection too: it signs in with what it connects with.
const userConnectionRule: OptionsRule<UserConnection & { readonly kind?: 'user' }> = {
  of: 'a user connection',
  types: { kind: 'any', app: 'any', vault: 'any', connection: 'any' },
  code,
};

const applicationRule: OptionsRule<ClientApplication> = {
  of: 'an app',
  types: { clientId: 'any', clientSecret: 'any', certificate: 'any', assertion: 'any' },
  code,
};

const certificateRule: OptionsRule<ClientCertificate> = {
  of: 'a certificate',
  types: { certificate: 'any', privateKey: 'any' },
  code,
};

/** Checks a credential and wraps its secrets. `scope`: what a TokenCredential is asked for. CONNECTION_INVALID. */
export function resolveCredential(credential: Credential, scope: string): ResolvedCredential {
  const copy = copyCredential(credential);
  if (!('kind' in copy) && hasMethods(credential, 'getToken')) {
    return { kind: 'host', getToken: askTokenCredential(credential as TokenCredential, scope) };
  }
  if ('kind' in copy) {
    if (copy.kind === 'app') {
      const { kind, app } = assertOptions(copy, rules.app);
      return { kind, app: resolveApplication(app) };
    }
    if (copy.kind === 'user') {
      const { kind, ...user } = copy;
      return { kind, ...resolveUserConnection(user) };
    }
    if (copy.kind === 'on-behalf-of') {
      assertOptions(copy, rules['on-behalf-of']);
      assertFunction(copy.userToken, 'userToken of the credential', code);
      return { ...copy, app: resolveApplication(copy.app) };
    }
    if (copy.kind === 'host') {
      assertOptions(copy, rules.host);
      assertFunction(copy.getToken, 'getToken of the credential', code);
      return copy;
    }
  }
  throw new ConnectorError(code, 'The credential is of no known kind.', {
    advice:
      'Use { kind: "app", app }, { kind: "user", app, vault, connection }, { kind: "on-behalf-of", app, userToken }, { kind: "host", getToken } or a TokenCredential of @azure/identity.',
  });
}

function copyCredential(credential: Credential): Credential | Readonly<Record<never, never>> {
  return copyObject(credential ?? {}, 'The credential', code);
}

/** Checks whose sign-in it is and wraps the secrets. CONNECTION_INVALID. */
export function resolveUserConnection(user: UserConnection): ResolvedUserConnection {
  const { app, vault, connection } = assertOptions(
    copyObject(user, 'The user connection', code),
    userConnectionRule,
  );
  assertText(connection, 'The name of the user connection', code);
  if (!hasMethods(vault, 'read', 'write', 'replace', 'delete')) {
    throw new ConnectorError(code, 'The vault of the user connection must be opened with openVault.');
  }
  return { app: resolveApplication(app), vault, connection };
}

function resolveApplication(app: ClientApplication): ResolvedApplication {
  const { clientId, clientSecret, certificate, assertion } = assertOptions(
    copyObject(app, 'The app of the credential', code),
    applicationRule,
  );
  assertText(clientId, 'The client id of the app', code);
  if (assertion !== undefined) assertFunction(assertion, 'The assertion of the app', code);
  return {
    clientId,
    clientSecret:
      clientSecret === undefined || typeof clientSecret === 'function'
        ? clientSecret
        : wrapSecret(clientSecret, 'The client secret'),
    certificate: certificate === undefined ? undefined : resolveCertificate(certificate),
    assertion,
  };
}

function resolveCertificate(given: ClientCertificate): ResolvedApplication['certificate'] {
  const { certificate, privateKey } = assertOptions(
    copyObject(given, 'The certificate of the app', code),
    certificateRule,
  );
  assertText(certificate, 'The certificate of the app', code);
  return { certificate, privateKey: wrapSecret(privateKey, 'The private key of the certificate') };
}

function wrapSecret(secret: string | Secret, name: string): Secret {
  // A bundle may hold a second copy of the class, so a Secret is known by its method.
  if (typeof secret === 'object' && hasMethods(secret, 'reveal')) return secret;
  return new Secret(assertText(secret, name, code));
}

/** Asks the credential again for each token: `@azure/identity` keeps its own cache. */
function askTokenCredential(credential: TokenCredential, scope: string): GetHostToken {
  return async ({ claims }) => {
    const token = await credential.getToken(scope, claims === undefined ? undefined : { claims });
    if (token === null) {
      throw new ConnectorError('RECONNECT_NEEDED', 'The TokenCredential returned no token.', {
        advice: `Check that it may sign in for the scope ${scope}.`,
      });
    }
    return omitUndefined({ token: token?.token, expiresAt: token?.expiresOnTimestamp }) as HostToken;
  };
}
