import { isJsonObject } from 'dynamics365-connector/base';
import { readLanguage } from '../web-api/caller-language.ts';
import { DataverseError, invalidArgument } from '../web-api/errors.ts';
import type { JsonBody } from '../web-api/json-body.ts';
import { buildEntityDefinition, entityParts } from '../web-api/metadata/entity-definition.ts';
import type { MetadataDefinition } from '../web-api/metadata/metadata-definition.ts';
import { inLanguage } from '../web-api/metadata/metadata-definition.ts';
import { operationResponse } from './parameters.ts';
import type { OperationContext, WebApiOperation } from './types.ts';

/** Lifetime of a version stamp: 90 days. */
const stampLifetimeMs = 90 * 24 * 60 * 60 * 1000;

/**
 * Table definitions, or the changes since a version stamp. The sandbox returns all definitions or none.
 * https://learn.microsoft.com/power-apps/developer/data-platform/cache-schema-data
 */
export const metadataOperations: readonly WebApiOperation[] = [
  {
    name: 'RetrieveMetadataChanges',
    kind: 'function',
    parameters: {
      Query: 'optional',
      ClientVersionStamp: 'optional',
      DeletedMetadataFilters: 'optional',
      AppModuleId: 'optional',
    },
    run: retrieveMetadataChanges,
  },
];

function retrieveMetadataChanges(call: OperationContext) {
  const { org } = call.context;
  const { Query: query = {}, ClientVersionStamp: stamp } = call.parameters;
  if (!isJsonObject(query)) throw invalidArgument("The parameter 'Query' must be an object.");
  const isCurrent = typeof stamp === 'string' && parseVersionStamp(call, stamp) === org.metadataVersion();
  const { model } = org.store;
  const tables = isCurrent ? [] : [...model.tables.values()].filter(({ set }) => set !== undefined);
  return operationResponse(call, {
    ServerVersionStamp: `${org.metadataVersion()}!${org.now()}`,
    EntityMetadata: tables
      .map((table) => buildEntityDefinition(model, table))
      .filter((definition) => matchesCriteria(definition, query.Criteria))
      .map((definition) => inLanguage(shapeEntity(definition, query), readLanguage(call.context))),
    DeletedMetadata: null,
  });
}

/** The metadata version of a stamp. Throws when it is invalid or expired. */
function parseVersionStamp({ context }: OperationContext, stamp: string): string {
  const [, version, issuedAtMs] = /^(\d+)!(\d+)$/.exec(stamp) ?? [];
  if (version === undefined) throw invalidArgument('The ClientVersionStamp is not valid.');
  if (context.org.now() - Number(issuedAtMs) <= stampLifetimeMs) return version;
  const message = 'Version stamp associated with the client has expired. Please perform a full sync.';
  throw new DataverseError(400, '0x80044352', message);
}

/** The sub-query of each part of a table definition. */
const subQueryNames: Readonly<Record<string, string>> = {
  Attributes: 'AttributeQuery',
  Keys: 'KeyQuery',
  ManyToOneRelationships: 'RelationshipQuery',
  OneToManyRelationships: 'RelationshipQuery',
  ManyToManyRelationships: 'RelationshipQuery',
};

function shapeEntity(definition: MetadataDefinition, query: JsonBody): MetadataDefinition {
  const parts = entityParts.flatMap((part) => {
    const subQuery = query[subQueryNames[part] ?? ''];
    if (!isJsonObject(subQuery)) return [];
    const all = definition[part] as readonly MetadataDefinition[];
    return [
      [
        part,
        all
          .filter((one) => matchesCriteria(one, subQuery.Criteria))
          .map((one) => selectProperties(one, subQuery)),
      ] as const,
    ];
  });
  return { ...selectProperties(definition, query), ...Object.fromEntries(parts) };
}

/** The properties in `Properties`. Parts are included only through their sub-queries. */
function selectProperties(
  definition: MetadataDefinition,
  { Properties: properties }: JsonBody,
): MetadataDefinition {
  const named =
    isJsonObject(properties) && properties.AllProperties !== true ? properties.PropertyNames : undefined;
  const names = Array.isArray(named) ? ['MetadataId', 'HasChanged', ...named.map(String)] : undefined;
  const own = Object.entries(definition).filter(([name]) => !entityParts.includes(name));
  return Object.fromEntries(names ? own.filter(([name]) => names.includes(name)) : own);
}

function matchesCriteria(definition: MetadataDefinition, criteria: unknown): boolean {
  if (!isJsonObject(criteria)) return true;
  const { Conditions: conditions = [], Filters: filters = [], FilterOperator: operator } = criteria;
  if (!Array.isArray(conditions) || !Array.isArray(filters))
    throw invalidArgument('The Criteria are malformed.');
  const all = [
    ...conditions.map((condition) => matchesCondition(definition, condition)),
    ...filters.map((filter) => matchesCriteria(definition, filter)),
  ];
  return operator === 'Or' ? all.length === 0 || all.includes(true) : !all.includes(false);
}

function matchesCondition(definition: MetadataDefinition, condition: unknown): boolean {
  if (!isJsonObject(condition)) throw invalidArgument('A condition of the Criteria is malformed.');
  const actual = unwrapValue(definition[String(condition.PropertyName)]);
  const { Value: value } = condition;
  const expected = isJsonObject(value) ? value.Value : value;
  switch (condition.ConditionOperator) {
    case 'Equals':
      return String(actual) === String(expected);
    case 'NotEquals':
      return String(actual) !== String(expected);
    case 'In':
      return toList(expected).includes(String(actual));
    case 'NotIn':
      return !toList(expected).includes(String(actual));
    case 'GreaterThan':
      return Number(actual) > Number(expected);
    case 'LessThan':
      return Number(actual) < Number(expected);
    default:
      throw invalidArgument(
        `'${String(condition.ConditionOperator).slice(0, 50)}' is not a ConditionOperator.`,
      );
  }
}

/** The value of a managed property (`{ Value: true, … }`); other values stay unchanged. */
const unwrapValue = (value: unknown): unknown =>
  isJsonObject(value) && 'Value' in value ? value.Value : value;

/** A list as JSON, or as text separated by commas. */
const toList = (value: unknown): readonly string[] =>
  Array.isArray(value)
    ? value.map(String)
    : String(value)
        .replace(/[[\]'"\s]/g, '')
        .split(',');
