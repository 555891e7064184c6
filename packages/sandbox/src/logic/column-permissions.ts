import { isSecurable } from '../model/attribute.ts';
import { DataverseError, invalidArgument } from '../store/errors.ts';
import type { ColumnValue } from '../store/types.ts';
import type { RowChange, TableLogic } from './table-logic.ts';

/** A column permission names a secured column. */
export const columnPermissionLogic: TableLogic = {
  before(change) {
    const { values, current } = change;
    const name = (column: string): ColumnValue => values[column] ?? current?.values[column] ?? null;
    requireSecuredColumn(change, String(name('entityname')), String(name('attributelogicalname')));
    return values;
  },
};

function requireSecuredColumn({ store }: RowChange, tableName: string, columnName: string): void {
  const table = store.model.table(tableName);
  const column = table && store.model.attribute(table, columnName);
  if (!column || !isSecurable(column))
    throw invalidArgument(`'${tableName}' entity doesn't contain attribute with Name = '${columnName}'.`);
  if (column.secured) return;
  throw new DataverseError(
    400,
    '0x8004f508',
    'One or more fields are not enabled for field level security. Field level security is not enabled until you publish the customizations.',
  );
}
