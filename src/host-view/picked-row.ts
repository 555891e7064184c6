import { omitUndefined } from '../model/omit-undefined.ts';

/** A row as its table and id; without a table where only one is possible. */
export interface PickedRow {
  readonly table?: string;
  readonly id: string;
}

/**
 * Reads the value of an option of a pick list of rows: `contact/<id>`, or `<id>`. Undefined if the text is neither.
 *
 * @example parsePickedRow('account/1f3d0c7a-5b1e-4c39-9d55-0a3c1c5d7e90')?.table // "account"
 */
export function parsePickedRow(text: string): PickedRow | undefined {
  const [, table, id] = /^(?:([\w-]+)\/)?([^/]+)$/.exec(text.trim()) ?? [];
  return id === undefined ? undefined : omitUndefined({ table, id });
}
