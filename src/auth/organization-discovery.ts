import { ConnectorError } from '../errors/connector-error.ts';
import { suggest } from '../errors/suggest.ts';
import type { HttpSender } from '../model/http.ts';
import type { Clock } from '../model/runtime-services.ts';
import type { AccessToken } from '../model/token.ts';
import { type CloudName, clouds } from './clouds.ts';
import { type Environment, parseEnvironment } from './environment.ts';
import { sendToAuthority } from './send-to-authority.ts';

/** An organization that a user may enter, as the Global Discovery Service lists it. */
export interface Organization {
  readonly name: string;
  /** The environment URL: an origin. */
  readonly url: string;
  readonly uniqueName: string;
  readonly id: string;
  readonly tenantId: string;
  readonly region: string;
  readonly version: string;
  /** False while it is disabled by an administrator. */
  readonly enabled: boolean;
}

/**
 * The discovery service of a cloud as a place to sign in to, for users who do not know their organization's
 * address yet: `commercial` unless told. `local` is the sandbox's (`http://127.0.0.1:...`), an operator's setting.
 */
export function resolveDiscoveryEnvironment(options: {
  readonly cloud?: string;
  readonly local?: string;
}): Environment {
  const { cloud = 'commercial', local } = options;
  if (local !== undefined) return resolveLocalDiscovery(local);
  if (!Object.hasOwn(clouds, cloud)) {
    throw new ConnectorError('CONNECTION_INVALID', `There is no Microsoft cloud "${cloud}".`, {
      advice: `The clouds are ${Object.keys(clouds).join(', ')}.`,
      suggestions: suggest(cloud, Object.keys(clouds)),
    });
  }
  const origin = clouds[cloud as CloudName].discoveryOrigin;
  return { origin, host: new URL(origin).host, cloud: cloud as CloudName };
}

function resolveLocalDiscovery(address: string): Environment {
  const environment = parseEnvironment(address, { allowLoopback: true });
  if (environment.cloud === 'local') return environment;
  throw new ConnectorError('CONNECTION_INVALID', 'The discovery service must be on this machine.', {
    advice: 'Give it as http://127.0.0.1:<port>, as the sandbox prints it; the clouds’ own need no setting.',
  });
}

/**
 * The organizations of the signed-in user in one cloud, by name. Needs a token of a *user* for the discovery
 * service; one refresh token is good for it and for every organization. Not listed: those that a security group keeps the user out of, disabled users, other clouds.
 * https://learn.microsoft.com/power-apps/developer/data-platform/webapi/discover-url-organization-web-api
 */
export async function listOrganizations(options: {
  /** Origin of the discovery service. */
  readonly discovery: string;
  readonly token: AccessToken;
  readonly send: HttpSender;
  readonly clock: Clock;
  readonly allowLoopback?: boolean;
}): Promise<readonly Organization[]> {
  const { status, text } = await sendToAuthority(options.send, options.clock, {
    method: 'GET',
    url: `${options.discovery}/api/discovery/v2.0/Instances`,
    headers: { accept: 'application/json', authorization: `Bearer ${options.token.token.reveal()}` },
  });
  if (status === 401) {
    throw new ConnectorError('RECONNECT_NEEDED', 'The discovery service refuses the access token.', {
      status,
    });
  }
  const rows = status === 200 ? readRows(text) : undefined;
  if (rows === undefined) {
    throw new ConnectorError('RESPONSE_INVALID', 'The discovery service did not answer with organizations.', {
      status,
    });
  }
  return rows
    .flatMap((row) => readOrganization(row, options.allowLoopback === true))
    .sort((a, b) => (a.name < b.name ? -1 : 1));
}

/** The environment URLs that a mistyped one may have meant: those whose name is near, in whatever region. */
export function suggestOrganizations(
  host: string,
  organizations: readonly Organization[],
): readonly string[] {
  const nameOf = (url: string) => new URL(url).host.split('.')[0]!;
  const names = new Set(organizations.map(({ url }) => nameOf(url)));
  return suggest(host.split('.')[0]!, names)
    .flatMap((name) => organizations.filter(({ url }) => nameOf(url) === name))
    .map(({ url }) => url)
    .slice(0, 3);
}

function readRows(text: string): readonly Readonly<Record<string, unknown>>[] | undefined {
  try {
    const { value } = JSON.parse(text) as { readonly value?: unknown };
    return Array.isArray(value) ? value.filter((row) => typeof row === 'object' && row !== null) : undefined;
  } catch {
    return undefined;
  }
}

/** A row becomes a connection's target, so its URL goes through the same gate as one that a person types. */
function readOrganization(
  row: Readonly<Record<string, unknown>>,
  allowLoopback: boolean,
): readonly Organization[] {
  const text = (name: string) => (typeof row[name] === 'string' ? row[name] : '');
  try {
    const { origin } = parseEnvironment(text('Url'), { allowLoopback });
    const organization = {
      name: text('FriendlyName'),
      url: origin,
      uniqueName: text('UniqueName'),
      id: text('Id'),
      tenantId: text('TenantId'),
      region: text('Region'),
      version: text('Version'),
      enabled: row.State === 0 || row.State === undefined,
    };
    return [organization];
  } catch {
    return [];
  }
}
