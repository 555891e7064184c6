const loopbackHosts: ReadonlySet<string> = new Set(['localhost', '127.0.0.1', '[::1]']);

/** Whether a host name, as `URL.hostname` spells it, is this machine: only there is plain http allowed. */
export function isLoopbackHost(hostname: string): boolean {
  return loopbackHosts.has(hostname);
}
