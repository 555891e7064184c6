import { nullGuid } from '../../guid.ts';
import type { Navigation } from '../../model/types.ts';
import { toReference } from '../../store/entity-reference.ts';
import { requireTable } from '../../store/require-table.ts';
import type { ColumnValues, EntityReference, StoredRow } from '../../store/types.ts';
import { cascadeEvents } from '../events/cascade-events.ts';
import { contextReference, contextRelationship } from '../events/context-values.ts';
import type { MessageEvent } from '../events/message-event.ts';
import { raiseEvent } from '../events/raise-event.ts';
import { raiseMultiple } from '../events/raise-multiple.ts';
import { specialEvents } from '../events/special-messages.ts';
import type { Stage } from '../events/steps.ts';
import type { WebApiContext } from '../types.ts';
import { findRowsByLookup } from './business-rules.ts';

/**
 * The writes of requests and operations. Each one raises the events of its message, in one transaction with the write.
 * `store` is that of the caller, who needs the privileges; operations write some rows with the store of the system.
 */

/** Inserts a row with the events of `Create`. */
export function insertRow(
  context: WebApiContext,
  name: string,
  values: ColumnValues,
  store = context.org.store,
): StoredRow {
  const table = requireTable(store.model, name);
  const id = values[table.primaryId];
  const event = { message: 'Create', table, values, id: typeof id === 'string' ? id : nullGuid };
  return store.transaction(() => {
    raiseEvent(context, event, [10, 20]);
    const row = store.insert(name, values, context.actor);
    raiseEvent(context, { ...event, id: row.id, after: readForEvent(context, row) }, [40]);
    raiseMultiple(context, { message: 'CreateMultiple', table, id: row.id, values });
    return row;
  });
}

/** A changed job may be ready. */
const jobTables: ReadonlySet<string> = new Set(['asyncoperation', 'backgroundoperation']);

/** The row to write. */
interface RowTarget {
  readonly table: string;
  readonly id: string;
  /** The version that the row must have. */
  readonly expected?: string | undefined;
}

/** Updates a row with the events of `Update`. */
export function updateRow(
  context: WebApiContext,
  change: RowTarget & { readonly values: ColumnValues },
  store = context.org.store,
): StoredRow {
  const { id, values } = change;
  const table = requireTable(store.model, change.table);
  const event: MessageEvent = { message: 'Update', table, id, values, before: readForEvent(context, change) };
  const events = [event, ...specialEvents(context, event)];
  const previousOwner = values.ownerid ? ownerOf(context.org.systemStore.read(change.table, id)) : undefined;
  if (jobTables.has(change.table)) context.org.notifyJobs();
  return store.transaction(() => {
    raiseEvents(context, events, [10, 20]);
    const row = store.update({ ...change, actor: context.actor });
    const after = readForEvent(context, row);
    raiseEvents(
      context,
      events.map((each) => ({ ...each, after })),
      [40],
    );
    raiseMultiple(context, { message: 'UpdateMultiple', table, id, values });
    const owner = values.ownerid ? ownerOf(row) : undefined;
    if (owner && owner.id !== previousOwner?.id) assignChildren(context, row, owner);
    return row;
  });
}

const ownerOf = (row: StoredRow | undefined): EntityReference | undefined => toReference(row?.values.ownerid);

/**
 * Gives the new owner of a row to the rows of its parental relationships too, whoever owns them.
 * https://learn.microsoft.com/power-apps/developer/data-platform/configure-entity-relationship-cascading-behavior
 */
function assignChildren(context: WebApiContext, parent: StoredRow, owner: EntityReference): void {
  const { systemStore, assumptions } = context.org;
  const { model } = systemStore;
  const children = assumptions.cascadeEvents === 'raised' ? context : withoutSteps(context);
  for (const { parental, referenced, referencing, attribute: column } of model.oneToMany) {
    if (!parental || referenced !== parent.table || model.table(referencing)?.ownership !== 'UserOwned')
      continue;
    for (const child of findRowsByLookup(systemStore, { table: referencing, column, id: parent.id })) {
      const change = { table: child.table, id: child.id, values: { ownerid: owner } };
      if (ownerOf(child)?.id !== owner.id) updateRow(children, change, systemStore);
    }
  }
}

const withoutSteps = (context: WebApiContext): WebApiContext => {
  const { correlationId, requestId } = context.events;
  return { ...context, events: { correlationId, requestId, steps: [] } };
};

/** Deletes a row with the events of `Delete`. */
export function removeRow(context: WebApiContext, target: RowTarget, store = context.org.store): void {
  const { id } = target;
  const table = requireTable(store.model, target.table);
  const before = readForEvent(context, target);
  const event: MessageEvent = { message: 'Delete', table, id, values: {}, before };
  const cascade = cascadeEvents(context, target);
  store.transaction(() => {
    raiseEvents(context, [event, ...cascade], [10, 20]);
    store.delete(target.table, id, target.expected);
    const followed = cascade.map((each) => (each.message === 'Update' ? withAfter(context, each) : each));
    raiseEvents(context, [...followed, event], [40]);
  });
}

const withAfter = (context: WebApiContext, event: MessageEvent): MessageEvent => ({
  ...event,
  after: readForEvent(context, { table: event.table.logicalName, id: event.id }),
});

/** Two rows of a collection: `navigation` is a navigation property of `near`. */
interface RowPair {
  readonly navigation: Exclude<Navigation, { kind: 'lookup' }>;
  readonly near: EntityReference;
  readonly far: EntityReference;
}

/** Adds a row to a collection, or removes it, with the events of `Associate` or `Disassociate`. */
export function changePair(
  context: WebApiContext,
  message: 'Associate' | 'Disassociate',
  { navigation, near, far }: RowPair,
): void {
  const { store } = context.org;
  const { relationship } = navigation;
  const table = requireTable(store.model, near.table);
  const input = {
    Target: near,
    Relationship: contextRelationship(relationship.name),
    RelatedEntities: [contextReference(far)],
  };
  const event = { message, table, id: near.id, values: {}, parameters: { input, output: {} } };
  store.transaction(() => {
    raiseEvent(context, event, [10, 20]);
    if (navigation.kind === 'oneToMany') {
      const values = { [navigation.relationship.attribute]: message === 'Associate' ? near : null };
      updateRow(context, { table: far.table, id: far.id, values });
    } else {
      const pair = { navigation: navigation.name, near, far };
      if (message === 'Associate') store.associate(pair);
      else store.disassociate(pair);
    }
    raiseEvent(context, event, [40]);
  });
}

function raiseEvents(
  context: WebApiContext,
  events: readonly MessageEvent[],
  stages: readonly Stage[],
): void {
  for (const event of events) raiseEvent(context, event, stages);
}

/** The row with all columns, which steps need for their images; undefined when there are no steps. */
function readForEvent({ org, events }: WebApiContext, { table, id }: RowTarget): StoredRow | undefined {
  return events.steps.length === 0 ? undefined : org.systemStore.read(table, id);
}
