import { ConnectorError } from '../errors/connector-error.ts';
import { type CloudName, findCloud } from './clouds.ts';
import { adviceForHost, explainOnPremises, isOnPremises } from './environment-host-advice.ts';

/** The organization of a connection. `local` is a sandbox on this machine. */
export interface Environment {
  /** `https://contoso.crm4.dynamics.com`: no path, no trailing slash, lower case. */
  readonly origin: string;
  readonly host: string;
  readonly cloud: CloudName | 'local';
}

const whereToFind =
  'Copy it from the Power Platform admin center: Environments > your environment > Environment URL.';
const loopback = /^(https?):\/\/((?:localhost|127\.0\.0\.1|\[::1\])(?::[0-9]{1,5})?)(?=[/?#]|$)/i;

/**
 * Parses an environment URL that a user entered. Surrounding spaces and everything after the host are ignored, and upper
 * case is converted. Everything else that is not exactly `https://<organization>.<Dynamics suffix>` throws
 * CONNECTION_INVALID, because tokens are sent to this host; a wrong host is never corrected. `allowLoopback` is an
 * option for the operator of a sandbox; a workflow must not be able to set it.
 *
 * @example parseEnvironment('https://Contoso.crm4.dynamics.com/main.aspx').origin // https://contoso.crm4.dynamics.com
 */
export function parseEnvironment(
  orgUrl: string,
  options: { readonly allowLoopback?: boolean } = {},
): Environment {
  const text = typeof orgUrl === 'string' ? orgUrl.trim() : '';
  const local = loopback.exec(text);
  if (local !== null && options.allowLoopback === true) return localEnvironment(local);

  const parts = /^(?:([a-z][a-z0-9+.-]*):\/\/)?([^/?#]*)/i.exec(text);
  const host = (parts?.[2] ?? '').toLowerCase();
  if (!host.includes('@') && findCloud(host) === undefined && isOnPremises(host, text.toLowerCase()))
    throw invalidEnvironmentUrl(...explainOnPremises(host));
  checkScheme(parts?.[1]?.toLowerCase(), host);
  checkAuthority(host);
  const cloud = findCloud(host);
  if (cloud === undefined) {
    throw invalidEnvironmentUrl(
      `${host} is not the host of a Dynamics 365 organization.`,
      adviceForHost(host),
    );
  }
  return { origin: `https://${host}`, host, cloud };
}

function localEnvironment([, scheme, address = '']: RegExpExecArray): Environment {
  const host = address.toLowerCase();
  // URL removes the default port from the origin.
  if (!URL.canParse(`${scheme}://${host}`))
    throw invalidEnvironmentUrl('The port of the environment URL is not valid.');
  return { origin: new URL(`${scheme}://${host}`).origin, host, cloud: 'local' };
}

function checkScheme(scheme: string | undefined, host: string): void {
  if (scheme === 'https') return;
  const advice = findCloud(host) === undefined ? undefined : `Enter https://${host}.`;
  if (scheme === 'http')
    throw invalidEnvironmentUrl('The environment URL starts with http://, but https:// is required.', advice);
  if (host === '') throw invalidEnvironmentUrl('The environment URL is empty.');
  throw invalidEnvironmentUrl('The environment URL does not start with https://.', advice);
}

function checkAuthority(host: string): void {
  if (host === '') throw invalidEnvironmentUrl('The environment URL has no host.');
  // The message does not contain the user name, because it may be a password.
  if (host.includes('@'))
    throw invalidEnvironmentUrl('The environment URL contains a user name or password.');
  if (/[^\x21-\x7e]/.test(host) || host.includes('%') || /(?:^|\.)xn--/.test(host)) {
    throw invalidEnvironmentUrl(
      'The host of the environment URL contains characters other than ASCII letters and digits.',
    );
  }
  if (host.includes(':')) {
    throw invalidEnvironmentUrl(
      'The environment URL contains a port.',
      'Remove the port. Dynamics 365 uses the default port 443.',
    );
  }
  if (host.endsWith('.')) throw invalidEnvironmentUrl('The host of the environment URL ends with a dot.');
  if (!/^[a-z0-9.-]{1,253}$/.test(host)) {
    throw invalidEnvironmentUrl(
      'The host of the environment URL contains characters that are not allowed in a host.',
    );
  }
}

function invalidEnvironmentUrl(problem: string, advice?: string): ConnectorError {
  return new ConnectorError('CONNECTION_INVALID', problem, {
    advice: advice ?? `Enter a URL such as https://yourorg.crm.dynamics.com. ${whereToFind}`,
  });
}
