const loopback = new Set(['localhost', '127.0.0.1', '[::1]']);

/** The address without its port when it is one of this machine, else as it is. */
function withoutLoopbackPort(uri: string): string {
  if (!URL.canParse(uri)) return uri;
  const url = new URL(uri);
  if (url.protocol !== 'http:' || !loopback.has(url.hostname)) return uri;
  url.port = '';
  return url.href;
}

/**
 * Whether an app may be answered at an address: exactly one of the registered ones; of a loopback address the
 * port does not count (https://learn.microsoft.com/entra/identity-platform/reply-url, RFC 8252 section 7.3).
 */
export function isRegisteredRedirectUri(registered: readonly string[], uri: string): boolean {
  const normalized = withoutLoopbackPort(uri);
  return registered.some((candidate) => candidate === uri || withoutLoopbackPort(candidate) === normalized);
}
