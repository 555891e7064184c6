import { entityDefinition, entityParts } from '../protocol/metadata/entity.ts';
import type { Definition } from '../protocol/metadata/identity.ts';
import { badArgument, refuse } from '../protocol/refusal.ts';
import { isObject } from '../protocol/write/payload.ts';
import { answerOf } from './parameters.ts';
import type { Call, Operation } from './types.ts';

/** How long a version stamp is good. */
const expiryMs = 90 * 24 * 60 * 60 * 1000;

type Query = Readonly<Record<string, unknown>>;

/**
 * Definitions of tables, or only what changed since a version stamp: here all of them, or none.
 * https://learn.microsoft.com/power-apps/developer/data-platform/cache-schema-data
 */
export const metadataOperations: readonly Operation[] = [
  {
    name: 'RetrieveMetadataChanges',
    kind: 'function',
    parameters: {
      Query: 'optional',
      ClientVersionStamp: 'optional',
      DeletedMetadataFilters: 'optional',
      AppModuleId: 'optional',
    },
    run: retrieveChanges,
  },
];

function retrieveChanges(call: Call) {
  const { org } = call.exchange;
  const { Query: query = {}, ClientVersionStamp: stamp } = call.parameters;
  if (!isObject(query)) throw badArgument("The parameter 'Query' must be an object.");
  const known = typeof stamp === 'string' && readStamp(call, stamp) === org.metadataVersion();
  const { model } = org.store;
  const tables = known ? [] : [...model.tables.values()].filter(({ set }) => set !== undefined);
  return answerOf(call, {
    ServerVersionStamp: `${org.metadataVersion()}!${org.now()}`,
    EntityMetadata: tables
      .map((table) => entityDefinition(model, table))
      .filter((definition) => meets(definition, query.Criteria))
      .map((definition) => entityOf(definition, query)),
    DeletedMetadata: null,
  });
}

/** The version of the metadata that a stamp names; refuses one that is too old. */
function readStamp({ exchange }: Call, stamp: string): string {
  const [, version, given] = /^(\d+)!(\d+)$/.exec(stamp) ?? [];
  if (version === undefined) throw badArgument('The ClientVersionStamp is not valid.');
  if (exchange.org.now() - Number(given) <= expiryMs) return version;
  const message = 'Version stamp associated with the client has expired. Please perform a full sync.';
  throw refuse(400, '0x80044352', message);
}

/** Parts of a table's definition, and the sub-query that asks for each. */
const queries: Readonly<Record<string, string>> = {
  Attributes: 'AttributeQuery',
  Keys: 'KeyQuery',
  ManyToOneRelationships: 'RelationshipQuery',
  OneToManyRelationships: 'RelationshipQuery',
  ManyToManyRelationships: 'RelationshipQuery',
};

function entityOf(definition: Definition, query: Query): Definition {
  const parts = entityParts.flatMap((part) => {
    const asked = query[queries[part]!];
    if (!isObject(asked)) return [];
    const all = definition[part] as readonly Definition[];
    return [
      [part, all.filter((one) => meets(one, asked.Criteria)).map((one) => chosen(one, asked))] as const,
    ];
  });
  return { ...chosen(definition, query), ...Object.fromEntries(parts) };
}

/** The properties that `Properties` names; parts come only through their own queries. */
function chosen(definition: Definition, { Properties: wanted }: Query): Definition {
  const named = isObject(wanted) && wanted.AllProperties !== true ? wanted.PropertyNames : undefined;
  const names = Array.isArray(named) ? ['MetadataId', 'HasChanged', ...named.map(String)] : undefined;
  const own = Object.entries(definition).filter(([name]) => !entityParts.includes(name));
  return Object.fromEntries(names ? own.filter(([name]) => names.includes(name)) : own);
}

function meets(definition: Definition, criteria: unknown): boolean {
  if (!isObject(criteria)) return true;
  const { Conditions: conditions = [], Filters: filters = [], FilterOperator: operator } = criteria;
  if (!Array.isArray(conditions) || !Array.isArray(filters)) throw badArgument('The Criteria are malformed.');
  const all = [
    ...conditions.map((condition) => holds(definition, condition)),
    ...filters.map((filter) => meets(definition, filter)),
  ];
  return operator === 'Or' ? all.length === 0 || all.includes(true) : !all.includes(false);
}

function holds(definition: Definition, condition: unknown): boolean {
  if (!isObject(condition)) throw badArgument('A condition of the Criteria is malformed.');
  const found = plain(definition[String(condition.PropertyName)]);
  const { Value: value } = condition;
  const given = isObject(value) ? value.Value : value;
  switch (condition.ConditionOperator) {
    case 'Equals':
      return String(found) === String(given);
    case 'NotEquals':
      return String(found) !== String(given);
    case 'In':
      return listed(given).includes(String(found));
    case 'NotIn':
      return !listed(given).includes(String(found));
    case 'GreaterThan':
      return Number(found) > Number(given);
    case 'LessThan':
      return Number(found) < Number(given);
    default:
      throw badArgument(`'${String(condition.ConditionOperator).slice(0, 50)}' is not a ConditionOperator.`);
  }
}

/** A setting (`{ Value: true, … }`) counts as its value. */
const plain = (found: unknown): unknown => (isObject(found) && 'Value' in found ? found.Value : found);

/** A list comes as JSON, or as text with commas. */
const listed = (given: unknown): readonly string[] =>
  Array.isArray(given)
    ? given.map(String)
    : String(given)
        .replace(/[[\]'"\s]/g, '')
        .split(',');
