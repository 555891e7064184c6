/** Preloaded into a client with `--import`: the hosts of Dataverse resolve to 127.0.0.1. */
import dns from 'node:dns';

const original = dns.lookup;
dns.lookup = Object.assign(
  (host: string, ...rest: unknown[]) => {
    const name = host.endsWith('.dynamics.com') ? '127.0.0.1' : host;
    Reflect.apply(original, dns, [name, ...rest]);
  },
  { __promisify__: original.__promisify__ },
) as typeof dns.lookup;
