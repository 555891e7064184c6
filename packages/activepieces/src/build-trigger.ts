import { createTrigger, DEDUPE_KEY_PROPERTY, Property } from '@activepieces/pieces-framework';
import type { Client, JsonObject, PollItem, TriggerDefinition } from 'dynamics365-connector';
import {
  createMemoryStore,
  describeOperation,
  deterministicId,
  type OperationView,
  pruneState,
  readStoreContent,
  runtimeOf,
} from 'dynamics365-connector/host';
import { inputProperties, pieceName } from './build-action.ts';
import { openClient } from './connection.ts';
import type { PieceContext } from './piece-context.ts';
import { toPieceError } from './piece-error.ts';
import type { FormValues, PieceTrigger, TriggerContext } from './piece-types.ts';
import { readInput } from './read-input.ts';
import { deleteState, loadState, saveState, type TriggerState } from './trigger-state.ts';

/** Events of one poll; the next poll reads the rest. */
const maxEvents = 1000;
const maxSamples = 5;

/** The trigger of the piece for one trigger of the connector. */
export function buildTrigger(trigger: TriggerDefinition, pieceContext: PieceContext): PieceTrigger {
  const view = describeOperation(runtimeOf(pieceContext.connector).definition, trigger);
  const { title, description } = view;
  const guarded =
    <T>(work: (context: TriggerContext) => Promise<T>) =>
    (context: TriggerContext) =>
      work(context).catch((error: unknown) => {
        throw toPieceError(error);
      });
  return createTrigger({
    name: pieceName(trigger.id),
    displayName: title,
    description,
    type: 'POLLING',
    props: { ...inputProperties(view, pieceContext), ...pollProperties() },
    sampleData: {},
    onEnable: guarded((context) => enableTrigger(view, pieceContext, context)),
    onDisable: guarded(async ({ store, isRepublish }) => {
      if (isRepublish !== true) await deleteState(store);
    }),
    run: guarded(async (context) => (await pollTrigger(view, pieceContext, context)).map(toPayload)),
    test: guarded(async (context) => (await sampleTrigger(view, pieceContext, context)).map(toPayload)),
  });
}

function pollProperties() {
  return {
    ignoreOwnChanges: Property.Checkbox({
      displayName: 'Ignore own changes',
      description:
        'Ignores rows that the user of this connection changed last, so that a flow does not start itself',
      required: false,
      defaultValue: true,
    }),
    startFrom: Property.DateTime({
      displayName: 'Start from',
      description: 'Also reports events since this time. By default those since the flow is published.',
      required: false,
    }),
  };
}

/** The row, with the event under `dynamics365`. Its id is the same when it is reported again: the platform drops it then. */
function toPayload({ row, ...event }: PollItem): JsonObject {
  return { ...row, dynamics365: event, [DEDUPE_KEY_PROPERTY]: event.id };
}

/** A trigger with its client and params. */
interface OpenTrigger {
  readonly client: Client;
  readonly params: JsonObject;
  /** A trigger with other params, or of another environment, starts over. */
  readonly activationKey: string;
}

async function openTrigger(
  view: OperationView,
  pieceContext: PieceContext,
  { auth, propsValue }: TriggerContext,
): Promise<OpenTrigger> {
  const { definition } = runtimeOf(pieceContext.connector);
  const client = openClient(pieceContext, auth);
  const params = await readInput({ definition, client, view, values: propsValue });
  const activationKey = deterministicId(view.id, JSON.stringify(params), client.metadata.origin);
  return { client, params, activationKey };
}

/**
 * The first poll sets the position: events count from here on. A flow that is published again with the same trigger keeps
 * its position.
 */
async function enableTrigger(
  view: OperationView,
  pieceContext: PieceContext,
  context: TriggerContext,
): Promise<void> {
  const { store, propsValue, isRepublish } = context;
  const { activationKey } = await openTrigger(view, pieceContext, context);
  const saved = isRepublish === true ? await loadState(store) : undefined;
  if (saved?.activationKey === activationKey) return await saveState(store, { ...saved, resume: true });
  await deleteState(store);
  if (startOf(propsValue) === undefined) await pollTrigger(view, pieceContext, context);
}

/** Polls on from the saved position, and saves the position with what belongs to it as one state. */
async function pollTrigger(
  view: OperationView,
  pieceContext: PieceContext,
  context: TriggerContext,
): Promise<readonly PollItem[]> {
  const { client, params, activationKey } = await openTrigger(view, pieceContext, context);
  const saved = await loadState(context.store);
  const state: TriggerState = saved?.activationKey === activationKey ? saved : { activationKey };
  const feedStore = createMemoryStore(state.content);
  const feedClient = openClient(pieceContext, context.auth, feedStore);
  const ignoreChangesBy =
    context.propsValue.ignoreOwnChanges === true ? (await client.check()).userId : undefined;
  const options = { ignoreChangesBy, from: startOf(context.propsValue) };
  const items: PollItem[] = [];
  let { checkpoint, resume = false } = state;
  for (let hasMore = true; hasMore && items.length < maxEvents; resume = false) {
    const result = await feedClient.poll(view.id, params, checkpoint, { ...options, resume });
    items.push(...result.items);
    ({ checkpoint, hasMore } = result);
  }
  if (checkpoint !== undefined) await pruneState(feedStore, checkpoint);
  await saveState(context.store, { activationKey, checkpoint, content: await readStoreContent(feedStore) });
  return items;
}

async function sampleTrigger(
  view: OperationView,
  pieceContext: PieceContext,
  context: TriggerContext,
): Promise<readonly PollItem[]> {
  const { client, params } = await openTrigger(view, pieceContext, context);
  return await client.sample(view.id, maxSamples, params);
}

/** Where the first poll starts; undefined for now. */
function startOf({ startFrom }: FormValues): string | undefined {
  return typeof startFrom === 'string' && startFrom !== '' ? startFrom : undefined;
}
