import type {
  Checkpoint,
  Client,
  JsonObject,
  PollItem,
  PollOptions,
  StateStore,
  TriggerDefinition,
} from 'dynamics365-connector';
import { lookUp, memoryNames, namedId } from 'dynamics365-connector/host';
import type { House } from './house.ts';
import { toMoment } from './moment.ts';
import type { Item, PollContext } from './n8n.ts';
import { toNodeError } from './node-error.ts';
import { credentialType, openClient } from './open-client.ts';
import { readInput } from './read-input.ts';
import { openStore, type Rows, rowsOf } from './static-data.ts';

/** What n8n keeps of a trigger: its place and, in the same piece, the memory that belongs to it. */
interface Kept {
  /** Trigger, params and credential that it belongs to. */
  readonly about?: string;
  readonly checkpoint?: Checkpoint;
  readonly rows?: Rows;
}

/** Events of one poll; whatever is more waits for the next one. */
const mostEvents = 1000;

/** Reports what is new as items, or null. In the editor: the newest row that it could report. */
export async function pollTrigger(house: House, context: PollContext): Promise<Item[][] | null> {
  try {
    const asked = readTrigger(house, context);
    const items =
      context.getMode() === 'manual'
        ? await sample(house, context, asked)
        : await poll(house, context, asked);
    return items.length === 0 ? null : [items.map(toItem)];
  } catch (thrown) {
    throw toNodeError(house.kit, context.getNode(), { thrown });
  }
}

interface Asked {
  readonly trigger: TriggerDefinition;
  readonly params: JsonObject;
  readonly options: PollOptions;
}

function readTrigger(house: House, context: PollContext): Asked {
  const { triggers, actions } = house.connector.definition;
  const parameter = (name: string) => context.getNodeParameter(name, null) ?? undefined;
  const trigger = lookUp('trigger', triggers, String(parameter('event')), actions);
  const timeZone = context.getTimezone();
  const { ignoreOwnChanges, from } = (parameter('options') ?? {}) as JsonObject;
  return {
    trigger,
    params: readInput(house, trigger, { parameter, timeZone }),
    options: {
      ...(ignoreOwnChanges === true ? { ignoreChangesBy: 'self' } : {}),
      ...(from ? { from: String(toMoment(from, timeZone)) } : {}),
    },
  };
}

async function sample(
  house: House,
  context: PollContext,
  { trigger, params }: Asked,
): Promise<readonly PollItem[]> {
  const client = await openClient(house, context);
  return await client.sample(trigger.id, 1, params);
}

async function poll(house: House, context: PollContext, asked: Asked): Promise<readonly PollItem[]> {
  const data = context.getWorkflowStaticData('node');
  const kept = readKept(data, aboutOf(context, asked));
  const store = await openStore(kept.rows ?? []);
  const client = await openClient(house, context, store);
  const { items, checkpoint } = await pollUntil(client, asked, kept.checkpoint);
  await forgetTheRest(store, checkpoint);
  // In one piece: place and memory are kept together, or not at all.
  data.dynamics365 = { about: kept.about, checkpoint, rows: await rowsOf(store) };
  return items;
}

/** Another trigger, other params or another credential begin anew. A copy: a poll that fails changes nothing. */
function readKept(data: Record<string, unknown>, about: string): Kept {
  // What n8n hands out is a proxy, which structuredClone refuses.
  const kept = JSON.parse(JSON.stringify(data.dynamics365 ?? {})) as Kept;
  return kept.about === about ? kept : { about };
}

function aboutOf(context: PollContext, { trigger, params }: Asked): string {
  const { credentials } = context.getNode();
  return namedId(trigger.id, JSON.stringify(params), String(credentials?.[credentialType]?.id ?? ''));
}

async function pollUntil(client: Client, { trigger, params, options }: Asked, from: Checkpoint | undefined) {
  const items: PollItem[] = [];
  for (let checkpoint = from; ; ) {
    const result = await client.poll(trigger.id, params, checkpoint, options);
    items.push(...result.items);
    if (!result.more || items.length >= mostEvents) return { items, checkpoint: result.checkpoint };
    checkpoint = result.checkpoint;
  }
}

/** n8n only comes back with the place it kept last, so that older memories are of no use. */
async function forgetTheRest(store: StateStore, { instance, memory }: Checkpoint): Promise<void> {
  for (const name of await memoryNames(store, String(instance))) {
    if (name !== memory) await store.delete(`poll/${String(instance)}/memory/${name}`);
  }
}

/** The row, and beside its columns the event; its `id` is the same when an event is told again. */
function toItem({ row, ...event }: PollItem): Item {
  return { json: { ...row, dynamics365: event } };
}
