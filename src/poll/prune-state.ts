import type { Checkpoint } from '../model/plan.ts';
import type { StateStore } from '../model/runtime-services.ts';
import { listStateNames, stateKey } from './trigger-state.ts';

/**
 * Deletes the states of the checkpoint's activation except the one that the checkpoint names. For hosts that only
 * ever poll again with the checkpoint that they saved last.
 *
 * @param store The store that the trigger was polled with.
 * @param checkpoint The checkpoint that the host is about to save.
 */
export async function pruneState(store: StateStore, { instance, memory }: Checkpoint): Promise<void> {
  const activationId = String(instance);
  for (const name of await listStateNames(store, activationId)) {
    if (name !== memory) await store.delete(stateKey(activationId, name));
  }
}
