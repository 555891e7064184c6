import { ConnectorError, type JsonObject } from 'dynamics365-connector';
import { omitUndefined } from 'dynamics365-connector/host';
import {
  type EventOrder,
  type EventState,
  eventStates,
  type StoredEvent,
} from 'dynamics365-connector-worker';
import { Hono } from 'hono';
import { ServiceError } from '../problem/problem.ts';
import { requireTriggers, type ServiceContext, type ServiceEnv } from '../request-context.ts';
import { requireSubscription, type SubscriptionParts } from './subscription-routes.ts';

const maxEventCount = 500;
const maxHistoryHours = 168;
const hourMs = 3_600_000;

/**
 * What happened to a subscription: its events, of which dead letters can be replayed or discarded, and the status of each
 * minute.
 */
export function createEventRoutes({ subscriptions }: SubscriptionParts): Hono<ServiceEnv> {
  const { workerStore } = subscriptions;
  const findId = async (context: ServiceContext) => (await requireSubscription(subscriptions, context)).id;
  const select = async (context: ServiceContext) => ({
    subscription: await findId(context),
    sequences: [readSequence(context)],
  });
  return new Hono<ServiceEnv>()
    .use('/subscriptions/*', requireTriggers)
    .get('/subscriptions/:id/events', async (context) => {
      const query = readEventQuery(context);
      const events = await workerStore.events({ ...query, subscription: await findId(context) });
      const next = events.length === query.limit ? events.at(-1)?.sequence : undefined;
      return context.json(omitUndefined({ events: events.map(describeEvent), next }));
    })
    .get('/subscriptions/:id/events/:sequence', async (context) => {
      const [event] = await workerStore.events(await select(context));
      if (event === undefined) throw new ServiceError('EVENT_UNKNOWN', 'It was deleted, or is too old.');
      return context.json(describeEvent(event));
    })
    .post('/subscriptions/:id/events/:sequence/replay', async (context) => {
      const mode = readChoice(context, 'row', ['stored', 'reread'] as const) ?? 'stored';
      if ((await workerStore.replayDeadLetters(await select(context), mode)) === 0) throw notDead();
      return context.body(null, 202);
    })
    .delete('/subscriptions/:id/events/:sequence', async (context) => {
      if ((await workerStore.forgetDeadLetters(await select(context))) === 0) throw notDead();
      return context.body(null, 204);
    })
    .get('/subscriptions/:id/history', async (context) => {
      const hours = readCount(context, 'hours', { min: 1, max: maxHistoryHours }) ?? 24;
      const samples = await workerStore.statusHistory(await findId(context), { sinceMs: hours * hourMs });
      return context.json({ samples: samples.map((sample) => ({ ...sample })) });
    });
}

function readEventQuery(context: ServiceContext) {
  return omitUndefined({
    state: readChoice<EventState>(context, 'state', eventStates),
    order: readChoice<EventOrder>(context, 'order', ['newest', 'oldest']),
    after: readCount(context, 'after', { min: 0, max: Number.MAX_SAFE_INTEGER }),
    limit: readCount(context, 'limit', { min: 1, max: maxEventCount }) ?? 100,
  });
}

function describeEvent({ subscription: _, target: __, item, ...event }: StoredEvent): JsonObject {
  return omitUndefined({ ...event, item: item as unknown as JsonObject }) as JsonObject;
}

const notDead = () => new ServiceError('EVENT_UNKNOWN', 'It was replayed, deleted or delivered.');

function readSequence(context: ServiceContext): number {
  const text = context.req.param('sequence') ?? '';
  if (/^\d{1,15}$/.test(text)) return Number(text);
  throw new ConnectorError('INPUT_INVALID', 'The sequence of an event must be a whole number.');
}

function readCount(
  context: ServiceContext,
  name: string,
  { min, max }: { readonly min: number; readonly max: number },
): number | undefined {
  const text = context.req.query(name);
  if (text === undefined) return undefined;
  const count = Number(text);
  if (/^\d{1,15}$/.test(text) && count >= min && count <= max) return count;
  throw new ConnectorError('INPUT_INVALID', `"${name}" must be a whole number of at least ${min}.`, {
    advice: max === Number.MAX_SAFE_INTEGER ? undefined : `The maximum is ${max}.`,
  });
}

function readChoice<T extends string>(
  context: ServiceContext,
  name: string,
  choices: readonly T[],
): T | undefined {
  const text = context.req.query(name);
  const choice = choices.find((each) => each === text);
  if (choice !== undefined || text === undefined) return choice;
  throw new ConnectorError('INPUT_INVALID', `"${name}" must be ${choices.join(' or ')}.`);
}
