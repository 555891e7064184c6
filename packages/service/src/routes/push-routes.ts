import type { Push } from 'dynamics365-connector-worker';
import { Hono } from 'hono';
import type { ServiceEnv } from '../request-context.ts';
import type { ServiceMirror } from '../service-mirror.ts';

/** `/push/{endpoint}`: webhooks of organizations that wake polls and the mirror. Dataverse looks at the status only. */
export function createPushRoutes(push: Push, mirror: ServiceMirror | undefined): Hono<ServiceEnv> {
  return new Hono<ServiceEnv>().all('/push/:endpoint', async ({ req, body }) => {
    const { method, url, headers, body: stream } = req.raw;
    const { status } = await push.receive({
      method,
      url,
      headers: Object.fromEntries(headers),
      body: stream,
    });
    const table = headers.get('x-ms-dynamics-entity-name');
    if (status === 204 && table !== null) mirror?.wake(table);
    return body(null, status);
  });
}
