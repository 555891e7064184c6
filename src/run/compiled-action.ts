import type { ConnectorDefinition, RequestAction } from '../model/definition.ts';
import type { Json, JsonObject } from '../model/json.ts';
import type { RequestPlan } from '../model/plan.ts';
import type { Table } from '../model/table.ts';
import type { Validator } from '../validation/validator.ts';

/**
 * An action of a definition as functions: everything that depends on neither the connection nor the input has been looked
 * up and composed. Every call of the action uses them, whichever way it goes.
 */
export interface CompiledAction {
  readonly acceptOrdinary: AcceptOrdinary;
  readonly plan: RequestPlanner;
  /** Whether the plan depends on the id of a new row. */
  readonly needsNewId: boolean;
  readonly shape: OutputShaper;
  /** Decodes a row or another item of a list that is read page by page. */
  readonly shapeItem: (item: Json) => Json;
  /** Whether the output is one response: not a list of pages, and without lists inside that have further pages. */
  readonly isOneResponse: boolean;
}

/** The compiled actions of a process. */
export interface CompiledActions {
  /** Compiles an action on its first use. `definition` is that of the connection: other tables give other functions. */
  of(definition: ConnectorDefinition, action: RequestAction): CompiledAction;
}

/**
 * The input of an ordinary call with its defaults, as `checkActionInput` returns it. Undefined if the call may need
 * anything but the action: the reasons why its input is invalid, a row that is given as it was read, metadata of the
 * organization, the check of a filter. Nothing is decided then.
 */
export type AcceptOrdinary = (validator: Validator, input: JsonObject) => JsonObject | undefined;

/** Turns a checked input into a request. Pure: it sends nothing and reads nothing. */
export type RequestPlanner = (context: PlanContext, input: JsonObject) => RequestPlan;

/** Everything a plan depends on besides the action and its input. */
export interface PlanContext {
  /** `https://contoso.crm.dynamics.com/api/data/v9.2` */
  readonly baseUrl: string;
  readonly connection: JsonObject;
  /** The id of the new row of a create. */
  readonly newId: string;
  /** The `$select` clause of a table, without the columns that this organization lacks. */
  readonly select: (table: Table) => SelectClause;
  /** Rows per page; by default the limit, or 5,000. */
  readonly pageSize?: number;
}

/** The columns that a read of a table returns. */
export interface SelectClause {
  /** `incidentid,title` */
  readonly text: string;
  /** The same as a percent-encoded option of a query: `$select=incidentid%2Ctitle`. */
  readonly option: string;
}

/** The output of an action from a response body: a row with our column names, a count or JSON. */
export type OutputShaper = (body: Json | undefined) => Json;
