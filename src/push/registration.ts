import type { Connection } from '../run/connection.ts';
import {
  compareRegistration,
  type RegistrationChange,
  type RegistrationDifference,
  titleOf,
} from './compare-registration.ts';
import { readMessageFilters } from './message-filters.ts';
import { withMissingPrivileges } from './missing-privileges.ts';
import type { PushEndpoint } from './push-endpoint.ts';
import type { PushStep } from './push-steps.ts';
import { type RegisteredEndpoint, readRegistration } from './read-registration.ts';
import { applyChange, removeEndpoint } from './write-registration.ts';

/** How the webhooks of a connection are registered in its organization. */
export interface PushRegistration {
  /** What is not as it must be, in words. */
  readonly issues: readonly string[];
  /** What was repaired, in words. */
  readonly repaired: readonly string[];
  /** Tables that have no webhooks, by logical name. They are polled. */
  readonly unsupported: readonly string[];
  /** The steps that are registered, by their ids, with their tables. */
  readonly steps: ReadonlyMap<string, string>;
  /** Our endpoints of other installations, or of settings that are no longer used. */
  readonly strays: readonly Pick<RegisteredEndpoint, 'id' | 'name' | 'url'>[];
}

/** What is registered for a connection: its endpoint, and the steps that its subscriptions need. */
export interface WantedRegistration {
  readonly endpoint: PushEndpoint;
  readonly steps: readonly PushStep[];
}

/**
 * Reads how the webhooks are registered. Changes nothing.
 *
 * @throws ACCESS_DENIED with the names of the privileges that the user lacks
 */
export async function checkRegistration(
  connection: Connection,
  { endpoint, steps }: WantedRegistration,
  signal?: AbortSignal,
): Promise<PushRegistration> {
  return await withMissingPrivileges(connection, 'read', async () => {
    const registered = await readRegistration(connection, signal);
    return report(compareRegistration(endpoint, steps, registered), [], []);
  });
}

/**
 * Registers what is missing, and repairs what was changed or disabled. Removes steps of ours that are not needed. If all
 * is as it must be, nothing is written.
 *
 * @throws ACCESS_DENIED with the names of the privileges that the user lacks
 */
export async function repairRegistration(
  connection: Connection,
  { endpoint, steps }: WantedRegistration,
  signal?: AbortSignal,
): Promise<PushRegistration> {
  return await withMissingPrivileges(connection, 'write', async () => {
    const before = compareRegistration(endpoint, steps, await readRegistration(connection, signal));
    if (before.changes.length === 0) return report(before, [], []);
    const filters = await readMessageFilters(connection, steps, signal);
    const isSupported = (each: RegistrationChange) =>
      each.do !== 'create-step' || filters.has(titleOf(each.step));
    const changes = before.changes.filter(isSupported);
    let endpointId = before.present?.id;
    for (const change of changes) {
      const id = await applyChange({ connection, endpoint, filters, endpointId, signal }, change);
      endpointId ??= id;
    }
    const unsupported = before.changes.flatMap((each) =>
      each.do === 'create-step' && !isSupported(each) ? [each.step.table] : [],
    );
    const after = compareRegistration(endpoint, steps, await readRegistration(connection, signal));
    const repaired = changes.map(({ issue }) => issue);
    return report({ ...after, changes: after.changes.filter(isSupported) }, repaired, unsupported);
  });
}

/**
 * Removes the endpoints with this name, steps first; with an id, the endpoint of ours that has it.
 *
 * @returns the names of the removed endpoints
 */
export async function removeRegistration(
  connection: Connection,
  { name }: { readonly name: string },
  signal?: AbortSignal,
): Promise<readonly string[]> {
  return await withMissingPrivileges(connection, 'delete', async () => {
    const registered = await readRegistration(connection, signal);
    const removed = registered.filter((each) => each.name === name || each.id === name);
    for (const endpoint of removed) await removeEndpoint(connection, endpoint, signal);
    return removed.map((each) => each.name);
  });
}

function report(
  { changes, present, strays }: RegistrationDifference,
  repaired: readonly string[],
  unsupported: readonly string[],
): PushRegistration {
  return {
    issues: changes.map(({ issue }) => issue),
    repaired,
    unsupported: [...new Set(unsupported)],
    steps: new Map(present?.steps.map(({ id, table }) => [id, table])),
    strays,
  };
}
