import type { Attribute, TableModel } from '../model/types.ts';
import type { ColumnValue, ColumnValues, EntityReference } from '../store/types.ts';

/** Large texts are cut in the log, as in Dataverse. */
const maxTextLength = 5 * 1000;

const isAudited = ({ audited, validForCreate, validForUpdate }: Attribute): boolean =>
  audited ?? (validForCreate || validForUpdate);

const cut = (value: ColumnValue): ColumnValue =>
  typeof value === 'string' && value.length > maxTextLength ? `${value.slice(0, maxTextLength)}…` : value;

/** The values of a row that are audited. Empty values are left out. */
export function auditedValues({ attributes, primaryId }: TableModel, values: ColumnValues): ColumnValues {
  const columns = attributes.filter(
    (attribute) => isAudited(attribute) && attribute.logicalName !== primaryId && attribute.type !== 'File',
  );
  return Object.fromEntries(
    columns.flatMap(({ logicalName }) => {
      const value = values[logicalName] ?? null;
      return value === null ? [] : [[logicalName, cut(value)]];
    }),
  );
}

/** The audited values that an update changed, before and after. */
export function changedValues(
  table: TableModel,
  before: ColumnValues,
  after: ColumnValues,
): { readonly old: ColumnValues; readonly new: ColumnValues } {
  const [old, current] = [auditedValues(table, before), auditedValues(table, after)];
  const changed = new Set(
    Object.keys({ ...old, ...current }).filter((name) => !isSame(before[name], after[name])),
  );
  const pick = (values: ColumnValues): ColumnValues =>
    Object.fromEntries(Object.entries(values).filter(([name]) => changed.has(name)));
  return { old: pick(old), new: pick(current) };
}

function isSame(one: ColumnValue | undefined, other: ColumnValue | undefined): boolean {
  const idOf = (value: ColumnValue | undefined) =>
    value !== null && typeof value === 'object' ? (value as EntityReference).id : (value ?? null);
  return idOf(one) === idOf(other);
}
