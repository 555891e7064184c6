import { type Checkpoint, ConnectorError } from 'dynamics365-connector';
import type { StoreContent } from 'dynamics365-connector/host';
import type { FlowStore } from './piece-types.ts';

/** What the flow's store has for a trigger: the checkpoint together with the state that belongs to it. */
export interface TriggerState {
  /** Identifies the trigger, params and connection that it belongs to. */
  readonly activationKey: string;
  readonly checkpoint?: Checkpoint;
  readonly content?: StoreContent;
  /** The next poll continues a trigger that stopped with LOOP_DETECTED. */
  readonly resume?: boolean;
}

/** The entry that says where the state is. It is written last, so that a state is saved as a whole or not at all. */
interface StateHead {
  readonly slot: 'a' | 'b';
  readonly parts: number;
}

const headKey = 'dynamics365/state';

/** The platform refuses values of more than 512 KB; a character can take three bytes. */
const maxPartCharacters = 160_000;
const maxParts = 100;

const partKey = (slot: StateHead['slot'], part: number) => `${headKey}/${slot}/${part}`;

/** The saved state of the flow's trigger; undefined if there is none. */
export async function loadState(store: FlowStore): Promise<TriggerState | undefined> {
  const head = await store.get<StateHead>(headKey);
  if (head === null || head === undefined) return undefined;
  const texts: string[] = [];
  for (let part = 0; part < head.parts; part++) {
    texts.push(String((await store.get<string>(partKey(head.slot, part))) ?? ''));
  }
  return JSON.parse(texts.join('')) as TriggerState;
}

/**
 * Saves the state of the flow's trigger in as many values as it needs. The previous one stays until it is complete.
 *
 * @throws STORE_FAILED if it has more than 16,000,000 characters.
 */
export async function saveState(store: FlowStore, state: TriggerState): Promise<void> {
  const text = JSON.stringify(state);
  const parts = Math.ceil(text.length / maxPartCharacters);
  if (parts > maxParts) throw tooLarge();
  const previous = await store.get<StateHead>(headKey);
  const slot = previous?.slot === 'a' ? 'b' : 'a';
  for (let part = 0; part < parts; part++) {
    const start = part * maxPartCharacters;
    await store.put(partKey(slot, part), text.slice(start, start + maxPartCharacters));
  }
  await store.put(headKey, { slot, parts } satisfies StateHead);
  if (previous !== null) await deleteParts(store, previous);
}

/** Deletes the state of the flow's trigger. */
export async function deleteState(store: FlowStore): Promise<void> {
  const head = await store.get<StateHead>(headKey);
  if (head === null || head === undefined) return;
  await store.delete(headKey);
  await deleteParts(store, head);
}

async function deleteParts(store: FlowStore, { slot, parts }: StateHead): Promise<void> {
  for (let part = 0; part < parts; part++) await store.delete(partKey(slot, part));
}

function tooLarge(): ConnectorError {
  return new ConnectorError(
    'STORE_FAILED',
    'The state of the trigger exceeds 16,000,000 characters, the limit for Activepieces.',
    {
      advice:
        'Narrow the trigger with filters, or run it with dynamics365-connector-worker, which delivers its events to a webhook.',
    },
  );
}
