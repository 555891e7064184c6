import type { TableModel } from '../model/types.ts';
import type { StoredRow } from '../store/types.ts';
import type { BindingTarget } from '../web-api/resource.ts';
import type { WebApiContext, WebApiResponse } from '../web-api/types.ts';

/** One message of the Web API: a function answers GET, an action POST. */
export interface WebApiOperation {
  /** Without its namespace: `CloseIncident`. */
  readonly name: string;
  readonly kind: 'action' | 'function';
  /** What it is called on; absent for unbound ones. `table` absent: any table. */
  readonly boundTo?: { readonly kind: BindingTarget['kind']; readonly table?: string };
  /** Its parameters: other names are refused, missing required ones too. */
  readonly parameters: Readonly<Record<string, 'required' | 'optional'>>;
  /** Carries it out, inside a transaction. */
  readonly run: (call: OperationContext) => WebApiResponse;
}

/** One call of an operation, with parameters that have been checked for their names. */
export interface OperationContext {
  readonly context: WebApiContext;
  readonly operation: WebApiOperation;
  readonly parameters: Readonly<Record<string, unknown>>;
  /** The table of what it is bound to. */
  readonly table?: TableModel;
  /** The row it is bound to. */
  readonly row?: StoredRow;
}
