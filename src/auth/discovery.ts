import { ConnectorError } from '../errors/connector-error.ts';
import { suggest } from '../errors/suggest.ts';
import type { SendRequest } from '../model/http.ts';
import type { AccessToken } from '../model/token.ts';
import type { Clock } from '../model/world.ts';
import { sendToAuthority } from './authority-sender.ts';
import { type CloudName, clouds } from './clouds.ts';
import { type Environment, parseEnvironment } from './environment.ts';

/** An organisation that a user may enter, as the Global Discovery Service lists it. */
export interface Organisation {
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
 * The discovery service of a cloud as a place to sign in to, for users who do not know their organisation's
 * address yet: `commercial` unless told. `local` is the sandbox's (`http://127.0.0.1:...`), an operator's setting.
 */
export function discoveryEnvironment(options: {
  readonly cloud?: string;
  readonly local?: string;
}): Environment {
  const { cloud = 'commercial', local } = options;
  if (local !== undefined) return localDiscovery(local);
  if (!Object.hasOwn(clouds, cloud)) {
    throw new ConnectorError('CONNECTION_INVALID', `There is no Microsoft cloud "${cloud}".`, {
      advice: `The clouds are ${Object.keys(clouds).join(', ')}.`,
      suggestions: suggest(cloud, Object.keys(clouds)),
    });
  }
  const origin = clouds[cloud as CloudName].discovery;
  return { origin, host: new URL(origin).host, cloud: cloud as CloudName };
}

function localDiscovery(address: string): Environment {
  const environment = parseEnvironment(address, { allowLoopback: true });
  if (environment.cloud === 'local') return environment;
  throw new ConnectorError('CONNECTION_INVALID', 'The discovery service must be on this machine.', {
    advice: 'Give it as http://127.0.0.1:<port>, as the sandbox prints it; the clouds’ own need no setting.',
  });
}

/**
 * The organisations of the signed-in user in one cloud, by name. Needs a token of a *user* for the discovery
 * service; one refresh token is good for it and for every organisation. Not listed: those that a security group keeps the user out of, disabled users, other clouds.
 * https://learn.microsoft.com/power-apps/developer/data-platform/webapi/discover-url-organization-web-api
 */
export async function listOrganisations(options: {
  /** Origin of the discovery service. */
  readonly discovery: string;
  readonly token: AccessToken;
  readonly send: SendRequest;
  readonly clock: Clock;
  readonly allowLoopback?: boolean;
}): Promise<readonly Organisation[]> {
  const { status, text } = await sendToAuthority(options.send, options.clock, {
    method: 'GET',
    url: `${options.discovery}/api/discovery/v2.0/Instances`,
    headers: { accept: 'application/json', authorization: `Bearer ${options.token.secret.reveal()}` },
  });
  if (status === 401) {
    throw new ConnectorError('RECONNECT_NEEDED', 'The discovery service refuses the access token.', {
      status,
    });
  }
  const rows = status === 200 ? readRows(text) : undefined;
  if (rows === undefined) {
    throw new ConnectorError('RESPONSE_INVALID', 'The discovery service did not answer with organisations.', {
      status,
    });
  }
  return rows
    .flatMap((row) => readOrganisation(row, options.allowLoopback === true))
    .sort((a, b) => (a.name < b.name ? -1 : 1));
}

/** The environment URLs that a mistyped one may have meant: those whose name is near, in whatever region. */
export function nearestOrganisations(
  host: string,
  organisations: readonly Organisation[],
): readonly string[] {
  const nameOf = (url: string) => new URL(url).host.split('.')[0]!;
  const names = new Set(organisations.map(({ url }) => nameOf(url)));
  return suggest(host.split('.')[0]!, names)
    .flatMap((name) => organisations.filter(({ url }) => nameOf(url) === name))
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
function readOrganisation(
  row: Readonly<Record<string, unknown>>,
  allowLoopback: boolean,
): readonly Organisation[] {
  const text = (name: string) => (typeof row[name] === 'string' ? row[name] : '');
  try {
    const { origin } = parseEnvironment(text('Url'), { allowLoopback });
    const organisation = {
      name: text('FriendlyName'),
      url: origin,
      uniqueName: text('UniqueName'),
      id: text('Id'),
      tenantId: text('TenantId'),
      region: text('Region'),
      version: text('Version'),
      enabled: row.State === 0 || row.State === undefined,
    };
    return [organisation];
  } catch {
    return [];
  }
}
