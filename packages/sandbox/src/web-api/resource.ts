import { crmNamespace } from 'dynamics365-connector/odata';
import type { Attribute, Model, Navigation, TableModel } from '../model/types.ts';
import { toReference } from '../store/entity-reference.ts';
import { requireTable } from '../store/require-table.ts';
import type { EntityReference, OrganizationStore } from '../store/types.ts';
import { rowNotFound, segmentNotFound } from './errors.ts';
import type { PathSegment } from './request-path.ts';
import { parseRowKey, type RowKey, requireRow } from './row-key.ts';

/** The resource of a path. */
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
  | { readonly kind: 'call'; readonly name: string; readonly args?: string; readonly on?: BindingTarget };

/** `accounts(id)`. The row may not exist. */
export interface RowResource {
  readonly kind: 'row';
  readonly table: TableModel;
  readonly key: RowKey;
  /** The collection in the path: `accounts(1)/Account_Tasks(2)`. */
  readonly collection?: CollectionResource;
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
/** A resource that an operation can be bound to. */
export type BindingTarget = { readonly kind: 'set'; readonly table: TableModel } | RowResource;

/** Resolves a path from its entity set. Throws DataverseError when a segment leads nowhere. */
export function resolveResource(store: OrganizationStore, segments: readonly PathSegment[]): Resource {
  const [first, ...rest] = segments;
  const table = first && store.model.tableBySet(first.name);
  if (!first || !table) throw segmentNotFound(first?.name ?? '');
  const start: Resource =
    first.args === undefined
      ? { kind: 'set', table }
      : { kind: 'row', table, key: parseRowKey(store.model, table, first.args) };
  return rest.reduce<Resource>((from, segment) => resolveSegment(store, from, segment), start);
}

function resolveSegment(store: OrganizationStore, from: Resource, segment: PathSegment): Resource {
  const { name, args } = segment;
  if (name === '$count' && args === undefined && (from.kind === 'set' || from.kind === 'collection')) {
    return { kind: 'count', of: from };
  }
  if (name === '$value' && from.kind === 'property') return { kind: 'value', of: from };
  if (name === '$ref') return resolveReferences(from);
  if (name.startsWith(crmNamespace)) return resolveCastOrOperation(store.model, from, segment);
  if (from.kind === 'row') return resolveMember(store.model, from, segment);
  if (from.kind === 'lookup') return resolveMember(store.model, followLookup(store, from), segment);
  throw segmentNotFound(name);
}

function resolveReferences(from: Resource): Resource {
  if (from.kind === 'collection' || from.kind === 'lookup') return { kind: 'references', of: from };
  if (from.kind === 'row' && from.collection)
    return { kind: 'references', of: from.collection, member: from.key };
  throw segmentNotFound('$ref');
}

/** `Microsoft.Dynamics.CRM.email` is a type cast; other names in the namespace are operations. */
function resolveCastOrOperation(model: Model, from: Resource, { name, args }: PathSegment): Resource {
  const bare = name.slice(crmNamespace.length);
  const cast = args === undefined ? model.table(bare) : undefined;
  if (cast && 'table' in from) {
    if (!isCastable(from.table, cast)) throw segmentNotFound(name);
    if (from.kind === 'row' || from.kind === 'lookup') return { ...from, table: cast };
    if (from.kind === 'set') return { kind: 'set', table: cast };
  }
  if (from.kind !== 'set' && from.kind !== 'row') throw segmentNotFound(name);
  return { kind: 'call', name: bare, on: from, args };
}

/** A type can be cast to itself, to a type that derives from it, and to its base. */
function isCastable(from: TableModel, to: TableModel): boolean {
  return from.logicalName === to.logicalName || to.base === from.logicalName || from.base === to.logicalName;
}

function resolveMember(model: Model, row: RowResource, { name, args }: PathSegment): Resource {
  const navigation = model.navigation(row.table, name);
  const target = navigation && model.table(navigation.target);
  if (navigation && target) {
    if (navigation.kind === 'lookup') return { kind: 'lookup', parent: row, navigation, table: target };
    const collection: CollectionResource = { kind: 'collection', parent: row, navigation, table: target };
    if (args === undefined) return collection;
    return { kind: 'row', table: target, key: parseRowKey(model, target, args), collection };
  }
  const attribute = args === undefined ? model.property(row.table, name) : undefined;
  if (!attribute) throw segmentNotFound(name);
  return { kind: 'property', row, attribute };
}

/** The row that a lookup references. Throws 404 when it is empty. */
export function followLookup(store: OrganizationStore, { parent, navigation }: LookupResource): RowResource {
  const row = requireRow(store, parent.table, parent.key);
  const reference = toReference(row.values[navigation.attribute.logicalName]);
  if (!reference || !isReachedThrough(navigation, reference)) {
    throw rowNotFound({ logicalName: navigation.target }, 'null');
  }
  const table = requireTable(store.model, reference.table);
  return { kind: 'row', table, key: { kind: 'id', id: reference.id } };
}

/** Whether the navigation property leads to the row of a lookup: `customerid_account` does not lead to a contact. */
export function isReachedThrough(
  navigation: LookupResource['navigation'],
  reference: EntityReference | null | undefined,
): boolean {
  if (!reference) return false;
  return navigation.target === 'principal' || reference.table === navigation.target;
}
