import type { Checkpoint, JsonObject } from 'dynamics365-connector';
import { requireOperation, runtimeOf } from 'dynamics365-connector/host';
import { Hono } from 'hono';
import { assertMembers, optionalObject, parseBody, readText } from '../request-body.ts';
import {
  requireConnectionName,
  requireScope,
  type ServiceContext,
  type ServiceEnv,
} from '../request-context.ts';
import type { ServiceParts } from '../service-parts.ts';

/** `GET /v1/triggers`, and polls and samples of a trigger for a caller that keeps the checkpoint itself. */
export function createTriggerRoutes(parts: ServiceParts): Hono<ServiceEnv> {
  const { triggers } = runtimeOf(parts.connector).definition;
  return new Hono<ServiceEnv>()
    .get('/triggers', (context) =>
      context.json({
        triggers: Object.values(triggers).map(({ id, title, description, group, watch }) => ({
          ...{ id, title, description, group, everyMs: watch.intervalMs },
        })),
      }),
    )
    .get('/triggers/:trigger', (context) => {
      const trigger = requireOperation('trigger', triggers, context.req.param('trigger'));
      const { id, title, description, group, input, outputSchema: output } = trigger;
      return context.json({ id, title, description, group, input, output });
    })
    .post('/connections/:connection/triggers/:trigger/poll', (context) => poll(parts, context))
    .post('/connections/:connection/triggers/:trigger/sample', (context) => sample(parts, context));
}

const pollMembers = ['params', 'checkpoint', 'from'];

async function poll({ clients }: ServiceParts, context: ServiceContext): Promise<Response> {
  requireScope(context, 'actions:read');
  const { client } = await clients.open(requireConnectionName(context));
  const body = parseBody(await readText(context));
  assertMembers(body, pollMembers);
  const { params, checkpoint, from } = body;
  const trigger = context.req.param('trigger') ?? '';
  const result = await client.poll(
    trigger,
    optionalObject(params, 'params'),
    optionalObject(checkpoint, 'checkpoint') as Checkpoint | undefined,
    from === undefined ? undefined : { from: String(from) },
  );
  return context.json(result as unknown as JsonObject);
}

const sampleMembers = ['params', 'maxItems'];

async function sample({ clients }: ServiceParts, context: ServiceContext): Promise<Response> {
  requireScope(context, 'actions:read');
  const { client } = await clients.open(requireConnectionName(context));
  const body = parseBody(await readText(context));
  assertMembers(body, sampleMembers);
  const { params, maxItems } = body;
  const trigger = context.req.param('trigger') ?? '';
  const items = await client.sample(
    trigger,
    maxItems === undefined ? undefined : Number(maxItems),
    optionalObject(params, 'params'),
  );
  return context.json({ items: items as unknown as JsonObject[] });
}
