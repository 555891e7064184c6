import type { ResolvedCredential } from '../auth/resolved-credential.ts';
import { ConnectorError } from '../errors/connector-error.ts';
import type { JsonObject } from '../model/json.ts';
import { omitUndefined } from '../model/omit-undefined.ts';
import { Secret } from '../model/secret.ts';
import { assertText } from '../validation/assert-options.ts';
import { managedCredential, workloadAssertion } from './identity/index.ts';
import { secretFrom } from './secret-managers/index.ts';

/** Settings and credential of a connection from environment variables. */
export interface EnvConnection {
  readonly settings: JsonObject;
  readonly credential: ResolvedCredential;
}

/**
 * Reads a connection from environment variables: `D365_ORG_URL` with `D365_ACCESS_TOKEN`, or with `D365_TENANT`,
 * `D365_CLIENT_ID` and `D365_CLIENT_SECRET` (or `D365_CLIENT_SECRET_FROM`, the address of a secret manager), or with
 * `D365_IDENTITY` (`managed` or `workload`). Use another prefix for a second connection. Throws CONNECTION_INVALID if a
 * variable is missing, SETTING_INVALID for an address that is not valid.
 */
export function connectionFromEnv(
  env: Readonly<Record<string, string | undefined>>,
  prefix = 'D365',
): EnvConnection {
  assertText(prefix, 'The prefix of the variables', 'SETTING_INVALID');
  const read = (name: string) => readVariable(env, `${prefix}_${name}`);
  const orgUrl = read('ORG_URL');
  const tenant = read('TENANT');
  if (orgUrl === undefined) {
    throw new ConnectorError('CONNECTION_INVALID', `${prefix}_ORG_URL is not set.`);
  }
  // The connection schema does not allow a key with the value undefined.
  const settings = omitUndefined({ orgUrl, tenant }) as JsonObject;
  const token = read('ACCESS_TOKEN');
  if (token !== undefined) return { settings, credential: { kind: 'host', getToken: () => ({ token }) } };
  const [clientId, identity] = [read('CLIENT_ID'), read('IDENTITY')];
  const clientSecret = clientSecretFromEnv(env, prefix);
  if (identity !== undefined) return { settings, credential: identityCredential(orgUrl, identity, clientId) };
  if (clientId !== undefined && clientSecret !== undefined)
    return { settings, credential: { kind: 'app', app: { clientId, clientSecret } } };
  throw new ConnectorError('CONNECTION_INVALID', `${prefix}_ORG_URL is set, but no credential.`, {
    advice: `Set ${prefix}_ACCESS_TOKEN, or ${prefix}_TENANT, ${prefix}_CLIENT_ID and ${prefix}_CLIENT_SECRET; or use \`d365 connect\`.`,
  });
}

/** The client secret in `D365_CLIENT_SECRET`, or in the secret manager that `D365_CLIENT_SECRET_FROM` names. */
export function clientSecretFromEnv(
  env: Readonly<Record<string, string | undefined>>,
  prefix = 'D365',
): Secret | (() => Promise<Secret>) | undefined {
  const secret = readVariable(env, `${prefix}_CLIENT_SECRET`);
  const address = readVariable(env, `${prefix}_CLIENT_SECRET_FROM`);
  if (secret !== undefined) return new Secret(secret);
  return address === undefined ? undefined : secretFrom(address);
}

/** Undefined if it is not set or empty. A value from a file often ends with a line break, which belongs to none of them. */
function readVariable(env: Readonly<Record<string, string | undefined>>, name: string): string | undefined {
  return env[name]?.trim() || undefined;
}

/** Without a secret: the identity of this machine, or the token of AKS, GitHub or Azure Pipelines. */
function identityCredential(
  orgUrl: string,
  identity: string,
  clientId: string | undefined,
): ResolvedCredential {
  if (identity === 'managed') return managedCredential(orgUrl, clientId ?? '');
  if (identity === 'workload' && clientId !== undefined)
    return { kind: 'app', app: { clientId, assertion: workloadAssertion() } };
  throw new ConnectorError('CONNECTION_INVALID', 'The variable for the identity is not valid.', {
    advice:
      'Set it to "managed", or to "workload" with the client id and the tenant of the app registration.',
  });
}
