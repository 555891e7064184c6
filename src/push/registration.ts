import type { Connection } from '../run/connection.ts';
import {
  compareRegistration,
  type RegistrationChange,
  type RegistrationDifference,
  titleOf,
} from './compare-registration.ts';
import { type MessageFilter, readMessageFilters } from './message-filters.ts';
import { withMissingPrivileges } from './missing-privileges.ts';
import { endpointRowId, type PushEndpoint } from './push-endpoint.ts';
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
    const found = await compare(connection, { endpoint, steps }, signal);
    if (!found.changes.some((each) => each.do === 'create-step')) return report(found, [], []);
    // A user who may not read which tables have webhooks gets the names of all missing steps.
    const filters = await readMessageFilters(connection, steps, signal).catch(() => undefined);
    if (filters === undefined) return report(found, [], []);
    const { changes, unsupported } = splitChanges(found.changes, filters);
    return report({ ...found, changes }, [], unsupported);
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
    const before = await compare(connection, { endpoint, steps }, signal);
    if (before.changes.length === 0) return report(before, [], []);
    const filters = await readMessageFilters(connection, steps, signal);
    const { changes, unsupported } = splitChanges(before.changes, filters);
    let endpointId = before.present?.id;
    for (const change of changes) {
      const id = await applyChange({ connection, endpoint, filters, endpointId, signal }, change);
      endpointId ??= id;
    }
    const after = await compare(connection, { endpoint, steps }, signal);
    const repaired = changes.map(({ issue }) => issue);
    const { changes: remaining } = splitChanges(after.changes, filters);
    return report({ ...after, changes: remaining }, repaired, unsupported);
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
    const registered = await readRegistration(connection, { signal });
    const removed = registered.filter((each) => each.name === name || each.id === name);
    for (const endpoint of removed) await removeEndpoint(connection, endpoint, signal);
    return removed.map((each) => each.name);
  });
}

async function compare(
  connection: Connection,
  { endpoint, steps }: WantedRegistration,
  signal: AbortSignal | undefined,
): Promise<RegistrationDifference> {
  const registered = await readRegistration(connection, { ownId: endpointRowId(endpoint), signal });
  return compareRegistration(endpoint, steps, registered);
}

/** The changes that can be carried out, and the tables that have no webhooks. */
function splitChanges(
  changes: readonly RegistrationChange[],
  filters: ReadonlyMap<string, MessageFilter>,
): { readonly changes: readonly RegistrationChange[]; readonly unsupported: readonly string[] } {
  const isUnsupported = (each: RegistrationChange) =>
    each.do === 'create-step' && !filters.has(titleOf(each.step));
  return {
    changes: changes.filter((each) => !isUnsupported(each)),
    unsupported: changes.flatMap((each) =>
      each.do === 'create-step' && isUnsupported(each) ? [each.step.table] : [],
    ),
  };
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
