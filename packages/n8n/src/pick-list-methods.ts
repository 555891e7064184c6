import type { FieldView, OperationView, PickList, TableSource } from 'dynamics365-connector/host';

/** A fixed list with more values than this is loaded when it is opened, to keep the description of the node small. */
const maxInlineOptions = 12;

/** Whether a pick list is part of the form. The others are loaded when they are opened. */
export function isInline(pickList: PickList): pickList is Extract<PickList, { from: 'values' }> {
  return pickList.from === 'values' && pickList.options.length <= maxInlineOptions;
}

/** A field with a pick list. */
export type ListedField = Pick<FieldView, 'name'> & { readonly pickList: PickList };

/** What stands for the table of the operation in the name of a method. */
const ownTable = '{resource}';

/**
 * The name of the method that loads a pick list: fields refer to it, list-methods.ts implements it. Fields of different
 * operations that refer to their own table have one method, which finds out the operation when it is called.
 */
export function methodNameOf(
  { name, pickList }: ListedField,
  { resource }: Pick<OperationView, 'resource'>,
): string {
  const nameOf = (source: TableSource) => {
    if (typeof source !== 'string') return `{${source.field}}`;
    // A list of several tables, and the users that any operation can act as, are the same for all operations.
    const isCommon =
      pickList.from === 'rows' && (pickList.tables.length > 1 || pickList.value === 'entra-id');
    return source === resource && !isCommon ? ownTable : source;
  };
  switch (pickList.from) {
    case 'tables':
      return 'tables';
    case 'choices':
      return `choices ${nameOf(pickList.table)}.${pickList.column}`;
    case 'own-columns':
      return `columns ${nameOf(pickList.table)}`;
    case 'columns':
      return ['columns', nameOf(pickList.table), pickList.use, ...(pickList.custom ? ['custom'] : [])].join(
        ' ',
      );
    case 'rows':
      return ['rows', pickList.tables.map(nameOf).join('|'), pickList.value].join(' ');
    case 'values':
      return `values of ${name}`;
  }
}

/** The field that names the table of a pick list; the list is loaded again when it changes. */
export function fieldOf(pickList: PickList): string | undefined {
  const sources =
    pickList.from === 'rows' ? pickList.tables : pickList.from === 'columns' ? [pickList.table] : [];
  return sources.flatMap((source) => (typeof source === 'string' ? [] : [source.field]))[0];
}
