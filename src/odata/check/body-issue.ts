import type { Json } from '../../model/json.ts';
import type { MetadataSchema, TableIndex } from './table-index.ts';

/** One thing wrong with a body, by the JSON Pointer of its place. */
export interface BodyIssue {
  readonly severity: 'error' | 'warning';
  readonly code: string;
  /** `/customerid@odata.bind`; the property as it is written. */
  readonly pointer: string;
  readonly message: string;
  readonly fix?: string;
  /** The property as it should be, where that is known. */
  readonly repaired?: { readonly name: string; readonly value: Json };
}

/** What a body is checked against. */
export interface BodyCheckContext {
  readonly schema: MetadataSchema;
  readonly table: TableIndex;
}
