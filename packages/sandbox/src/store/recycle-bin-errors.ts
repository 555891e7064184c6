import type { TableModel } from '../model/types.ts';
import { DataverseError } from './errors.ts';
import type { EntityReference } from './types.ts';

/**
 * Why a deleted row cannot be restored.
 * https://learn.microsoft.com/power-apps/developer/data-platform/restore-deleted-records#best-practices-when-restoring-records
 */

/** 412: there is a row with the id of the deleted row. */
export const rowExists = ({ schemaName, primaryId }: TableModel, id: string): DataverseError =>
  new DataverseError(
    412,
    '0x80049939',
    `Please delete the existing conflicting record '${schemaName}' with primary key '${primaryId}' and primary key value '${id}' before attempting restore.`,
  );

/** 412: another row has the values of an alternate key. */
export const entityKeyTaken = ({ schemaName, primaryId }: TableModel, id: string): DataverseError =>
  new DataverseError(
    412,
    '0x80049929',
    `Duplicate entity key preventing restore of record '${schemaName}' with primary key '${primaryId}' and primary key value '${id}'. See inner exception for entity key details.`,
  );

/** A lookup that belongs to a deleted row and the row that is missing for it. */
export interface BrokenReference {
  /** The row that does not exist. */
  readonly missing: EntityReference;
  /** The table that the lookup leads to, and its primary key. */
  readonly referenced: Pick<TableModel, 'logicalName' | 'primaryId'>;
  readonly column: string;
  /** The id that the lookup had. */
  readonly value: string;
}

/** 400: a row that the deleted row referenced, or that referenced it, does not exist. */
export const referenceLost = ({ missing, referenced, column, value }: BrokenReference): DataverseError =>
  new DataverseError(
    400,
    '0x80049959',
    `Entity with id '${missing.id}' and logical name '${missing.table}' does not exist. We cannot restore the reference '${referenced.primaryId}' that must be restored as part of this Restore call. ValueToBeRestored: ${value}, ReferencedEntityName: ${referenced.logicalName}, AttributeName: ${column}`,
  );

/** 400: a choice of the deleted row has been removed. */
export const optionRemoved = (): DataverseError =>
  new DataverseError(
    400,
    '0x80049949',
    'Picklist value not valid, please add the invalid value back to the picklist before restoring record',
  );
