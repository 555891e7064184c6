import { DataverseError } from '../store/errors.ts';
import type { TableLogic } from './table-logic.ts';

/** Rows that only the platform deletes: the audit log, tables, privileges, shares. */
export const platformRowLogic: TableLogic = {
  beforeDelete({ table }) {
    throw new DataverseError(
      400,
      '0x80040800',
      `The method is not supported for entities of type '${table}'.`,
    );
  },
};
