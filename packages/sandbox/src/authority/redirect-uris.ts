import { isLoopbackHost } from 'dynamics365-connector/base';

/** The URI without its port if its host is a loopback address, else unchanged. */
function withoutLoopbackPort(uri: string): string {
  if (!URL.canParse(uri)) return uri;
  const url = new URL(uri);
  if (url.protocol !== 'http:' || !isLoopbackHost(url.hostname)) return uri;
  url.port = '';
  return url.href;
}

/**
 * Whether a redirect URI is registered. URIs are compared exactly, except for the port of a loopback address
 * (https://learn.microsoft.com/entra/identity-platform/reply-url, RFC 8252 section 7.3).
 */
export function isRegisteredRedirectUri(registered: readonly string[], uri: string): boolean {
  const normalized = withoutLoopbackPort(uri);
  return registered.some((candidate) => candidate === uri || withoutLoopbackPort(candidate) === normalized);
}
