import { attributeMetadataId, tableMetadataId } from '../../model/metadata-ids.ts';
import type { AlternateKey, Attribute, Model, TableModel } from '../../model/types.ts';
import { createMetadataId } from '../metadata/metadata-definition.ts';
import { type MetadataKey, metadataNotFound, parseMetadataKey } from '../metadata/metadata-key.ts';
import type { PathSegment } from '../request-path.ts';

/** The key of a path segment: `EntityDefinitions(LogicalName='account')`. */
export const segmentKey = ({ args = '' }: PathSegment): MetadataKey => parseMetadataKey(args);

/** The table of a segment. Throws 404 when there is none. */
export function findTable(model: Model, segment: PathSegment): TableModel {
  const key = segmentKey(segment);
  return pick([...model.tables.values()], key, ({ logicalName }) => tableMetadataId(logicalName));
}

/** The column of a segment. Throws 404 when there is none. */
export function findColumn(table: TableModel, segment: PathSegment): Attribute {
  return pick(table.attributes, segmentKey(segment), ({ logicalName }) =>
    attributeMetadataId(table, logicalName),
  );
}

/** The alternate key of a segment. Throws 404 when there is none. */
export function findKey(table: TableModel, segment: PathSegment): AlternateKey {
  return pick(table.keys, segmentKey(segment), ({ logicalName }) =>
    createMetadataId('key', table.logicalName, logicalName),
  );
}

/** The name of a relationship of a segment. Throws 404 when there is none. */
export function findRelationshipName(model: Model, segment: PathSegment): string {
  const names = [...model.oneToMany, ...model.manyToMany].map((relationship) => ({
    logicalName: relationship.name,
  }));
  return pick(names, segmentKey(segment), ({ logicalName }) => createMetadataId('relationship', logicalName))
    .logicalName;
}

function pick<T extends { readonly logicalName: string }>(
  components: readonly T[],
  key: MetadataKey,
  idOf: (component: T) => string,
): T {
  const found = components.find((component) =>
    key.name === 'MetadataId'
      ? idOf(component) === key.value
      : component.logicalName.toLowerCase() === key.value.toLowerCase(),
  );
  if (!found) throw metadataNotFound(key);
  return found;
}
