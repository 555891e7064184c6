/** One Microsoft cloud: who signs people in, who lists organizations, and what its organizations are called. */
export interface CloudInfo {
  /** Origin of the sign-in authority. */
  readonly authorityOrigin: string;
  /** Origins that may stand in an id token's `iss`, and in the `authorization_uri` of a 401. */
  readonly issuers: readonly string[];
  /** Origin of the Global Discovery Service. */
  readonly discoveryOrigin: string;
  /** What follows the organization's name in a host: `crm4.dynamics.com`. */
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
 * The clouds, most particular suffix first. Regions of the commercial cloud are not listed: new ones keep
 * appearing (`crm4`, `crm21`, ...). GCC organizations sign in to the commercial directory. China has two names
 * for one authority: its tokens say `login.partner.microsoftonline.cn` whichever was asked.
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
    'login.chinacloudapi.cn',
    'globaldisco.crm.dynamics.cn',
    /^crm\.dynamics\.cn$/,
    'login.partner.microsoftonline.cn',
  ),
} as const satisfies Record<string, CloudInfo>;

export type CloudName = keyof typeof clouds;

const organizationHost = /^[a-z0-9](?:[a-z0-9-]{0,61}[a-z0-9])?(?:\.api)?\.(crm[a-z0-9.]*)$/;
const serviceHost = /^(?:globaldisco|disco)\./;

/**
 * The cloud of an organization's host (`contoso.crm4.dynamics.com`, `contoso.api.crm.dynamics.com`), or
 * undefined when the host is not one. Anchored on label boundaries: `evilcrm.dynamics.com` is not one.
 */
export function findCloud(host: string): CloudName | undefined {
  const suffix = organizationHost.exec(host)?.[1];
  if (suffix === undefined || serviceHost.test(host)) return undefined;
  return (Object.keys(clouds) as CloudName[]).find((name) => clouds[name].hostSuffix.test(suffix));
}
