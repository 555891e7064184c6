import { referenceId } from '../store/entity-reference.ts';
import { DataverseError } from '../store/errors.ts';
import type { ColumnValues, EntityReference, OrganizationStore, StoredRow } from '../store/types.ts';
import { findRows, readReferenced } from './find-rows.ts';
import type { RowChange, TableLogic, UpdateRow } from './table-logic.ts';

const maxChildren = 100;
const resolved = 1;
const canceled = 2;

const refuse = (code: string, message: string) => new DataverseError(400, code, message);

/**
 * Parent and child cases: one level, at most 100 children. The settings of the organization decide whether closing a
 * parent closes its children (`cascadestatusupdate`), or waits for them (`restrictstatusupdate`).
 */
export function createCaseHierarchyLogic(updateRow: UpdateRow): TableLogic {
  return {
    before(change) {
      const { values, current } = change;
      if (values.parentcaseid) checkParent(change, values.parentcaseid as EntityReference);
      if (current && isClosing(values, current)) checkChildren(change, current);
      return values;
    },
    after(change, row) {
      const { store, values, current } = change;
      if (values.parentcaseid !== undefined) {
        for (const parent of [current?.values.parentcaseid, row.values.parentcaseid]) {
          countChildren(change, readReferenced(store, parent));
        }
      }
      if (!current || !isClosing(values, current) || !readSetting(store, 'cascadestatusupdate')) return;
      const { statecode = null, statuscode = null } = row.values;
      for (const child of activeChildren(store, row)) updateRow(change, child, { statecode, statuscode });
    },
    afterDelete(row, change) {
      countChildren(change, readReferenced(change.store, row.values.parentcaseid));
    },
  };
}

const isClosing = ({ statecode }: ColumnValues, { values }: StoredRow): boolean =>
  values.statecode === 0 && (statecode === resolved || statecode === canceled);

/** A parent is no child, a child has no children, and a parent has at most 100 children. */
function checkParent({ store, current }: RowChange, parent: EntityReference): void {
  const row = store.read(parent.table, parent.id);
  if (row?.values.parentcaseid) throw refuse('0x8003f453', "You can't create child cases for child cases.");
  if (current && (parent.id === current.id || findChildren(store, current).length > 0)) {
    throw refuse('0x8003f455', 'A parent case cannot be set as a child case.');
  }
  const children = row ? findChildren(store, row).filter(({ id }) => id !== current?.id) : [];
  if (children.length < maxChildren) return;
  throw refuse('0x8003f454', `A parent case can't have more than ${maxChildren} child cases.`);
}

function checkChildren({ store, values }: RowChange, parent: StoredRow): void {
  if (!readSetting(store, 'restrictstatusupdate') || activeChildren(store, parent).length === 0) return;
  throw values.statecode === canceled
    ? refuse('0x8003f451', 'Cancel active child case before canceling parent case.')
    : refuse('0x8003f452', 'Close active child case before closing parent case.');
}

function readSetting(store: OrganizationStore, column: string): boolean {
  const [organization] = store.query('organization', { pageSize: 1, actor: { userId: '' } }).rows;
  return organization?.values[column] === true;
}

const findChildren = (store: OrganizationStore, { id }: StoredRow): readonly StoredRow[] =>
  findRows(store, 'incident', `_parentcaseid_value eq ${id}`);

const activeChildren = (store: OrganizationStore, parent: StoredRow): readonly StoredRow[] =>
  findChildren(store, parent).filter(({ values }) => values.statecode === 0);

/** Writes the number of children to a parent. */
export function countChildren(
  { store, actor }: Pick<RowChange, 'store' | 'actor'>,
  parent: StoredRow | undefined,
): void {
  if (!parent) return;
  const numberofchildincidents = findChildren(store, parent).length;
  if (parent.values.numberofchildincidents === numberofchildincidents) return;
  store.update({ table: 'incident', id: parent.id, values: { numberofchildincidents }, actor });
}

/** Cases with different parents cannot be merged. */
export function checkParentsOfMerged({ values: one }: StoredRow, { values: other }: StoredRow): void {
  if (referenceId(one.parentcaseid) === referenceId(other.parentcaseid)) return;
  throw refuse('0x8003f450', 'Child cases having different parent case associated can not be merged.');
}
