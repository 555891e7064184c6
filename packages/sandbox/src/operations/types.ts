import type { TableModel } from '../model/types.ts';
import type { StoredRow } from '../store/types.ts';
import type { BindingTarget } from '../web-api/resource.ts';
import type { WebApiContext, WebApiResponse } from '../web-api/types.ts';

/** An operation of the Web API: a function (GET) or an action (POST). */
export interface WebApiOperation {
  /** Name without namespace, for example `CloseIncident`. */
  readonly name: string;
  readonly kind: 'action' | 'function';
  /** What it is bound to; absent for unbound operations. Without `table`: any table. */
  readonly boundTo?: { readonly kind: BindingTarget['kind']; readonly table?: string };
  /** Its parameters. Unknown and missing required parameters are rejected. */
  readonly parameters: Readonly<Record<string, 'required' | 'optional'>>;
  /** The CSDL types of a custom API; those of other operations are found by name. */
  readonly types?: OperationTypes;
  /** Whether it is a custom API: only these can run in the background. */
  readonly isCustom?: boolean;
  /** Runs the operation in a transaction. */
  readonly run: (call: OperationContext) => WebApiResponse;
}

/** CSDL types of parameters and properties by name. `result`: absent for an action without a result. */
export interface OperationTypes {
  readonly parameters: Readonly<Record<string, string>>;
  readonly properties: Readonly<Record<string, string>>;
  readonly result: string | undefined;
}

/** A call of an operation whose parameter names have been checked. */
export interface OperationContext {
  readonly context: WebApiContext;
  readonly operation: WebApiOperation;
  readonly parameters: Readonly<Record<string, unknown>>;
  /** The table of a bound operation. */
  readonly table?: TableModel;
  /** The row of an operation that is bound to a row. */
  readonly row?: StoredRow;
}
