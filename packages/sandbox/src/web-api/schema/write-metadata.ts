import { crmNamespace } from 'dynamics365-connector/odata';
import { DataverseError } from '../errors.ts';
import type { PathSegment } from '../request-path.ts';
import type { WebApiContext, WebApiResponse } from '../types.ts';
import { requireGlobalChoice } from './find-choice.ts';
import { findColumn, findKey, findRelationshipName, findTable, segmentKey } from './find-components.ts';
import { addToSolution } from './solution-components.ts';
import { createChoice, deleteChoice, updateChoice } from './write-choices.ts';
import { createColumn, deleteColumn, updateColumn } from './write-columns.ts';
import { createKey, deleteKey } from './write-keys.ts';
import { createRelationship, deleteRelationship, updateRelationship } from './write-relationships.ts';
import { createTable, deleteTable, updateTable } from './write-tables.ts';

type Handler = () => WebApiResponse;
/** The handlers of a path by HTTP method. */
type Handlers = Readonly<Record<string, Handler>>;

/**
 * Creates, changes and deletes tables, columns, keys, relationships and choices, in the shape of Dataverse's metadata.
 * https://learn.microsoft.com/power-apps/developer/data-platform/webapi/create-update-entity-definitions-using-web-api
 */
export function writeMetadata(context: WebApiContext, segments: readonly PathSegment[]): WebApiResponse {
  const path = segments.filter(({ name }) => !name.startsWith(crmNamespace));
  return context.org.store.transaction(() => {
    const handle = findHandlers(context, path)[context.method];
    if (handle) return addToSolution(context, handle);
    throw new DataverseError(405, '0x80060888', 'Operation not supported on EntityMetadata');
  });
}

function findHandlers(context: WebApiContext, [root, part, ...rest]: readonly PathSegment[]): Handlers {
  if (!root || rest.length > 0) return {};
  if (root.name === 'EntityDefinitions') {
    return part ? partHandlers(context, root, part) : tableHandlers(context, root);
  }
  if (part) return {};
  if (root.name === 'RelationshipDefinitions') return relationshipHandlers(context, root);
  return root.name === 'GlobalOptionSetDefinitions' ? choiceHandlers(context, root) : {};
}

function tableHandlers(context: WebApiContext, root: PathSegment): Handlers {
  if (root.args === undefined) return { POST: () => createTable(context) };
  const table = findTable(context.org.store.model, root);
  return { PUT: () => updateTable(context, table), DELETE: () => deleteTable(context, table) };
}

function partHandlers(context: WebApiContext, root: PathSegment, part: PathSegment): Handlers {
  const table = findTable(context.org.store.model, root);
  const isNew = part.args === undefined;
  if (part.name === 'Attributes') {
    if (isNew) return { POST: () => createColumn(context, table) };
    const column = findColumn(table, part);
    return {
      PUT: () => updateColumn(context, table, column),
      DELETE: () => deleteColumn(context, table, column),
    };
  }
  if (part.name !== 'Keys') return {};
  if (isNew) return { POST: () => createKey(context, table) };
  return { DELETE: () => deleteKey(context, table, findKey(table, part)) };
}

function relationshipHandlers(context: WebApiContext, root: PathSegment): Handlers {
  if (root.args === undefined) return { POST: () => createRelationship(context) };
  const name = findRelationshipName(context.org.store.model, root);
  return {
    PUT: () => updateRelationship(context, name),
    DELETE: () => deleteRelationship(context, name),
  };
}

function choiceHandlers(context: WebApiContext, root: PathSegment): Handlers {
  if (root.args === undefined) return { POST: () => createChoice(context) };
  const choice = requireGlobalChoice(context.org.store.model, segmentKey(root).value);
  return { PUT: () => updateChoice(context, choice), DELETE: () => deleteChoice(context, choice) };
}
