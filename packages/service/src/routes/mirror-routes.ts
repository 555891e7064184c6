import { ConnectorError, type JsonObject } from 'dynamics365-connector';
import { omitUndefined } from 'dynamics365-connector/host';
import { Hono } from 'hono';
import { assertMembers, optionalText, parseBody, readText } from '../request-body.ts';
import { hangUpSignal, requireScope, type ServiceEnv } from '../request-context.ts';
import type { MirrorComparison, ServiceMirror } from '../service-mirror.ts';

/** `/v1/mirror`: the state of the mirror that the service runs, and its comparison with the organization. */
export function createMirrorRoutes(mirror: ServiceMirror): Hono<ServiceEnv> {
  return new Hono<ServiceEnv>()
    .use('/mirror/*', async (context, next) => {
      requireScope(context, 'mirror');
      await next();
    })
    .get('/mirror', async (context) => context.json(await mirror.state()))
    .post('/mirror/verify', async (context) => {
      const comparison = readComparison(parseBody((await readText(context)) || '{}'));
      const tables = await mirror.verify(comparison, hangUpSignal(context));
      return context.json({ tables });
    });
}

function readComparison(body: JsonObject): MirrorComparison {
  assertMembers(body, ['table', 'cells', 'repair']);
  return omitUndefined({
    repair: readFlag(body.repair, 'repair'),
    cells: readFlag(body.cells, 'cells'),
    onlyTable: optionalText(body, 'table'),
  });
}

function readFlag(value: unknown, name: string): boolean {
  if (value === undefined || typeof value === 'boolean') return value ?? false;
  throw new ConnectorError('INPUT_INVALID', `"${name}" must be true or false.`);
}
