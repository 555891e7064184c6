import type { NodeProperty } from './n8n-types.ts';

/** An operation of a resource. */
export interface OperationKey {
  readonly resource: string;
  readonly operation: string;
}

/** A field of an operation. */
export interface PlacedProperty extends OperationKey {
  readonly property: NodeProperty;
}

/** The names of the collections in the node's parameters, to which the author adds fields, with their titles. */
export const collections = {
  filters: 'Filters',
  additionalFields: 'Additional Fields',
  options: 'Options',
} as const;
export type CollectionName = keyof typeof collections;

/** A collection to which the author adds some of these fields. */
export function collection(name: CollectionName, options: readonly NodeProperty[]): NodeProperty {
  const placeholder = { filters: 'Add Filter', additionalFields: 'Add Field', options: 'Add Option' }[name];
  return { displayName: collections[name], name, type: 'collection', placeholder, default: {}, options };
}

/**
 * The properties with the conditions under which n8n shows them. A property that several operations have is one property
 * for all of them: this keeps the description of a node with hundreds of operations small.
 *
 * @param all All operations of the node.
 */
export function placeProperties(
  placed: readonly PlacedProperty[],
  all: readonly OperationKey[],
): readonly NodeProperty[] {
  return distinct(placed).flatMap(({ property, places }) =>
    conditionsOf(places, all).map((show) => withCondition(property, show)),
  );
}

/**
 * A collection for the operations with a field in it; each field is shown for those that have it. It is there once for
 * each condition, with the fields of the operations that meet it.
 */
export function placeCollection(
  name: CollectionName,
  placed: readonly PlacedProperty[],
  all: readonly OperationKey[],
): readonly NodeProperty[] {
  return conditionsOf(distinctPlaces(placed), all).map((show) => {
    const shown = placed.filter((place) => meets(place, show));
    const shownPlaces = distinctPlaces(shown);
    const fields = distinct(shown).flatMap(({ property, places }) =>
      conditionsOf(places, shownPlaces).map((inner) => withCondition(property, fromRoot(inner))),
    );
    return withCondition(collection(name, fields), show);
  });
}

/** The values of parameters, one of which each must have. */
type Condition = Readonly<Record<string, readonly unknown[]>>;

function meets({ resource, operation }: OperationKey, condition: Condition): boolean {
  const values: Readonly<Record<string, string>> = { resource, operation };
  return Object.entries(condition).every(([name, allowed]) => allowed.includes(values[name]));
}

function withCondition(property: NodeProperty, show: Condition): NodeProperty {
  const condition = { ...show, ...property.displayOptions?.show };
  return Object.keys(condition).length === 0
    ? property
    : { ...property, displayOptions: { show: condition } };
}

/** Inside of a collection, other parameters of the node are named from its root. */
function fromRoot(condition: Condition): Condition {
  return Object.fromEntries(Object.entries(condition).map(([name, values]) => [`/${name}`, values]));
}

/** The distinct properties, each with the operations that have it. */
function distinct(
  placed: readonly PlacedProperty[],
): readonly { readonly property: NodeProperty; readonly places: readonly OperationKey[] }[] {
  return groupBy(placed, ({ property }) => property).flatMap((group) => {
    const [first] = group;
    return first === undefined ? [] : [{ property: first.property, places: group }];
  });
}

function distinctPlaces(placed: readonly OperationKey[]): readonly OperationKey[] {
  return groupBy(placed, ({ resource, operation }) => [resource, operation]).flatMap(
    ([first]) => first ?? [],
  );
}

/**
 * Conditions that together are true for these operations and for no others: as few as possible, because a collection is
 * repeated for each. First the verbs of all resources but a few, then the verbs of some resources.
 */
function conditionsOf(places: readonly OperationKey[], all: readonly OperationKey[]): readonly Condition[] {
  if (places.length === all.length) return [{}];
  const common = resourcesInCommon(places, all);
  const isCommon = ({ resource }: OperationKey) => common.includes(resource);
  const verbs = completeVerbs(places.filter(isCommon), all.filter(isCommon));
  const rest = places.filter((place) => !(isCommon(place) && verbs.includes(place.operation)));
  const first = { resource: common, operation: verbs };
  // Without a resource that would meet the condition but is not meant, the verbs are enough.
  const isExact = !all.some((place) => !isCommon(place) && verbs.includes(place.operation));
  const byVerb = groupBy(rest, ({ operation }) => operation).map((group) => ({
    resource: group.map(({ resource }) => resource),
    operation: group[0]?.operation,
  }));
  const others = groupBy(byVerb, ({ resource }) => resource).map((group) => ({
    resource: group[0]?.resource ?? [],
    operation: group.map(({ operation }) => operation),
  }));
  if (verbs.length === 0) return others;
  return [isExact ? { operation: verbs } : first, ...others];
}

/** The verbs that all resources with them have in `places`. */
function completeVerbs(places: readonly OperationKey[], all: readonly OperationKey[]): readonly string[] {
  const counts = countVerbs(places);
  const allCounts = countVerbs(all);
  return [...counts].flatMap(([verb, count]) => (count === allCounts.get(verb) ? [verb] : []));
}

/** How many resources have each verb. */
function countVerbs(places: readonly OperationKey[]): ReadonlyMap<string, number> {
  const groups = Map.groupBy(places, ({ operation }) => operation);
  return new Map([...groups].map(([verb, group]) => [verb, group.length]));
}

/** All resources but those that lack a verb which most have. */
function resourcesInCommon(places: readonly OperationKey[], all: readonly OperationKey[]): readonly string[] {
  const has = new Set(places.map(({ resource, operation }) => `${resource}.${operation}`));
  const counts = countVerbs(places);
  const allCounts = countVerbs(all);
  const isUsual = (verb: string) => (counts.get(verb) ?? 0) > (allCounts.get(verb) ?? 0) / 2;
  const exceptions = all.filter(
    ({ resource, operation }) => isUsual(operation) && !has.has(`${resource}.${operation}`),
  );
  const excluded = new Set(exceptions.map(({ resource }) => resource));
  return [...new Set(places.map(({ resource }) => resource))].filter((resource) => !excluded.has(resource));
}

/** Groups by an equal key, in the order of the first of each group. */
function groupBy<T>(items: readonly T[], keyOf: (item: T) => unknown): readonly (readonly T[])[] {
  return [...Map.groupBy(items, (item) => JSON.stringify(keyOf(item))).values()];
}
