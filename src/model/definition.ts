import type { ErrorCode } from '../errors/error-codes.ts';
import type { Expand } from './expand.ts';
import type { HandlerName } from './handlers.ts';
import type { HttpMethod } from './http.ts';
import type { Json, JsonObject, JsonSchema } from './json.ts';
import type { Table } from './table.ts';
import type { BodyTemplate, Placeholder, PlaceholderType, Template } from './template.ts';

/** Whether a request can be resent after an ambiguous failure; see docs/architecture.md, "Writes". */
export type RetrySafety =
  /** Reads, updates and associations: sending the request twice has the same effect as sending it once. */
  | 'repeatable'
  /** PATCH with `If-None-Match` and an id of our own: can be resent; on 412 the row is compared. */
  | 'create'
  /** DELETE: can be resent; 404 on a resend means that the row is deleted. */
  | 'delete'
  /** Unbound actions and other POSTs: never resent after an ambiguous failure. */
  | 'once';

/** One query option. The clauses of `$filter` are joined by "and"; a clause whose input is missing is omitted. */
export type QueryOption =
  | { readonly name: string; readonly kind: 'text'; readonly template: Template }
  | { readonly name: '$filter'; readonly kind: 'clauses'; readonly clauses: readonly Template[] }
  /** Counts the rows that match the clauses. */
  | { readonly name: '$apply'; readonly kind: 'count'; readonly clauses: readonly Template[] };

/** The row is identified by an alternate key: the values of columns in parentheses after the path. */
export interface AlternateKeyMatch {
  readonly table: string;
  /** The input that lists the columns of the key, by our names; if missing, all columns in the input. */
  readonly columns?: Placeholder;
  /** The input whose value is `upsert`, `createOnly` or `updateOnly`. */
  readonly mode?: Placeholder;
}

/** A read after an ambiguous failure: if the row has the values of `expect`, the operation succeeded. */
export interface Verification {
  readonly path: Template;
  readonly select: readonly string[];
  readonly expect: JsonObject;
}

/** The request of an action, compiled to plain data. With an input it gives exactly one HTTP request. */
export interface RequestTemplate {
  readonly method: HttpMethod;
  /** Relative to the base URL of the API, beginning with "/". */
  readonly path: Template;
  readonly match?: AlternateKeyMatch;
  readonly query: readonly QueryOption[];
  readonly headers: readonly (readonly [name: string, value: Template])[];
  readonly body?: BodyTemplate;
  readonly safety: RetrySafety;
  /** For a create: the input whose value, if it is given, is the id of the new row. */
  readonly newIdInput?: string;
  readonly verifyWith?: Verification;
}

/** The output of an action: nothing, one row, a list of rows, a count, or JSON. */
export type OutputShape =
  | { readonly kind: 'none' }
  | { readonly kind: 'row' | 'rows'; readonly table: string; readonly expand?: Expand }
  | { readonly kind: 'count' }
  /** JSON that is decoded by its type; as Dataverse returns it, if it has none. */
  | { readonly kind: 'json'; readonly type?: PlaceholderType };

/** One contract test of an action. */
export interface ContractTest {
  readonly name: string;
  /** Its position in the list of tests of its file. */
  readonly index: number;
  readonly input: JsonObject;
  readonly exchanges: readonly { readonly sends: ExpectedRequest; readonly receives: MockResponse }[];
  readonly returns?: Json;
  readonly fails?: ExpectedError;
}
export interface ExpectedError {
  readonly code: ErrorCode;
  /** A part of the message. */
  readonly message?: string;
}
export interface ExpectedRequest {
  readonly method: HttpMethod;
  readonly path: string;
  readonly query?: Readonly<Record<string, string>>;
  readonly headers?: Readonly<Record<string, string>>;
  readonly body?: Json;
}
export interface MockResponse {
  readonly status: number;
  readonly headers?: Readonly<Record<string, string>>;
  readonly body?: Json;
}

/** How the number of rows of a list is limited. */
export interface Pagination {
  /** The name of the input with the limit. */
  readonly limitInput: string;
  /** The limit if the input is missing. */
  readonly defaultLimit: number;
}

/** The effects of an action on the organization, for hosts that ask for approval. */
export interface ActionEffects {
  readonly readOnly: boolean;
  readonly destructive: boolean;
  readonly idempotent: boolean;
  /** Writes many rows in one call. */
  readonly bulk: boolean;
  /** Sends a message to people, which cannot be taken back; absent if it does not. */
  readonly sendsMessage?: true;
}

/** The members that all actions have. */
interface ActionBase {
  readonly id: string;
  readonly title: string;
  readonly description: string;
  readonly group: string;
  /** Other words that people use for it. */
  readonly keywords?: readonly string[];
  /** JSON Schema draft-07, without references, with `additionalProperties: false`. */
  readonly input: JsonSchema;
  readonly output: OutputShape;
  /** JSON Schema draft-07, without references. */
  readonly outputSchema: JsonSchema;
  readonly pagination?: Pagination;
  readonly effects: ActionEffects;
  readonly deprecated?: { readonly use: string };
  readonly tests: readonly ContractTest[];
  /** The path of its file, relative to the folder of the connector that has it. */
  readonly file: string;
  /** The id of the base that has the file; none if it is a file of the connector itself. */
  readonly from?: string;
}

/** An input that is a status reason of one state: the `status` of `case.resolve`. */
export interface StatusInput {
  readonly input: string;
  /** The logical name of the table: `incident`. */
  readonly table: string;
  /** `statecode`: the number of the state. */
  readonly state: number;
  /** The status reasons of most organizations. */
  readonly choices: Readonly<Record<string, number>>;
}

/** An action that sends one request. */
export interface RequestAction extends ActionBase {
  readonly request: RequestTemplate;
  /** The inputs that choose the columns of the rows (`columns`, `customColumns`, `expand`), where the engine has added them. */
  readonly columnInputs?: readonly string[];
  /** The inputs that are status reasons, which organizations add to. */
  readonly statusInputs?: readonly StatusInput[];
  readonly handler?: undefined;
}
/** An action with a handler, because it sends several requests or needs the metadata of the organization. */
export interface HandlerAction extends ActionBase {
  readonly handler: HandlerName;
  /** Only for the handler `runSteps`: the actions that it runs. */
  readonly sequence?: StepSequence;
  readonly request?: undefined;
}
export type ActionDefinition = RequestAction | HandlerAction;

/** The actions that an action with `steps` runs, in order. */
export interface StepSequence {
  readonly steps: readonly StepTemplate[];
  /** All of them in one change set: all are carried out, or none. */
  readonly isChangeSet: boolean;
  /** The index of the step whose output is the output of the action. */
  readonly returns: number;
}

/** One step: another action, and its input. */
export interface StepTemplate {
  readonly name?: string;
  readonly action: string;
  /** The input, with our names; placeholders name `input` and `steps`. */
  readonly input: BodyTemplate;
  /** The step writes the row that an earlier step returned: its version there, by the index of the step and its column. */
  readonly ifVersion?: { readonly step: number; readonly column: string };
}

/**
 * The change that an item of a trigger reports. `left`: a row that the trigger has reported no longer matches its filter;
 * `due`: the time in a date-time column has come.
 */
export type ChangeType = 'created' | 'updated' | 'deleted' | 'left' | 'due';

/** What a trigger watches. */
export interface TriggerWatch {
  /** Our name of the table; absent if an input names it. */
  readonly table?: string;
  /** Only without `table`: the inputs that say what of which table is watched. */
  readonly inputs?: WatchInputs;
  /** With an input for them: all that it allows. */
  readonly changes: readonly ChangeType[];
  /** Clauses of a filter, joined by "and"; a clause whose parameter is missing is omitted. */
  readonly where: readonly Template[];
  /** The columns whose changes are reported, by our names; empty: any column. */
  readonly columns: readonly string[];
  /**
   * Our column name -> the label or value that it must change to (`*`: any value); for a lookup, the id or the name. If a
   * parameter is missing, any value matches.
   */
  readonly changedTo?: BodyTemplate;
  /** Instead of changes: our name of the date-time column with the deadline. */
  readonly due?: string;
  /** How often a host should poll, in milliseconds. */
  readonly intervalMs: number;
}

/** The names of the inputs of a trigger that watches any table of the organization. */
export interface WatchInputs {
  readonly table: string;
  /** A list of columns by their logical names. If missing in the params, any column. */
  readonly columns?: string;
  /** A list of kinds of changes. */
  readonly changes?: string;
}

/** One contract test of a trigger: a sequence of polls. */
export interface PollTest {
  readonly name: string;
  /** Its position in the list of tests of its file. */
  readonly index: number;
  readonly params: JsonObject;
  readonly polls: readonly {
    /** The time of the organization at this poll, RFC 3339. */
    readonly at: string;
    /** The rows of the watched table at this poll, with our names; absent if nothing has changed. */
    readonly rows?: readonly JsonObject[];
    /** Instead of rows: the requests of the poll, in their order. */
    readonly exchanges?: readonly { readonly sends?: ExpectedRequest; readonly receives: MockResponse }[];
    /** Absent if the poll fails. */
    readonly emits?: readonly JsonObject[];
    readonly fails?: ExpectedError;
  }[];
}

export interface TriggerDefinition {
  readonly id: string;
  readonly title: string;
  readonly description: string;
  readonly group: string;
  readonly keywords?: readonly string[];
  readonly input: JsonSchema;
  readonly outputSchema: JsonSchema;
  readonly watch: TriggerWatch;
  readonly deprecated?: { readonly use: string };
  readonly tests: readonly PollTest[];
  readonly file: string;
  readonly from?: string;
}

/** An entry of `errors` in connector.yaml: a Dataverse error code, our code, and the advice. */
export interface ErrorMapping {
  readonly serverCode: string;
  readonly code: ErrorCode;
  readonly advice: string;
}

export type GrantType = 'authorization_code' | 'client_credentials' | 'device_code';

/** The compiled manifest: validated and frozen plain data that can be written as JSON. */
export interface ConnectorDefinition {
  readonly manifestVersion: 1;
  readonly id: string;
  readonly version: string;
  readonly title: string;
  readonly description: string;
  /** The connectors that it extends, the first one first. */
  readonly bases?: readonly { readonly id: string; readonly version: string }[];
  /** JSON Schema of the settings of a connection, from which hosts build their form. */
  readonly connection: JsonSchema;
  readonly grants: Readonly<Partial<Record<GrantType, { readonly scopes: readonly Template[] }>>>;
  readonly api: { readonly baseUrl: Template; readonly timeoutMs: number };
  readonly retry: { readonly maxAttempts: number; readonly budgetMs: number };
  /** The ids of the actions that a host shows first if it cannot show all. */
  readonly featured: readonly string[];
  readonly errors: readonly ErrorMapping[];
  readonly tables: Readonly<Record<string, Table>>;
  readonly actions: Readonly<Record<string, ActionDefinition>>;
  readonly triggers: Readonly<Record<string, TriggerDefinition>>;
}
