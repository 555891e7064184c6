import { requireAudience } from '../auth/assert-audience.ts';
import type { Authority } from '../auth/authority.ts';
import { createTokenSource } from '../auth/create-token-source.ts';
import type { Environment } from '../auth/environment.ts';
import { renderScopes } from '../auth/render-scopes.ts';
import type { ResolvedCredential } from '../auth/resolved-credential.ts';
import { ConnectorError } from '../errors/connector-error.ts';
import { traceSender, traceTokens } from '../http/trace-requests.ts';
import type { ConnectorDefinition, GrantType } from '../model/definition.ts';
import type { JsonObject } from '../model/json.ts';
import type { TokenSource } from '../model/token.ts';
import type { ConnectOptions, Runtime } from './runtime.ts';

/** An environment with the settings it was made from. */
export interface EnvironmentSettings {
  readonly environment: Environment;
  readonly settings: JsonObject;
}

/** The tokens of a credential for one environment, with the scopes that the manifest declares for its grant. */
export function openTokenSource(
  runtime: Runtime,
  { credential, ...site }: EnvironmentSettings & { readonly credential: ResolvedCredential },
  options: ConnectOptions,
): TokenSource {
  const grant = grantByCredentialKind[credential.kind];
  const { send, clock, telemetry } = runtime.services;
  const tokens = createTokenSource(credential, {
    authority: () => findSignInAuthority(runtime, site, options),
    scopes: grant === undefined ? [] : scopesForGrant(runtime.definition, grant, site.environment),
    services: { ...runtime.services, send: traceSender(telemetry, send, { propagates: false }) },
  });
  return traceTokens(telemetry, clock, requireAudience(tokens, site.environment));
}

const grantByCredentialKind: Readonly<Record<ResolvedCredential['kind'], GrantType | undefined>> = {
  app: 'client_credentials',
  user: 'authorization_code',
  'on-behalf-of': 'authorization_code',
  host: undefined,
};

/** The manifest's scopes of a grant for one environment; SETTING_INVALID when the connector does not offer it. */
export function scopesForGrant(
  definition: ConnectorDefinition,
  grant: GrantType,
  environment: Environment,
): readonly string[] {
  const scopes = definition.grants[grant]?.scopes;
  if (scopes !== undefined) return renderScopes(scopes, environment);
  throw new ConnectorError('SETTING_INVALID', `${definition.id} does not sign in with ${grant}.`, {
    advice: `It offers ${Object.keys(definition.grants).join(', ')}; connector.yaml declares more under auth.grants.`,
  });
}

/** Who signs in to a site: its cloud's authority, with the tenant looked up where it is not given. */
export async function findSignInAuthority(
  { services }: Pick<Runtime, 'services'>,
  { environment, settings }: EnvironmentSettings,
  { localAuthority }: ConnectOptions,
): Promise<Authority> {
  const { findAuthority } = await import('../auth/find-authority.ts');
  return await findAuthority({
    environment,
    send: services.send,
    clock: services.clock,
    tenant: typeof settings.tenant === 'string' ? settings.tenant : undefined,
    localAuthority,
  });
}
