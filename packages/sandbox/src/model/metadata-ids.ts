import { guidOfNames } from '../guid.ts';
import type { TableModel } from './types.ts';

/** The `MetadataId` of the table `organization`. It is the same in all organizations. */
const organizationTableId = 'e1bd1119-6e9d-45a4-bc15-12051e65a0bd';

/** The `MetadataId` of a table, which is also the `entityid` of its row in `entities`. */
export const tableMetadataId = (logicalName: string): string =>
  logicalName === 'organization' ? organizationTableId : guidOfNames('entity', logicalName);

/** The `MetadataId` of a column. */
export const attributeMetadataId = (table: Pick<TableModel, 'logicalName'>, column: string): string =>
  guidOfNames('attribute', table.logicalName, column);
