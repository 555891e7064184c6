import { crmNamespace } from 'dynamics365-connector/odata';
import { tableMetadataId } from '../../model/metadata-ids.ts';
import { listCustomApis } from '../../operations/custom-apis.ts';
import { readLanguage } from '../caller-language.ts';
import { resourceNotFound, segmentNotFound } from '../errors.ts';
import { parseODataQuery } from '../query-options.ts';
import type { PathSegment } from '../request-path.ts';
import { contextUrl, jsonResponse } from '../responses.ts';
import { writeMetadata } from '../schema/write-metadata.ts';
import type { WebApiContext, WebApiResponse } from '../types.ts';
import { attributeParts } from './attribute-definition.ts';
import { castDefinitions, isOfType } from './cast-definitions.ts';
import { writeCsdl } from './csdl.ts';
import { buildEntityDefinition, entityParts } from './entity-definition.ts';
import { inLanguage, type MetadataDefinition } from './metadata-definition.ts';
import { metadataNotFound, parseMetadataKey } from './metadata-key.ts';
import { buildGlobalOptionSets } from './option-set-definition.ts';
import { shapeDefinition, shapeDefinitions } from './query-definitions.ts';
import { buildAllRelationships } from './relationship-definitions.ts';

const roots = ['EntityDefinitions', 'RelationshipDefinitions', 'GlobalOptionSetDefinitions'];

/** Handles requests for metadata; undefined when the path is about something else. */
export function getMetadata(
  context: WebApiContext,
  segments: readonly PathSegment[],
): WebApiResponse | undefined {
  const name = segments[0]?.name ?? '';
  const isMetadataPath = name === '$metadata' || roots.includes(name);
  if (!isMetadataPath) return undefined;
  if (context.method !== 'GET') return writeMetadata(context, segments);
  if (name === '$metadata') {
    if (segments.length > 1) throw resourceNotFound(context.url);
    return getCsdl(context);
  }
  return getDefinitions(context, segments);
}

function getCsdl({ org, options }: WebApiContext): WebApiResponse {
  const annotations = options.values.get('annotations') === 'true';
  return {
    status: 200,
    headers: { 'Content-Type': 'application/xml', 'OData-Version': '4.0' },
    body: writeCsdl(org.store.model, { annotations, customApis: listCustomApis(org.systemStore) }),
  };
}

/** What a metadata path leads to: definitions or one definition, with the fragment of its context URL. */
type MetadataResource = { readonly context: string } & (
  | { readonly many: readonly MetadataDefinition[]; readonly one?: undefined }
  | { readonly one: MetadataDefinition; readonly many?: undefined }
);

function getDefinitions(context: WebApiContext, segments: readonly PathSegment[]): WebApiResponse {
  const resource = resolveMetadata(context, segments);
  const { select, filter, expand } = parseODataQuery(context.options);
  const query = { select, filter, expand };
  const contextColumns = [
    ...(select ?? []).map((path) => path.segments.join('/')),
    ...(expand ?? []).map(
      (item) => `${item.path.segments[0]}(${(item.select ?? []).map((path) => path.segments[0]).join(',')})`,
    ),
  ].join(',');
  const columns = contextColumns === '' ? '' : `(${contextColumns})`;
  const parts = [...entityParts, ...attributeParts];
  const language = readLanguage(context);
  if (resource.many) {
    return jsonResponse(context, {
      '@odata.context': contextUrl(context, `${resource.context}${columns}`),
      value: inLanguage(shapeDefinitions(resource.many, query, parts), language),
    });
  }
  return jsonResponse(context, {
    '@odata.context': contextUrl(context, `${resource.context}${columns}/$entity`),
    ...inLanguage(shapeDefinition(resource.one, query, parts), language),
  });
}

function resolveMetadata(context: WebApiContext, segments: readonly PathSegment[]): MetadataResource {
  const [root = { name: '' }, ...rest] = segments;
  const start: MetadataResource = { many: rootDefinitions(context, root), context: root.name };
  const first = root.args === undefined ? start : pickByKey(start, root.args);
  return rest.reduce<MetadataResource>(followSegment, first);
}

/** The definitions of a root. Of tables, only the one with the given key, because each definition is large. */
function rootDefinitions({ org }: WebApiContext, { name, args }: PathSegment): readonly MetadataDefinition[] {
  const { model } = org.store;
  if (name === 'RelationshipDefinitions') return buildAllRelationships(model);
  if (name === 'GlobalOptionSetDefinitions') return buildGlobalOptionSets(model);
  const key = args === undefined ? undefined : parseMetadataKey(args);
  return [...model.tables.values()]
    .filter((table) => table.set !== undefined)
    .filter(({ logicalName }) => {
      if (key?.name !== 'MetadataId') return !key || key.value === logicalName;
      return key.value === tableMetadataId(logicalName);
    })
    .map((table) => buildEntityDefinition(model, table));
}

function pickByKey({ many, context }: MetadataResource, args: string): MetadataResource {
  const key = parseMetadataKey(args);
  const one = many?.find((definition) => definition[key.name] === key.value);
  if (!one) throw metadataNotFound(key);
  return { one, context };
}

function followSegment(from: MetadataResource, { name, args }: PathSegment): MetadataResource {
  if (name.startsWith(crmNamespace)) return followCast(from, { name, args });
  const part = from.one?.[name];
  if (part === undefined) throw segmentNotFound(name);
  const owner = from.one?.LogicalName;
  const context = owner === undefined ? `${from.context}/${name}` : `${from.context}('${owner}')/${name}`;
  if (Array.isArray(part)) {
    const resource: MetadataResource = { many: part as MetadataDefinition[], context };
    return args === undefined ? resource : pickByKey(resource, args);
  }
  if (typeof part === 'object' && part !== null) return { one: part as MetadataDefinition, context };
  return { one: { value: part }, context };
}

/** `Attributes/Microsoft.Dynamics.CRM.PicklistAttributeMetadata`, of a collection or of one definition. */
function followCast(from: MetadataResource, { name, args }: PathSegment): MetadataResource {
  const context = `${from.context}/${name}`;
  if (!from.many) {
    if (!isOfType(from.one, name)) throw segmentNotFound(name);
    return { ...from, context };
  }
  const many = castDefinitions(from.many, name);
  if (!many) throw segmentNotFound(name);
  return args === undefined ? { many, context } : pickByKey({ many, context }, args);
}
