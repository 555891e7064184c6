import type { Attribute, Model, Navigation, TableModel } from '../model/types.ts';
import type { Reference, Store } from '../store/types.ts';
import { type RowKey, readKey, requireRow } from './key.ts';
import type { Segment } from './path.ts';
import { noSuchRow, noSuchSegment } from './refusal.ts';

/** What a path leads to. */
export type Resource =
  | { readonly kind: 'set'; readonly table: TableModel }
  | RowResource
  | CollectionResource
  | LookupResource
  | { readonly kind: 'property'; readonly row: RowResource; readonly attribute: Attribute }
  | {
      readonly kind: 'count';
      readonly of: { readonly kind: 'set'; readonly table: TableModel } | CollectionResource;
    }
  | { readonly kind: 'value'; readonly of: { readonly row: RowResource; readonly attribute: Attribute } }
  | {
      readonly kind: 'references';
      readonly of: CollectionResource | LookupResource;
      readonly member?: RowKey;
    }
  | { readonly kind: 'call'; readonly name: string; readonly args?: string; readonly on?: Bindable };

/** `accounts(id)`; whether the row exists is not yet known. */
export interface RowResource {
  readonly kind: 'row';
  readonly table: TableModel;
  readonly key: RowKey;
  /** The collection it was addressed through: `accounts(1)/Account_Tasks(2)`. */
  readonly through?: CollectionResource;
}
/** `accounts(id)/Account_Tasks` */
export interface CollectionResource {
  readonly kind: 'collection';
  readonly parent: RowResource;
  readonly navigation: Exclude<Navigation, { kind: 'lookup' }>;
  readonly table: TableModel;
}
/** `accounts(id)/primarycontactid` */
export interface LookupResource {
  readonly kind: 'lookup';
  readonly parent: RowResource;
  readonly navigation: Extract<Navigation, { kind: 'lookup' }>;
  readonly table: TableModel;
}
/** What an operation can be bound to. */
export type Bindable = { readonly kind: 'set'; readonly table: TableModel } | RowResource;

const namespace = 'Microsoft.Dynamics.CRM.';

/** Follows the segments of a path from an entity set on; refuses, as Dataverse does, what leads nowhere. */
export function resolve(store: Store, segments: readonly Segment[]): Resource {
  const [first, ...rest] = segments;
  const table = first && store.model.bySet(first.name);
  if (!first || !table) throw noSuchSegment(first?.name ?? '');
  const start: Resource =
    first.args === undefined
      ? { kind: 'set', table }
      : { kind: 'row', table, key: readKey(store.model, table, first.args) };
  return rest.reduce<Resource>((from, segment) => step(store, from, segment), start);
}

function step(store: Store, from: Resource, segment: Segment): Resource {
  const { name, args } = segment;
  if (name === '$count' && args === undefined && (from.kind === 'set' || from.kind === 'collection')) {
    return { kind: 'count', of: from };
  }
  if (name === '$value' && from.kind === 'property') return { kind: 'value', of: from };
  if (name === '$ref') return referencesOf(from);
  if (name.startsWith(namespace)) return castOrCall(store.model, from, segment);
  if (from.kind === 'row') return member(store.model, from, segment);
  if (from.kind === 'lookup') return member(store.model, followLookup(store, from), segment);
  throw noSuchSegment(name);
}

function referencesOf(from: Resource): Resource {
  if (from.kind === 'collection' || from.kind === 'lookup') return { kind: 'references', of: from };
  if (from.kind === 'row' && from.through) return { kind: 'references', of: from.through, member: from.key };
  throw noSuchSegment('$ref');
}

/** `Microsoft.Dynamics.CRM.email` narrows, anything else is an operation. */
function castOrCall(model: Model, from: Resource, { name, args }: Segment): Resource {
  const bare = name.slice(namespace.length);
  const cast = args === undefined ? model.table(bare) : undefined;
  if (cast && from.kind === 'row') return { ...from, table: cast };
  if (cast && from.kind === 'set') return { kind: 'set', table: cast };
  if (cast && from.kind === 'lookup') return { ...from, table: cast };
  if (from.kind !== 'set' && from.kind !== 'row') throw noSuchSegment(name);
  return { kind: 'call', name: bare, on: from, ...(args === undefined ? {} : { args }) };
}

function member(model: Model, row: RowResource, { name, args }: Segment): Resource {
  const navigation = model.navigation(row.table, name);
  const target = navigation && model.table(navigation.target);
  if (navigation && target) {
    if (navigation.kind === 'lookup') return { kind: 'lookup', parent: row, navigation, table: target };
    const collection: CollectionResource = { kind: 'collection', parent: row, navigation, table: target };
    if (args === undefined) return collection;
    return { kind: 'row', table: target, key: readKey(model, target, args), through: collection };
  }
  const attribute = args === undefined ? model.property(row.table, name) : undefined;
  if (!attribute) throw noSuchSegment(name);
  return { kind: 'property', row, attribute };
}

/** The row a lookup points at; 404 where it is empty. */
export function followLookup(store: Store, { parent, navigation }: LookupResource): RowResource {
  const row = requireRow(store, parent.table, parent.key);
  const reference = row.values[navigation.attribute.logicalName] as Reference | null | undefined;
  if (!leadsTo(navigation, reference)) throw noSuchRow(navigation.target, 'null');
  const table = store.model.table(reference!.table)!;
  return { kind: 'row', table, key: { kind: 'id', id: reference!.id } };
}

/** Whether a lookup's value is reached through this navigation property (`customerid_account` of a contact is not). */
export function leadsTo(
  navigation: LookupResource['navigation'],
  reference: Reference | null | undefined,
): boolean {
  if (!reference) return false;
  return navigation.target === 'principal' || reference.table === navigation.target;
}
