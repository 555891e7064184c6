import { Secret } from 'dynamics365-connector';
import type { ConnectionStore } from 'dynamics365-connector/node';
import type { Sandbox } from 'dynamics365-connector-sandbox';

/** Saves the connection of a sandbox as its app, under the name `sandbox`, or `sandbox-2` if that runs. Returns the name. */
export async function saveSandboxConnection(
  connections: ConnectionStore,
  { app, organization, authority, discovery }: Sandbox,
): Promise<string> {
  const name = await findFreeName(connections);
  await connections.save(
    {
      name,
      kind: 'app',
      settings: { orgUrl: organization.origin, tenant: authority.tenantId },
      clientId: app.clientId,
      localAuthority: authority.url,
      localDiscovery: discovery.url,
    },
    { secret: new Secret(app.clientSecret ?? '') },
  );
  return name;
}

/** `sandbox`, or the next name that no running sandbox uses. */
async function findFreeName(connections: ConnectionStore): Promise<string> {
  for (let count = 1; ; count++) {
    const name = count === 1 ? 'sandbox' : `sandbox-${count}`;
    const saved = await connections.find(name);
    if (saved === undefined || !(await isReachable(saved.settings.orgUrl))) return name;
  }
}

const reachableTimeoutMs = 2000;

async function isReachable(url: string): Promise<boolean> {
  const signal = AbortSignal.timeout(reachableTimeoutMs);
  return await fetch(url, { signal }).then(
    () => true,
    () => false,
  );
}
