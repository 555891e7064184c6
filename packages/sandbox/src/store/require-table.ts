import type { Model, TableModel } from '../model/types.ts';
import { tableNotFound } from './errors.ts';

/** The table of a logical name. Throws DataverseError 0x80041102 when there is none. */
export function requireTable(model: Model, logicalName: string): TableModel {
  const table = model.table(logicalName);
  if (!table) throw tableNotFound(logicalName);
  return table;
}
