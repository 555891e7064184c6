import type { SavedConnection } from 'dynamics365-connector/node';
import { Hono } from 'hono';
import { unknownConnection } from '../client-pool.ts';
import { allowsConnection } from '../keys/api-keys.ts';
import { hangUpSignal, requireConnectionName, requireScope, type ServiceEnv } from '../request-context.ts';
import type { ServiceParts } from '../service-parts.ts';

/** `/v1/connections`: lists, checks and deletes the connections of an API key. */
export function createConnectionRoutes({ connections, clients }: ServiceParts): Hono<ServiceEnv> {
  return new Hono<ServiceEnv>()
    .get('/connections', async (context) => {
      requireScope(context, 'connections');
      const all = await connections.list();
      const own = all.filter(({ name }) => allowsConnection(context.get('apiKey'), name));
      return context.json({ connections: own.map(describe) });
    })
    .get('/connections/:connection', async (context) => {
      requireScope(context, 'connections');
      const name = requireConnectionName(context);
      const saved = await connections.find(name);
      if (saved === undefined) throw unknownConnection(name);
      return context.json(describe(saved));
    })
    .delete('/connections/:connection', async (context) => {
      requireScope(context, 'connections');
      const name = requireConnectionName(context);
      if ((await connections.find(name)) === undefined) throw unknownConnection(name);
      await connections.remove(name);
      return context.body(null, 204);
    })
    .post('/connections/:connection/check', async (context) => {
      requireScope(context, 'connections');
      const { client } = await clients.open(requireConnectionName(context));
      return context.json({ ...(await client.check({ signal: hangUpSignal(context) })) });
    });
}

function describe({ name, kind, settings, account }: SavedConnection) {
  return { name, kind, orgUrl: settings.orgUrl, tenant: settings.tenant, account };
}
