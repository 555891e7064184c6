import { forgetRemovedTables, keepRowsOfNewTables } from '../logic/recycle-bin.ts';
import { tableMetadataId } from '../model/metadata-ids.ts';
import type { TableModel } from '../model/types.ts';
import type { Actor, ColumnValues, OrganizationStore } from '../store/types.ts';
import { entitySetName } from './odata-names.ts';
import type { WebApiRequest } from './types.ts';

/** Texts of a body that may read or reference tables as rows. */
const bodyTexts = ['entities(', 'entities?', 'recyclebin', `name='entity'`, `name="entity"`, 'entity%2'];

/** Whether a request may read or reference tables as rows. */
function namesTables({ target, body }: Pick<WebApiRequest, 'target' | 'body'>): boolean {
  if (/\bentities\b|recyclebin|name\s*(?:=|%3d)\s*(?:['"]|%2[27])entity\b/i.test(target)) return true;
  const text = Buffer.from(body.buffer, body.byteOffset, body.byteLength);
  return bodyTexts.some((each) => text.includes(each));
}

/**
 * Keeps `entities`, the tables as rows, and the configuration of their recycle bins like the tables. Few clients read
 * them, so they are added before the first request that names them.
 */
export function createTableSync(
  store: OrganizationStore,
): (request: Pick<WebApiRequest, 'target' | 'body'>, actor: Actor) => void {
  let revision: number | undefined;
  return (request, actor) => {
    const hasRows = store.read('entity', tableMetadataId('organization')) !== undefined;
    if (hasRows ? store.model.revision === revision : !namesTables(request)) return;
    revision = store.model.revision;
    store.transaction(() => {
      forgetRemovedTables(store);
      syncRows(store, actor);
      keepRowsOfNewTables(store, actor);
    });
  };
}

function syncRows(store: OrganizationStore, actor: Actor): void {
  const { rows } = store.query('entity', { actor });
  const known = new Set(rows.map(({ id }) => id));
  for (const { id, values } of rows)
    if (!store.model.table(String(values.logicalname))) store.delete('entity', id);
  for (const table of store.model.tables.values())
    if (table.set !== undefined && !known.has(tableMetadataId(table.logicalName)))
      store.insert('entity', toRow(table), actor);
}

function toRow(table: TableModel): ColumnValues {
  const { logicalName, schemaName, displayName, displayCollectionName, typeCode, base } = table;
  return {
    entityid: tableMetadataId(logicalName),
    name: schemaName,
    logicalname: logicalName,
    entitysetname: entitySetName(table),
    logicalcollectionname: entitySetName(table),
    collectionname: `${schemaName}s`,
    originallocalizedname: displayName,
    originallocalizedcollectionname: displayCollectionName,
    objecttypecode: typeCode,
    isactivity: base === 'activitypointer',
  };
}
