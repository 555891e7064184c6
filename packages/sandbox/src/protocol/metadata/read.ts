import { contextUrl, json } from '../answer.ts';
import { readGuid } from '../key.ts';
import { parseQuery } from '../options.ts';
import type { Segment } from '../path.ts';
import { badQuery, noSuchResource, noSuchSegment, refuse } from '../refusal.ts';
import type { Exchange, OrgResponse } from '../types.ts';
import { attributeParts } from './attribute.ts';
import { writeCsdl } from './csdl.ts';
import { entityDefinition, entityParts } from './entity.ts';
import { type Definition, metadataId } from './identity.ts';
import { globalOptionSets } from './option-set.ts';
import { shapeDefinition, shapeDefinitions } from './query.ts';
import { allRelationships } from './relationship.ts';

const namespace = 'Microsoft.Dynamics.CRM.';
const roots = ['EntityDefinitions', 'RelationshipDefinitions', 'GlobalOptionSetDefinitions'];

/** Answers requests about metadata; undefined for paths that are about something else. */
export function readMetadata(exchange: Exchange, segments: readonly Segment[]): OrgResponse | undefined {
  const name = segments[0]!.name;
  const known = name === '$metadata' || roots.includes(name);
  if (!known) return undefined;
  if (exchange.method !== 'GET') throw notChangeable();
  if (name === '$metadata') {
    if (segments.length > 1) throw noSuchResource(exchange.url);
    return csdl(exchange);
  }
  return follow(exchange, segments);
}

function csdl({ org, options }: Exchange): OrgResponse {
  const annotations = options.values.get('annotations') === 'true';
  return {
    status: 200,
    headers: { 'Content-Type': 'application/xml', 'OData-Version': '4.0' },
    body: writeCsdl(org.store.model, { annotations }),
  };
}

/** What a path has led to so far: definitions, or one of them, and the text of its context. */
interface Place {
  readonly many?: readonly Definition[];
  readonly one?: Definition;
  readonly context: string;
}

function follow(exchange: Exchange, segments: readonly Segment[]): OrgResponse {
  const [root, ...rest] = segments;
  const start: Place = { many: rootDefinitions(exchange, root!), context: root!.name };
  const first = root!.args === undefined ? start : pick(start, root!.args);
  const place = rest.reduce<Place>((from, segment) => step(from, segment), first);
  const { select, filter, expand } = parseQuery(exchange.options);
  const query = {
    ...(select ? { select } : {}),
    ...(filter ? { filter } : {}),
    ...(expand ? { expand } : {}),
  };
  const shown = [
    ...(select ?? []).map((path) => path.segments.join('/')),
    ...(expand ?? []).map(
      (item) => `${item.path.segments[0]}(${(item.select ?? []).map((path) => path.segments[0]).join(',')})`,
    ),
  ].join(',');
  const columns = shown === '' ? '' : `(${shown})`;
  const parts = [...entityParts, ...attributeParts];
  if (place.many) {
    return json(exchange, {
      '@odata.context': contextUrl(exchange, `${place.context}${columns}`),
      value: shapeDefinitions(place.many, query, parts),
    });
  }
  return json(exchange, {
    '@odata.context': contextUrl(exchange, `${place.context}${columns}/$entity`),
    ...shapeDefinition(place.one!, query, parts),
  });
}

/** Definitions below a root; of tables, only the one that the key names, where there is one. */
function rootDefinitions({ org }: Exchange, { name, args }: Segment): readonly Definition[] {
  const { model } = org.store;
  if (name === 'RelationshipDefinitions') return allRelationships(model);
  if (name === 'GlobalOptionSetDefinitions') return globalOptionSets(model);
  const key = args === undefined ? undefined : readKeyText(args);
  return [...model.tables.values()]
    .filter((table) => table.set !== undefined)
    .filter(({ logicalName }) => {
      if (!key) return true;
      return key.value === logicalName || key.value === metadataId('entity', logicalName);
    })
    .map((table) => entityDefinition(model, table));
}

/** `LogicalName='account'`, `Name='x'`, or a MetadataId. */
function readKeyText(args: string): { readonly name: string; readonly value: string } {
  const named = /^(LogicalName|SchemaName|Name|MetadataId)\s*=\s*(?:'([^']*)'|([\w-]+))$/.exec(args.trim());
  if (named) return { name: named[1]!, value: named[2] ?? named[3]!.toLowerCase() };
  const id = readGuid(args.trim());
  if (!id) throw badQuery('Bad Request - Error in query syntax.');
  return { name: 'MetadataId', value: id };
}

function pick({ many, context }: Place, args: string): Place {
  const { name, value } = readKeyText(args);
  const one = many?.find((definition) => definition[name] === value);
  if (!one) {
    const message = `Could not find the metadata with ${name} = '${value.slice(0, 100)}'.`;
    throw refuse(404, '0x80060888', message);
  }
  return { one, context };
}

function step(from: Place, { name, args }: Segment): Place {
  if (name.startsWith(namespace)) {
    if (!from.many) return { ...from, context: `${from.context}/${name}` };
    const cast: Place = {
      many: from.many.filter((definition) => definition['@odata.type'] === `#${name}`),
      context: `${from.context}/${name}`,
    };
    return args === undefined ? cast : pick(cast, args);
  }
  const part = from.one?.[name];
  if (part === undefined) throw noSuchSegment(name);
  const owner = from.one!.LogicalName;
  const context = owner === undefined ? `${from.context}/${name}` : `${from.context}('${owner}')/${name}`;
  if (Array.isArray(part)) {
    const place: Place = { many: part as Definition[], context };
    return args === undefined ? place : pick(place, args);
  }
  if (typeof part === 'object' && part !== null) return { one: part as Definition, context };
  return { one: { value: part }, context };
}

function notChangeable() {
  return refuse(405, '0x80060888', 'Operation not supported on EntityMetadata');
}
