import { ConnectorError, type JsonObject } from 'dynamics365-connector';
import { isGuid, omitUndefined } from 'dynamics365-connector/host';
import type { SubscriptionStatus } from 'dynamics365-connector-worker';
import { Hono } from 'hono';
import { allowsConnection } from '../keys/api-keys.ts';
import { ServiceError } from '../problem/problem.ts';
import {
  assertMembers,
  optionalObject,
  optionalText,
  parseBody,
  readText,
  requireText,
} from '../request-body.ts';
import {
  assertConnectionAllowed,
  requireTriggers,
  type ServiceContext,
  type ServiceEnv,
} from '../request-context.ts';
import type { ServiceParts } from '../service-parts.ts';
import type { ApiSubscription } from '../subscriptions/stored-subscriptions.ts';
import type { Subscriptions } from '../subscriptions/subscriptions.ts';
import type { TargetGuard } from '../subscriptions/target-guard.ts';
import {
  isFileSubscription,
  listFileSubscriptions,
  seesWorkerFiles,
} from '../subscriptions/worker-file-subscriptions.ts';

/** What the routes of subscriptions work with. */
export interface SubscriptionParts extends Pick<ServiceParts, 'clients' | 'url'> {
  readonly subscriptions: Subscriptions;
  readonly guard: TargetGuard;
}

/** `/v1/subscriptions`: triggers whose events are sent to a webhook, with their state. */
export function createSubscriptionRoutes(parts: SubscriptionParts): Hono<ServiceEnv> {
  const { subscriptions } = parts;
  const find = (context: ServiceContext) => requireSubscription(subscriptions, context);
  return new Hono<ServiceEnv>()
    .use('/subscriptions/*', requireTriggers)
    .use('/connections/:connection/triggers/:trigger/subscriptions', requireTriggers)
    .post('/subscriptions', async (context) => create(parts, context, parseBody(await readText(context))))
    .post('/connections/:connection/triggers/:trigger/subscriptions', async (context) =>
      create(parts, context, await readNarrowed(context)),
    )
    .get('/subscriptions', async (context) => {
      const [all, statuses] = await Promise.all([subscriptions.list(), statusById(subscriptions)]);
      const fromFiles = seesWorkerFiles(context.get('apiKey'))
        ? listFileSubscriptions(statuses.values(), new Set(all.map(({ id }) => id)))
        : [];
      const own = [...all.filter((each) => isOwn(context, each)), ...fromFiles];
      return context.json({ subscriptions: own.map((each) => describe(each, statuses.get(each.id))) });
    })
    .get('/subscriptions/:id', async (context) => {
      const stored = await find(context);
      return context.json(describe(stored, (await statusById(subscriptions)).get(stored.id)));
    })
    .patch('/subscriptions/:id', async (context) => {
      const found = await find(context);
      const { id } = found;
      const body = parseBody(await readText(context));
      if (body.url !== undefined) assertOfApi(found);
      await change(parts, id, body);
      const stored = await find(context);
      return context.json(describe(stored, (await statusById(subscriptions)).get(id)));
    })
    .delete('/subscriptions/:id', async (context) => {
      const found = await find(context);
      assertOfApi(found);
      await subscriptions.remove(found.id);
      return context.body(null, 204);
    });
}

const narrowedMembers = ['params', 'url', 'every', 'from', 'ignoreChangesBy', 'push'];
const createMembers = ['connection', 'trigger', ...narrowedMembers];

/** The body of a platform whose form has one trigger of one connection, as in `swagger.json`. */
async function readNarrowed(context: ServiceContext): Promise<JsonObject> {
  const { connection, trigger } = context.req.param();
  const body = parseBody(await readText(context));
  assertMembers(body, narrowedMembers);
  return { ...body, connection: connection ?? '', trigger: trigger ?? '' };
}

async function create(
  { subscriptions, clients, guard, url: serviceUrl }: SubscriptionParts,
  context: ServiceContext,
  body: JsonObject,
): Promise<Response> {
  assertMembers(body, createMembers);
  const connection = assertConnectionAllowed(context, requireText(body, 'connection'));
  await clients.open(connection);
  const url = requireText(body, 'url');
  guard.assertUrl(url);
  const { stored, secret } = await subscriptions.create(
    omitUndefined({
      owner: context.get('apiKey').id,
      connection,
      trigger: requireText(body, 'trigger'),
      params: optionalObject(body.params, 'params') ?? {},
      url,
      everyMs: readInterval(body.every),
      from: readStart(body),
      ignoreChangesBy: readIgnored(body),
      push: readPush(body.push),
    }),
  );
  // Power Platform unsubscribes at this address, which must be complete.
  const location = `${serviceUrl}/v1/subscriptions/${stored.id}`;
  return context.json({ ...describe(stored, undefined), secret: secret.reveal() }, 201, { location });
}

async function change(
  { subscriptions, guard }: SubscriptionParts,
  id: string,
  body: JsonObject,
): Promise<void> {
  assertMembers(body, ['paused', 'url']);
  const { paused, url } = body;
  if (paused !== undefined && typeof paused !== 'boolean')
    throw new ConnectorError('INPUT_INVALID', '"paused" must be true or false.');
  if (url !== undefined) {
    guard.assertUrl(requireText(body, 'url'));
    await subscriptions.redirect(id, requireText(body, 'url'));
  }
  if (paused === true) await subscriptions.workerStore.pause(id);
  if (paused === false) await subscriptions.workerStore.resume(id);
}

/** A subscription belongs to the key that made it. Another key sees it if it may use the same connection. */
function isOwn(context: ServiceContext, { owner, connection }: ApiSubscription): boolean {
  const key = context.get('apiKey');
  return allowsConnection(key, connection) && (owner === key.id || key.connections.includes('*'));
}

/** The subscription in the path. @throws SUBSCRIPTION_UNKNOWN if the API key may not see it. */
export async function requireSubscription(
  subscriptions: Subscriptions,
  context: ServiceContext,
): Promise<ApiSubscription> {
  const id = context.req.param('id') ?? '';
  const stored = await subscriptions.find(id);
  if (stored !== undefined && isOwn(context, stored)) return stored;
  const status = seesWorkerFiles(context.get('apiKey'))
    ? (await statusById(subscriptions)).get(id)
    : undefined;
  const [fromFile] = status === undefined ? [] : listFileSubscriptions([status], new Set());
  if (fromFile !== undefined) return fromFile;
  throw new ServiceError('SUBSCRIPTION_UNKNOWN', 'It was deleted, or it belongs to another key.');
}

/** What a worker file says is changed there. @throws INPUT_INVALID */
function assertOfApi(subscription: ApiSubscription): void {
  if (!isFileSubscription(subscription)) return;
  throw new ConnectorError('INPUT_INVALID', `The subscription "${subscription.id}" is in a worker file.`, {
    advice: 'Change the file, and start its worker again.',
  });
}

async function statusById({ workerStore }: Subscriptions): Promise<ReadonlyMap<string, SubscriptionStatus>> {
  return new Map((await workerStore.status()).map((status) => [status.id, status]));
}

function describe(stored: ApiSubscription, status: SubscriptionStatus | undefined): JsonObject {
  const { id, connection, trigger, params, url, createdAt, from, ignoreChangesBy, push } = stored;
  const { state, reason, everyMs, delivered, waiting, dead, polledAgoMs, dueInMs, failure } = status ?? {};
  return omitUndefined({
    ...{ id, connection, trigger, params, url, createdAt, from, ignoreChangesBy, push, everyMs },
    origin: isFileSubscription(stored) ? stored.origin : undefined,
    ...{ state, reason, delivered, waiting, dead, polledAgoMs, dueInMs },
    failure: failure && { ...failure },
    webhooks: status?.push && { ...status.push },
  }) as unknown as JsonObject;
}

/** @throws INPUT_INVALID */
function readStart(body: JsonObject): string | undefined {
  const from = optionalText(body, 'from');
  if (from === undefined || from === 'beginning' || Date.parse(from) >= 0) return from;
  throw new ConnectorError(
    'INPUT_INVALID',
    '"from" must be a time, such as 2026-01-15T09:00:00Z, or "beginning".',
  );
}

/** @throws INPUT_INVALID */
function readIgnored(body: JsonObject): string | undefined {
  const by = optionalText(body, 'ignoreChangesBy');
  if (by === undefined || by === 'self' || isGuid(by)) return by;
  throw new ConnectorError('INPUT_INVALID', '"ignoreChangesBy" must be "self" or the id of a user.');
}

function readPush(value: unknown): boolean | undefined {
  if (value === undefined || typeof value === 'boolean') return value;
  throw new ConnectorError('INPUT_INVALID', '"push" must be true or false.');
}

const minIntervalMs = 1000;
const maxIntervalMs = 86_400_000;

/** `30s`, `5m`, `1h` */
function readInterval(value: unknown): number | undefined {
  if (value === undefined) return undefined;
  const [, count, unit = ''] = /^(\d{1,5})(s|m|h)$/.exec(String(value)) ?? [];
  const ms = Number(count) * (unitMs[unit] ?? Number.NaN);
  if (ms >= minIntervalMs && ms <= maxIntervalMs) return ms;
  throw new ConnectorError('INPUT_INVALID', '"every" must be 1s to 24h, such as 30s or 5m.');
}

const unitMs: Readonly<Record<string, number>> = { s: 1000, m: 60_000, h: 3_600_000 };
