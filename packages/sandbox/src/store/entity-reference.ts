import type { ColumnValue, EntityReference } from './types.ts';

/** The value of a lookup as a reference; undefined when the lookup is empty or the column has another type. */
export const toReference = (value: ColumnValue | undefined): EntityReference | undefined =>
  typeof value === 'object' && value !== null ? value : undefined;

/** The id that a lookup has; undefined when it is empty. */
export const referenceId = (value: ColumnValue | undefined): string | undefined => toReference(value)?.id;

/** The reference to a row. */
export const referenceTo = ({ table, id }: EntityReference): EntityReference => ({ table, id });
