import { findOperation, runOperation } from '../operations/registry.ts';
import { countChanges, listChanges, tracksChanges } from './changes.ts';
import { fetchOf, runFetch } from './fetch.ts';
import { deleteFile, readFile, writeFile } from './files.ts';
import { readMetadata } from './metadata/read.ts';
import type { Segment } from './path.ts';
import { readEntity } from './read/entity.ts';
import { listRows } from './read/list.ts';
import { readCount, readLookup, readProperty, readReferences } from './read/parts.ts';
import { noSuchResource, refuse } from './refusal.ts';
import {
  type CollectionResource,
  followLookup,
  type Resource,
  type RowResource,
  resolve,
} from './resource.ts';
import { serviceDocument } from './service-document.ts';
import type { Exchange, OrgResponse } from './types.ts';
import { createEntity, deleteEntity, upsertEntity } from './write/entity.ts';
import {
  addReference,
  createInCollection,
  deleteProperty,
  putCollection,
  putProperty,
  removeReference,
} from './write/parts.ts';

/** Sends a request to what its path names. `$batch` is not among it: the door takes batches apart. */
export function route(exchange: Exchange, segments: readonly Segment[]): OrgResponse {
  const [first] = segments;
  if (!first) return only(exchange, 'GET', () => serviceDocument(exchange));
  const metadata = readMetadata(exchange, segments);
  if (metadata) return metadata;
  const operation = segments.length === 1 ? findOperation(first.name) : undefined;
  if (operation) return runOperation(exchange, { operation, args: first.args });
  return routeResource(exchange, resolve(exchange.org.store, segments));
}

function routeResource(exchange: Exchange, resource: Resource): OrgResponse {
  switch (resource.kind) {
    case 'set':
      return routeSet(exchange, resource);
    case 'row':
      return routeRow(exchange, resource);
    case 'collection':
      return routeCollection(exchange, resource);
    case 'lookup':
      if (exchange.method === 'GET') return readLookup(exchange, resource);
      return routeRow(exchange, followLookup(exchange.org.store, resource));
    case 'property':
      return routeProperty(exchange, resource);
    case 'value':
      return only(exchange, 'GET', () =>
        resource.of.attribute.type === 'File'
          ? readFile(exchange, { ...resource.of, bare: true })
          : readProperty(exchange, { kind: 'property', ...resource.of, bare: true }),
      );
    case 'count':
      return only(exchange, 'GET', () =>
        exchange.options.values.has('$deltatoken')
          ? countChanges(exchange, resource.of.table)
          : readCount(exchange, resource.of),
      );
    case 'references':
      return routeReferences(exchange, resource);
    case 'call': {
      const operation = findOperation(resource.name, resource.on);
      if (!operation) throw refuse(400, '0x80060888', 'Request message has unresolved parameters.');
      return runOperation(exchange, { operation, args: resource.args, on: resource.on });
    }
  }
}

function routeSet(exchange: Exchange, set: Extract<Resource, { kind: 'set' }>): OrgResponse {
  if (exchange.method === 'POST') return createEntity(exchange, set.table);
  return only(exchange, 'GET', () => {
    const xml = fetchOf(exchange);
    if (xml !== undefined) return runFetch(exchange, { table: set.table, xml });
    return tracksChanges(exchange) ? listChanges(exchange, set.table) : listRows(exchange, set);
  });
}

function routeRow(exchange: Exchange, row: RowResource): OrgResponse {
  switch (exchange.method) {
    case 'GET':
      return readEntity(exchange, row);
    case 'PATCH':
      return upsertEntity(exchange, row);
    case 'DELETE':
      return deleteEntity(exchange, row);
    default:
      throw noSuchResource(exchange.url);
  }
}

function routeCollection(exchange: Exchange, collection: CollectionResource): OrgResponse {
  if (exchange.method === 'POST') return createInCollection(exchange, collection);
  if (exchange.method === 'PUT') return putCollection(exchange, collection);
  return only(exchange, 'GET', () => listRows(exchange, collection));
}

function routeProperty(exchange: Exchange, property: Extract<Resource, { kind: 'property' }>): OrgResponse {
  const file = property.attribute.type === 'File';
  switch (exchange.method) {
    case 'GET':
      return file
        ? readFile(exchange, { ...property, bare: false })
        : readProperty(exchange, { ...property, bare: false });
    case 'PUT':
      return file ? writeFile(exchange, property) : putProperty(exchange, property);
    case 'PATCH':
      if (file) return writeFile(exchange, property);
      throw noSuchResource(exchange.url);
    case 'DELETE':
      return file ? deleteFile(exchange, property) : deleteProperty(exchange, property);
    default:
      throw noSuchResource(exchange.url);
  }
}

function routeReferences(
  exchange: Exchange,
  references: Extract<Resource, { kind: 'references' }>,
): OrgResponse {
  switch (exchange.method) {
    case 'GET':
      return readReferences(exchange, references);
    case 'POST':
    case 'PUT':
      return addReference(exchange, references.of);
    case 'DELETE':
      return removeReference(exchange, references);
    default:
      throw noSuchResource(exchange.url);
  }
}

function only(exchange: Exchange, method: string, answer: () => OrgResponse): OrgResponse {
  if (exchange.method !== method) throw noSuchResource(exchange.url);
  return answer();
}
