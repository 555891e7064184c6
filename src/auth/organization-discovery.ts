import { ConnectorError } from '../errors/connector-error.ts';
import { suggest } from '../errors/suggest.ts';
import type { HttpSender } from '../model/http.ts';
import type { Clock } from '../model/runtime-services.ts';
import type { AccessToken } from '../model/token.ts';
import { parseEnvironment } from './environment.ts';
import { sendToAuthority } from './send-to-authority.ts';

/** An organization of a user, as listed by the Global Discovery Service. */
export interface Organization {
  readonly name: string;
  /** The environment URL: an origin. */
  readonly url: string;
  readonly uniqueName: string;
  readonly id: string;
  readonly tenantId: string;
  readonly region: string;
  readonly version: string;
  /** False if an administrator has disabled it. */
  readonly enabled: boolean;
}

/**
 * Lists the organizations of the signed-in user in one cloud, sorted by name. Needs a token of a *user* for the discovery
 * service. The list does not contain organizations whose security group excludes the user, organizations in which the
 * user is disabled, and organizations in other clouds. Throws RECONNECT_NEEDED if the token is rejected.
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
    throw new ConnectorError('RECONNECT_NEEDED', 'The discovery service rejects the access token.', {
      status,
    });
  }
  const rows = status === 200 ? readRows(text) : undefined;
  if (rows === undefined) {
    throw new ConnectorError(
      'RESPONSE_INVALID',
      'The response of the discovery service is not a list of organizations.',
      {
        status,
      },
    );
  }
  return rows
    .flatMap((row) => readOrganization(row, options.allowLoopback === true))
    .sort((a, b) => (a.name < b.name ? -1 : 1));
}

/** Returns up to three environment URLs whose name is similar to that of `host`, in any region. */
export function suggestOrganizations(
  host: string,
  organizations: readonly Organization[],
): readonly string[] {
  const nameOf = ({ url }: Organization) => firstLabel(new URL(url).host);
  const names = new Set(organizations.map(nameOf));
  return suggest(firstLabel(host), names)
    .flatMap((name) => organizations.filter((organization) => nameOf(organization) === name))
    .map(({ url }) => url)
    .slice(0, 3);
}

function firstLabel(host: string): string {
  const [label = ''] = host.split('.', 1);
  return label;
}

function readRows(text: string): readonly Readonly<Record<string, unknown>>[] | undefined {
  try {
    const { value } = JSON.parse(text) as { readonly value?: unknown };
    return Array.isArray(value) ? value.filter((row) => typeof row === 'object' && row !== null) : undefined;
  } catch {
    return undefined;
  }
}

/** Tokens may be sent to the URL of a row, so it is checked like a URL that a user enters. Other rows are skipped. */
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
