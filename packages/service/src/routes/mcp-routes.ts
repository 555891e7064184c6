import { createMcpFetchHandler, type McpFetchHandler } from 'dynamics365-connector-mcp';
import { Hono } from 'hono';
import type { PooledConnection } from '../client-pool.ts';
import type { ApiKey } from '../keys/api-keys.ts';
import { requireConnectionName, requireScope, type ServiceEnv } from '../request-context.ts';
import type { ServiceParts } from '../service-parts.ts';

/** `/v1/connections/{connection}/mcp`: Model Context Protocol over Streamable HTTP, with the rights of the API key. */
export function createMcpRoutes({ connector, clients }: ServiceParts): Hono<ServiceEnv> {
  const handlers = new WeakMap<PooledConnection, Map<string, McpFetchHandler>>();
  return new Hono<ServiceEnv>().all('/connections/:connection/mcp', async (context) => {
    requireScope(context, 'actions:read');
    const pooled = await clients.open(requireConnectionName(context));
    const permissions = permissionsOf(context.get('apiKey'));
    const byPermissions = handlers.get(pooled) ?? new Map<string, McpFetchHandler>();
    handlers.set(pooled, byPermissions);
    const name = JSON.stringify(permissions);
    const known = byPermissions.get(name);
    const handler = known ?? createMcpFetchHandler({ connector, client: pooled.client, permissions });
    byPermissions.set(name, handler);
    const response = await handler.fetch(context.req.raw);
    response.headers.set('request-id', context.get('requestId'));
    return response;
  });
}

function permissionsOf({ scopes }: ApiKey) {
  const writes = scopes.includes('actions:write');
  const deletes = scopes.includes('actions:destructive');
  return { writes, deletes, bulk: writes && deletes };
}
