import { ConnectorError } from '../errors/connector-error.ts';
import { isGuid } from '../model/guid.ts';
import { Secret } from '../model/secret.ts';
import { hasMethods } from '../validation/assert-options.ts';

/** A certificate credential in PEM. The private key is an unencrypted RSA key in PKCS #8. */
export interface ResolvedCertificate {
  readonly certificate: string;
  readonly privateKey: Secret;
}

/**
 * An app registration in Microsoft Entra. Without secret and certificate it is a public client, for users on their own
 * machine (device code, or authorization code with a redirect to localhost).
 */
export interface ResolvedApplication {
  /** The application (client) ID, a GUID. */
  readonly clientId: string;
  /** A function reads the secret for each sign-in, so that a new one is found. */
  readonly clientSecret?: Secret | GetClientSecret;
  readonly certificate?: ResolvedCertificate;
  /** Returns a token of another identity provider that Entra trusts for this app (workload identity federation). */
  readonly assertion?: GetAssertion;
}

/** Called for each sign-in. */
export type GetClientSecret = () => string | Secret | Promise<string | Secret>;

/** Called for each sign-in. It must return a token that has not expired. */
export type GetAssertion = () => string | Promise<string>;

/** Throws CONNECTION_INVALID, before anything is sent, if the client id or the secret cannot be right. */
export function checkClientApplication(app: ResolvedApplication): void {
  if (!isGuid(app.clientId)) {
    throw new ConnectorError('CONNECTION_INVALID', 'The client id is not a GUID.', {
      advice: 'Copy "Application (client) ID" from Entra > App registrations > your app > Overview.',
    });
  }
  if (typeof app.clientSecret === 'object') checkClientSecret(app.clientSecret);
}

/** A frequent mistake: the portal shows the ID of a secret, which is a GUID, next to its value. */
function checkClientSecret(secret: Secret): void {
  if (!isGuid(secret.reveal())) return;
  throw new ConnectorError(
    'CONNECTION_INVALID',
    'The client secret is a GUID, so it is the ID of a secret and not its value.',
    {
      advice:
        'Create a new secret in Entra > App registrations > your app > Certificates & secrets and copy its Value, which is shown only once.',
    },
  );
}

/**
 * Reads the client secret of an app for one sign-in. CONNECTION_INVALID if it cannot be right, RECONNECT_NEEDED if the host
 * has none.
 */
export async function readClientSecret(clientSecret: Secret | GetClientSecret): Promise<Secret> {
  if (typeof clientSecret === 'object') return clientSecret;
  const read = await askHost(clientSecret, 'The host could not provide the client secret of the app.');
  const secret = wrapAnswer(read, 'client secret');
  checkClientSecret(secret);
  return secret;
}

/** Asks the host for the assertion of its app. RECONNECT_NEEDED if it has none. */
export async function readAssertion(assertion: GetAssertion): Promise<string> {
  const read = await askHost(assertion, 'The host could not provide the assertion of the app.');
  return wrapAnswer(read, 'assertion').reveal();
}

/** What a function of the host returned, which without types may be anything. */
function wrapAnswer(answer: unknown, what: string): Secret {
  if (answer === undefined || answer === null || answer === '')
    throw noAnswer(`The host returned an empty ${what}.`);
  if (typeof answer === 'string') return new Secret(answer);
  // A bundle may hold a second copy of the class, so a Secret is known by its method.
  if (hasMethods(answer, 'reveal')) return wrapAnswer((answer as Secret).reveal(), what);
  throw new ConnectorError('CONNECTION_INVALID', `The ${what} that the host returned is not a string.`);
}

async function askHost<T>(ask: () => T | Promise<T>, problem: string): Promise<T> {
  try {
    return await ask();
  } catch (error) {
    if (ConnectorError.is(error)) throw error;
    // The error of the host is not kept, because it may contain secrets.
    throw noAnswer(problem);
  }
}

function noAnswer(problem: string): ConnectorError {
  return new ConnectorError('RECONNECT_NEEDED', problem, {
    advice: 'See the log of the host for the reason.',
  });
}
