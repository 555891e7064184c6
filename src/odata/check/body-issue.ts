import type { Json } from '../../model/json.ts';
import type { MetadataSchema, TableIndex } from './table-index.ts';

/** One issue in the body of a create or update. */
export interface BodyIssue {
  readonly severity: 'error' | 'warning';
  readonly code: string;
  /** The JSON Pointer of the property: `/customerid@odata.bind`. */
  readonly pointer: string;
  readonly message: string;
  readonly fix?: string;
  /** The corrected property, if it is known. */
  readonly repaired?: { readonly name: string; readonly value: Json };
}

/** The metadata that a body is checked against. */
export interface BodyCheckContext {
  readonly schema: MetadataSchema;
  readonly table: TableIndex;
}
