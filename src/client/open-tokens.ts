import type { Authority } from '../auth/authority.ts';
import type { Environment } from '../auth/environment.ts';
import { renderScopes } from '../auth/scopes.ts';
import { findAuthority } from '../auth/tenant.ts';
import { type Credential, createTokenSource } from '../auth/token-source.ts';
import { ConnectorError } from '../errors/connector-error.ts';
import type { Definition, GrantName } from '../model/definition.ts';
import type { JsonObject } from '../model/json.ts';
import type { TokenSource } from '../model/token.ts';
import type { ConnectOptions, Runtime } from './runtime.ts';

/** An environment with the settings it was made from. */
export interface Site {
  readonly environment: Environment;
  readonly settings: JsonObject;
}

/** The tokens of a credential for one environment, with the scopes that the manifest declares for its grant. */
export function openTokens(
  runtime: Runtime,
  { credential, ...site }: Site & { readonly credential: Credential },
  options: ConnectOptions,
): TokenSource {
  const grant = grantOf(credential);
  return createTokenSource(credential, {
    authority: () => authorityOf(runtime, site, options),
    scopes: grant === undefined ? [] : scopesOf(runtime.definition, grant, site.environment),
    world: runtime.world,
  });
}

const grants: Readonly<Record<Credential['kind'], GrantName | undefined>> = {
  app: 'client_credentials',
  user: 'authorization_code',
  host: undefined,
};

function grantOf(credential: Credential): GrantName | undefined {
  // A host without types may hand in anything.
  const kind = (credential as Credential | null | undefined)?.kind;
  if (kind !== undefined && Object.hasOwn(grants, kind)) return grants[kind];
  const kinds = Object.keys(grants).join(', ');
  throw new ConnectorError(
    'CONNECTION_INVALID',
    `A connection needs a credential of one of the kinds ${kinds}.`,
    {
      advice: 'Hand in { kind: "app", app }, { kind: "user", ... } or { kind: "host", bring }.',
    },
  );
}

/** The manifest's scopes of a grant for one environment; SETTING_INVALID when the connector does not offer it. */
export function scopesOf(
  definition: Definition,
  grant: GrantName,
  environment: Environment,
): readonly string[] {
  const scopes = definition.grants[grant]?.scopes;
  if (scopes !== undefined) return renderScopes(scopes, environment);
  throw new ConnectorError('SETTING_INVALID', `${definition.id} does not sign in with ${grant}.`, {
    advice: `It offers ${Object.keys(definition.grants).join(', ')}; connector.yaml declares more under auth.grants.`,
  });
}

/** Who signs in to a site: its cloud's authority, with the tenant looked up where it is not given. */
export function authorityOf(
  { world }: Pick<Runtime, 'world'>,
  { environment, settings }: Site,
  { localAuthority }: ConnectOptions,
): Promise<Authority> {
  return findAuthority({
    environment,
    send: world.send,
    clock: world.clock,
    ...(typeof settings.tenant === 'string' ? { tenant: settings.tenant } : {}),
    ...(localAuthority === undefined ? {} : { localAuthority }),
  });
}
