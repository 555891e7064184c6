import type { Attribute, AttributeType, TableModel } from './types.ts';

/** A column: its type, with a choice's options or a text's length. */
export type ShortColumn = AttributeType | Partial<Attribute>;

export interface PlatformTable {
  readonly code: number;
  readonly schema: string;
  readonly set: string;
  readonly display: string;
  readonly plural: string;
  readonly primaryId?: string;
  readonly primaryName?: string;
  readonly ownership: TableModel['ownership'];
  readonly columns: Readonly<Record<string, ShortColumn>>;
  readonly withoutVersion?: true;
  /** Default: all of creation and modification, and the version. */
  readonly systemColumns?: readonly string[];
}

export const text = (maxLength: number): Partial<Attribute> => ({ type: 'String', maxLength });
export const memo: Partial<Attribute> = { type: 'Memo', maxLength: 1_048_576 };
export const choice = (options: Readonly<Record<number, string>>, type: AttributeType = 'Picklist') => ({
  type,
  options: Object.entries(options).map(([value, label]) => ({ value: Number(value), label })),
});
/** Status reasons: value, label, state. */
export const reasons = (...options: readonly (readonly [number, string, number])[]): Partial<Attribute> => ({
  type: 'Status',
  options: options.map(([value, label, state]) => ({ value, label, state })),
});
export const lookup = (table: string, navigation: string): Partial<Attribute> => ({
  type: 'Lookup',
  targets: [{ table, navigation }],
});
export const lookups = (attribute: string, tables: readonly string[]): Partial<Attribute> => ({
  type: 'Lookup',
  targets: tables.map((table) => ({ table, navigation: `${attribute}_${table}` })),
});
export const yesNo = (value: boolean): Partial<Attribute> => ({ type: 'Boolean', default: value });

/** State and status reason of a table that knows active and inactive rows only. */
export const activeState = {
  statecode: choice({ 0: 'Active', 1: 'Inactive' }, 'State'),
  statuscode: reasons([1, 'Active', 0], [2, 'Inactive', 1]),
};

/** Members of columns: of one that the system requires, of one that only the system writes, of one that never changes. */
export const required = { required: 'SystemRequired' } as const;
export const readOnly = { validForCreate: false, validForUpdate: false } as const;
export const fixed = { validForUpdate: false } as const;
