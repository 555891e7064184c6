import type { TableModel } from '../model/types.ts';
import type { Bindable } from '../protocol/resource.ts';
import type { Exchange, OrgResponse } from '../protocol/types.ts';
import type { Row } from '../store/types.ts';

/** One message of the Web API: a function answers GET, an action POST. */
export interface Operation {
  /** Without its namespace: `CloseIncident`. */
  readonly name: string;
  readonly kind: 'action' | 'function';
  /** What it is called on; absent for unbound ones. `table` absent: any table. */
  readonly on?: { readonly kind: Bindable['kind']; readonly table?: string };
  /** Its parameters: other names are refused, missing required ones too. */
  readonly parameters: Readonly<Record<string, 'required' | 'optional'>>;
  /** Carries it out, inside a transaction. */
  readonly run: (call: Call) => OrgResponse;
}

/** One call of an operation, with parameters that have been checked for their names. */
export interface Call {
  readonly exchange: Exchange;
  readonly operation: Operation;
  readonly parameters: Readonly<Record<string, unknown>>;
  /** The table of what it is bound to. */
  readonly table?: TableModel;
  /** The row it is bound to. */
  readonly row?: Row;
}
