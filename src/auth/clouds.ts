/** The hosts of one Microsoft cloud. */
export interface CloudInfo {
  /** Origin of the sign-in authority. */
  readonly authorityOrigin: string;
  /** The origins that an id token's `iss` may have. */
  readonly issuers: readonly [string, ...string[]];
  /** Origin of the Global Discovery Service. */
  readonly discoveryOrigin: string;
  /** The part of a host after the organization's name: `crm4.dynamics.com`. */
  readonly hostSuffix: RegExp;
}

function defineCloud(login: string, discovery: string, suffix: RegExp, alias?: string): CloudInfo {
  return {
    authorityOrigin: `https://${login}`,
    issuers: alias === undefined ? [`https://${login}`] : [`https://${login}`, `https://${alias}`],
    discoveryOrigin: `https://${discovery}`,
    hostSuffix: suffix,
  };
}

/**
 * The clouds, with the most specific suffix first. The regions of the commercial cloud (`crm4`, `crm21`, ...) are not
 * listed, because Microsoft adds new ones. GCC organizations use the commercial directory. The authority in China has
 * two names; `login.chinacloudapi.cn` is the older one.
 * https://learn.microsoft.com/power-platform/admin/new-datacenter-regions,
 * https://learn.microsoft.com/entra/identity-platform/authentication-national-cloud
 */
export const clouds = {
  gcc: defineCloud('login.microsoftonline.com', 'globaldisco.crm9.dynamics.com', /^crm9\.dynamics\.com$/),
  commercial: defineCloud(
    'login.microsoftonline.com',
    'globaldisco.crm.dynamics.com',
    /^crm[0-9]{0,2}\.dynamics\.com$/,
  ),
  'gcc-high': defineCloud(
    'login.microsoftonline.us',
    'globaldisco.crm.microsoftdynamics.us',
    /^crm\.microsoftdynamics\.us$/,
  ),
  dod: defineCloud('login.microsoftonline.us', 'globaldisco.crm.appsplatform.us', /^crm\.appsplatform\.us$/),
  china: defineCloud(
    'login.partner.microsoftonline.cn',
    'globaldisco.crm.dynamics.cn',
    /^crm\.dynamics\.cn$/,
    'login.chinacloudapi.cn',
  ),
} as const satisfies Record<string, CloudInfo>;

export type CloudName = keyof typeof clouds;

const organizationHost = /^[a-z0-9](?:[a-z0-9-]{0,61}[a-z0-9])?(?:\.api)?\.(crm[a-z0-9.]*)$/;
const serviceHost = /^(?:globaldisco|disco)\./;

/**
 * Returns the cloud of an organization's host (`contoso.crm4.dynamics.com`, `contoso.api.crm.dynamics.com`), or
 * undefined for any other host. It compares complete labels, so `evilcrm.dynamics.com` is not accepted.
 */
export function findCloud(host: string): CloudName | undefined {
  const suffix = organizationHost.exec(host)?.[1];
  if (suffix === undefined || serviceHost.test(host)) return undefined;
  return (Object.keys(clouds) as CloudName[]).find((name) => clouds[name].hostSuffix.test(suffix));
}
