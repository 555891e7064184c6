import { ConnectorError } from '../errors/connector-error.ts';
import { type CloudName, findCloud } from './clouds.ts';
import { adviceForHost } from './environment-host-advice.ts';

/** The organization that a connection speaks to. `local` is a sandbox on this machine. */
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
 * Reads an environment URL as people paste it: spaces around it, upper case and everything after the host are
 * dropped; everything else that is not exactly `https://<organization>.<Dynamics suffix>` is refused with
 * CONNECTION_INVALID, because the host decides where tokens are sent. The host is matched against a grammar,
 * never repaired. `allowLoopback` is for the operator of a sandbox, never for a value of a workflow.
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
  checkScheme(parts?.[1]?.toLowerCase(), host);
  checkAuthority(host);
  const cloud = findCloud(host);
  if (cloud === undefined) {
    throw invalidEnvironmentUrl(
      `${host} is not the address of a Dynamics 365 organization.`,
      adviceForHost(host),
    );
  }
  return { origin: `https://${host}`, host, cloud };
}

function localEnvironment(match: RegExpExecArray): Environment {
  const host = match[2]!.toLowerCase();
  // URL drops a default port, as every client does when it names an origin.
  if (!URL.canParse(`${match[1]}://${host}`)) throw invalidEnvironmentUrl('The port is not a port number.');
  return { origin: new URL(`${match[1]}://${host}`).origin, host, cloud: 'local' };
}

function checkScheme(scheme: string | undefined, host: string): void {
  if (scheme === 'https') return;
  const fix = findCloud(host) === undefined ? undefined : `Enter https://${host}.`;
  if (scheme === 'http')
    throw invalidEnvironmentUrl('The environment URL begins with http, and tokens need https.', fix);
  if (host === '') throw invalidEnvironmentUrl('The environment URL is empty.');
  throw invalidEnvironmentUrl('The environment URL does not begin with https://.', fix);
}

function checkAuthority(host: string): void {
  if (host === '') throw invalidEnvironmentUrl('The environment URL has no host.');
  // A user name may be a password too, so nothing of it is repeated.
  if (host.includes('@')) throw invalidEnvironmentUrl('The environment URL holds a user name or password.');
  if (/[^\x21-\x7e]/.test(host) || host.includes('%') || /(?:^|\.)xn--/.test(host)) {
    throw invalidEnvironmentUrl(
      'The host of the environment URL holds characters other than plain letters and digits.',
    );
  }
  if (host.includes(':')) {
    throw invalidEnvironmentUrl(
      'The environment URL names a port.',
      'Leave the port out: Dynamics 365 answers on 443.',
    );
  }
  if (host.endsWith('.')) throw invalidEnvironmentUrl('The host of the environment URL ends with a dot.');
  if (!/^[a-z0-9.-]{1,253}$/.test(host)) {
    throw invalidEnvironmentUrl('The host of the environment URL holds characters that no host has.');
  }
}

function invalidEnvironmentUrl(problem: string, advice?: string): ConnectorError {
  return new ConnectorError('CONNECTION_INVALID', problem, {
    advice: advice ?? `Enter it as https://yourorg.crm.dynamics.com. ${whereToFind}`,
  });
}
