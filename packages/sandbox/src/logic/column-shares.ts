import { referenceId } from '../store/entity-reference.ts';
import { DataverseError } from '../store/errors.ts';
import type { StoredRow } from '../store/types.ts';
import { findRows } from './find-rows.ts';
import type { RowChange, TableLogic } from './table-logic.ts';

/** A column of a row is shared with a user or team once. */
export const columnShareLogic: TableLogic = {
  before(change) {
    if (!change.current && findShares(change).length > 0) {
      throw new DataverseError(400, '0x8004f50b', 'Attribute has already been shared.');
    }
    return change.values;
  },
};

function findShares({ store, values }: RowChange): readonly StoredRow[] {
  const idOf = (column: string) => referenceId(values[column]);
  const [objectId, principalId, attributeId] = [idOf('objectid'), idOf('principalid'), values.attributeid];
  if (!objectId || !principalId || typeof attributeId !== 'string') return [];
  const filter = `_objectid_value eq ${objectId} and _principalid_value eq ${principalId}`;
  return findRows(store, 'principalobjectattributeaccess', filter).filter(
    (share) => share.values.attributeid === attributeId.toLowerCase(),
  );
}
