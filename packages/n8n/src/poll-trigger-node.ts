import type {
  Checkpoint,
  Client,
  JsonObject,
  PollItem,
  PollOptions,
  StateStore,
  TriggerDefinition,
} from 'dynamics365-connector';
import {
  createMemoryStore,
  describeOperation,
  deterministicId,
  parseDateTime,
  pruneState,
  requireOperation,
  runtimeOf,
  type StoreContent,
} from 'dynamics365-connector/host';
import type { N8nContext } from './n8n-context.ts';
import type { NodeExecutionData, PollFunctions } from './n8n-types.ts';
import { toNodeError } from './node-error.ts';
import { credentialType, openClient, openFeedClient } from './open-client.ts';
import { readInput } from './read-input.ts';
import { toStaticData } from './static-data.ts';
import { assertFewRows, watchesColumns } from './watched-rows.ts';

/** What n8n saves for a trigger: the checkpoint together with the state that belongs to it. */
interface SavedTriggerState {
  /** Identifies the trigger, params and credential that it belongs to. */
  readonly activationKey?: string;
  readonly checkpoint?: Checkpoint;
  readonly entries?: StoreContent;
}

/** Events of one poll; the next poll reads the rest. */
const maxEvents = 1000;

/** Polls the trigger and returns new events as items, or null. In the editor: the newest matching row as a sample. */
export async function pollTriggerNode(
  n8nContext: N8nContext,
  functions: PollFunctions,
): Promise<NodeExecutionData[][] | null> {
  try {
    const request = readTriggerRequest(n8nContext, functions);
    const items =
      functions.getMode() === 'manual'
        ? await sampleTrigger(n8nContext, functions, request)
        : await pollNewItems(n8nContext, functions, request);
    return items.length === 0 ? null : [items.map(toItem)];
  } catch (thrown) {
    throw toNodeError(n8nContext.helpers, functions.getNode(), { thrown });
  }
}

interface TriggerRequest {
  readonly trigger: TriggerDefinition;
  readonly params: JsonObject;
  readonly ignoreOwnChanges: boolean;
  /** Where the first poll starts. */
  readonly from?: string;
}

function readTriggerRequest(n8nContext: N8nContext, functions: PollFunctions): TriggerRequest {
  const { definition } = runtimeOf(n8nContext.connector);
  const { triggers, actions } = definition;
  const parameter = (name: string) => functions.getNodeParameter(name, null) ?? undefined;
  const trigger = requireOperation('trigger', triggers, String(parameter('event')), actions);
  const timeZone = functions.getTimezone();
  const { ignoreOwnChanges, from } = (parameter('options') ?? {}) as JsonObject;
  return {
    trigger,
    params: readInput(describeOperation(definition, trigger), { getParameter: parameter, timeZone }),
    ignoreOwnChanges: ignoreOwnChanges === true,
    from: from ? String(parseDateTime(from, timeZone)) : undefined,
  };
}

/**
 * Own changes are those of rows that the user changed last: to know more, the state of a trigger would need the values
 * of all columns of all rows.
 */
async function toPollOptions(
  client: Client,
  { ignoreOwnChanges, from }: TriggerRequest,
): Promise<PollOptions> {
  const ignoreChangesBy = ignoreOwnChanges ? (await client.check()).userId : undefined;
  return { ignoreChangesBy, from };
}

async function sampleTrigger(
  n8nContext: N8nContext,
  functions: PollFunctions,
  { trigger, params }: TriggerRequest,
): Promise<readonly PollItem[]> {
  const client = await openClient(n8nContext, functions);
  return await client.sample(trigger.id, 1, params);
}

async function pollNewItems(
  n8nContext: N8nContext,
  functions: PollFunctions,
  request: TriggerRequest,
): Promise<readonly PollItem[]> {
  const data = functions.getWorkflowStaticData('node');
  const saved = readSavedState(data, activationKeyOf(functions, request));
  const store = createMemoryStore(saved.entries);
  const client = await openFeedClient(n8nContext, functions, store);
  // An activation resumes a trigger that was paused because its workflow changed the row again and again.
  const resume = !n8nContext.polled.has(data);
  const options = { ...(await toPollOptions(client, request)), resume };
  const polled = { ...request, options, store };
  const { items, checkpoint } = await pollUpToLimit(client, polled, saved.checkpoint);
  await pruneState(store, checkpoint);
  n8nContext.polled.add(data);
  // One assignment: checkpoint and state are saved together.
  data.dynamics365 = { activationKey: saved.activationKey, checkpoint, entries: await toStaticData(store) };
  return items;
}

/** A copy of the saved state, so that a failed poll changes nothing. With another trigger, params or credential it starts over. */
function readSavedState(data: Record<string, unknown>, activationKey: string): SavedTriggerState {
  // Static data is a proxy, which structuredClone rejects.
  const saved = JSON.parse(JSON.stringify(data.dynamics365 ?? {})) as SavedTriggerState;
  return saved.activationKey === activationKey ? saved : { activationKey };
}

function activationKeyOf(functions: PollFunctions, { trigger, params }: TriggerRequest): string {
  const { credentials } = functions.getNode();
  return deterministicId(trigger.id, JSON.stringify(params), String(credentials?.[credentialType]?.id ?? ''));
}

interface PolledRequest extends TriggerRequest {
  readonly options: PollOptions;
  readonly store: StateStore;
}

async function pollUpToLimit(
  client: Client,
  { trigger, params, options, store }: PolledRequest,
  from: Checkpoint | undefined,
) {
  const items: PollItem[] = [];
  for (let checkpoint = from; ; ) {
    const result = await client.poll(trigger.id, params, checkpoint, {
      ...options,
      resume: options.resume === true && checkpoint === from,
    });
    if (watchesColumns(trigger, params)) await assertFewRows(store);
    items.push(...result.items);
    if (!result.hasMore || items.length >= maxEvents) return { items, checkpoint: result.checkpoint };
    checkpoint = result.checkpoint;
  }
}

/** The row with the event as `dynamics365`; its `id` is the same when an event is reported again. */
function toItem({ row, ...event }: PollItem): NodeExecutionData {
  return { json: { ...row, dynamics365: event } };
}
