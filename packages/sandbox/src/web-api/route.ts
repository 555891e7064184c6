import { isImage } from '../model/attribute.ts';
import type { Attribute } from '../model/types.ts';
import { findCustomApi } from '../operations/custom-apis.ts';
import { findWebApiOperation, runWebApiOperation } from '../operations/registry.ts';
import type { WebApiOperation } from '../operations/types.ts';
import { getChanges, getChangesCount, isChangeTrackingRequest } from './change-tracking.ts';
import { DataverseError, invalidQuery, methodNotAllowed, resourceNotFound } from './errors.ts';
import { getFetchXmlRows, getViewRowsOfCollection, readFetchXml, readViewXml } from './fetchxml.ts';
import { deleteFile, type FileColumnResource, getFile, uploadFile } from './file-columns.ts';
import { getHeader } from './headers.ts';
import { getImage } from './images.ts';
import { getMetadata } from './metadata/get-metadata.ts';
import { getCount, getLookup, getProperty, getReferences } from './read/get-properties.ts';
import { getRow } from './read/get-row.ts';
import { getRows } from './read/get-rows.ts';
import type { PathSegment } from './request-path.ts';
import {
  type BindingTarget,
  type CollectionResource,
  followLookup,
  type Resource,
  type RowResource,
  resolveResource,
} from './resource.ts';
import { getServiceDocument } from './service-document.ts';
import { getSqlRows } from './sql.ts';
import type { WebApiContext, WebApiResponse } from './types.ts';
import { checkWriteQuery } from './write/check-write-query.ts';
import {
  addReference,
  createInCollection,
  deleteProperty,
  putCollection,
  putImage,
  putProperty,
  removeReference,
} from './write/write-properties.ts';
import { createRow, deleteRow, upsertRow } from './write/write-row.ts';

/** Routes a request to the handler of its resource. Requests to `$batch` do not come here. */
export function routeRequest(context: WebApiContext, segments: readonly PathSegment[]): WebApiResponse {
  const [first] = segments;
  if (!first) return requireMethod(context, 'GET', () => getServiceDocument(context));
  const metadata = getMetadata(context, segments);
  if (metadata) return metadata;
  const operation = segments.length === 1 ? findOperation(context, first.name) : undefined;
  if (operation) return runWebApiOperation(context, { operation, args: first.args });
  const resource = resolveResource(context.org.store, segments);
  if (context.method !== 'GET') checkWriteQuery(context, resource);
  return routeResource(context, resource);
}

/** Actions whose parameters are documented, but which nobody has shown to work. */
const routingActions: readonly string[] = ['RouteTo', 'ApplyRoutingRule'];

function findOperation(
  { org }: WebApiContext,
  name: string,
  on?: BindingTarget,
): WebApiOperation | undefined {
  if (org.assumptions.routing === 'missing' && routingActions.includes(name)) return undefined;
  return findWebApiOperation(name, on) ?? findCustomApi(org.systemStore, name, on);
}

function routeResource(context: WebApiContext, resource: Resource): WebApiResponse {
  checkView(context, resource);
  switch (resource.kind) {
    case 'set':
      return routeSet(context, resource);
    case 'row':
      return routeRow(context, resource);
    case 'collection':
      return routeCollection(context, resource);
    case 'lookup':
      if (context.method === 'GET') return getLookup(context, resource);
      return routeRow(context, followLookup(context.org.store, resource));
    case 'property':
      return routeProperty(context, resource);
    case 'value':
      return requireMethod(context, 'GET', () => getValue(context, resource.of));
    case 'count':
      return requireMethod(context, 'GET', () =>
        context.options.values.has('$deltatoken')
          ? getChangesCount(context, resource.of.table)
          : getCount(context, resource.of),
      );
    case 'references':
      return routeReferences(context, resource);
    case 'call': {
      const operation = findOperation(context, resource.name, resource.on);
      if (!operation)
        throw new DataverseError(400, '0x80060888', 'Request message has unresolved parameters.');
      return runWebApiOperation(context, { operation, args: resource.args, on: resource.on });
    }
  }
}

/** Only rows have views: the parser of the URL does not know whether a segment is a column or a collection. */
function checkView({ options, method }: WebApiContext, { kind }: Resource): void {
  if (method === 'GET' && (kind === 'set' || kind === 'collection')) return;
  const name = ['savedQuery', 'userQuery'].find((each) => options.values.has(each));
  if (name !== undefined) throw invalidQuery(`The query parameter ${name} is not supported`);
}

function routeSet(context: WebApiContext, set: Extract<Resource, { kind: 'set' }>): WebApiResponse {
  if (context.method === 'POST') return createRow(context, set.table);
  if (context.method !== 'GET') throw methodNotAllowed(context.method);
  const xml = readFetchXml(context);
  if (xml !== undefined) return getFetchXmlRows(context, { table: set.table, xml });
  const sql = context.options.values.get('sql');
  if (sql !== undefined) return getSqlRows(context, set.table, sql);
  return isChangeTrackingRequest(context) ? getChanges(context, set.table) : getRows(context, set);
}

function routeRow(context: WebApiContext, row: RowResource): WebApiResponse {
  switch (context.method) {
    case 'GET':
      return getRow(context, row);
    case 'PATCH':
      return upsertRow(context, row);
    case 'DELETE':
      return deleteRow(context, row);
    default:
      throw methodNotAllowed(context.method);
  }
}

function routeCollection(context: WebApiContext, collection: CollectionResource): WebApiResponse {
  if (context.method === 'POST') return createInCollection(context, collection);
  if (context.method === 'PUT') return putCollection(context, collection);
  if (context.method !== 'GET') throw methodNotAllowed(context.method);
  const view = readViewXml(context);
  return view === undefined
    ? getRows(context, collection)
    : getViewRowsOfCollection(context, collection, view);
}

/** The value of a column without JSON: `…/name/$value`. */
function getValue(context: WebApiContext, column: FileColumnResource): WebApiResponse {
  if (isImage(column.attribute)) return getImage(context, column);
  return isFileColumn(column.attribute)
    ? getFile(context, { ...column, bare: true })
    : getProperty(context, { kind: 'property', ...column, bare: true });
}

const isFileColumn = (attribute: Attribute): boolean => attribute.type === 'File' && !isImage(attribute);

/** Whether the body of a request holds the bytes of an image. */
function isImageUpload({ request }: WebApiContext, { attribute }: FileColumnResource): boolean {
  const type = getHeader(request.headers, 'Content-Type') ?? '';
  return isImage(attribute) && /^(?:application\/octet-stream|image\/)/i.test(type);
}

function routeProperty(
  context: WebApiContext,
  property: Extract<Resource, { kind: 'property' }>,
): WebApiResponse {
  const isFile = isFileColumn(property.attribute);
  switch (context.method) {
    case 'GET':
      return isFile
        ? getFile(context, { ...property, bare: false })
        : getProperty(context, { ...property, bare: false });
    case 'PUT':
      if (isFile) return uploadFile(context, property);
      return isImageUpload(context, property) ? putImage(context, property) : putProperty(context, property);
    case 'PATCH':
      if (isFile) return uploadFile(context, property);
      if (isImageUpload(context, property)) return putImage(context, property);
      throw resourceNotFound(context.url);
    case 'DELETE':
      return isFile ? deleteFile(context, property) : deleteProperty(context, property);
    default:
      throw resourceNotFound(context.url);
  }
}

function routeReferences(
  context: WebApiContext,
  references: Extract<Resource, { kind: 'references' }>,
): WebApiResponse {
  switch (context.method) {
    case 'GET':
      return getReferences(context, references);
    case 'POST':
    case 'PUT':
      return addReference(context, references.of);
    case 'DELETE':
      return removeReference(context, references);
    default:
      throw resourceNotFound(context.url);
  }
}

function requireMethod(context: WebApiContext, method: string, handle: () => WebApiResponse): WebApiResponse {
  if (context.method !== method) throw resourceNotFound(context.url);
  return handle();
}
