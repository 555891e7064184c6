import type { Push } from 'dynamics365-connector-worker';
import { Hono } from 'hono';
import type { ServiceEnv } from '../request-context.ts';

/** `/push/{endpoint}`: webhooks of organizations that wake polls. Dataverse looks at the status only. */
export function createPushRoutes(push: Push): Hono<ServiceEnv> {
  return new Hono<ServiceEnv>().all('/push/:endpoint', async ({ req, body }) => {
    const { method, url, headers, body: stream } = req.raw;
    const { status } = await push.receive({
      method,
      url,
      headers: Object.fromEntries(headers),
      body: stream,
    });
    return body(null, status);
  });
}
