import type { ErrorCode } from '../errors/error-codes.ts';
import type { HttpMethod } from './http.ts';
import type { Json, JsonObject, JsonSchema } from './json.ts';
import type { LookupTarget, Table } from './table.ts';
import type { BodyTemplate, Placeholder, Template } from './template.ts';

/** What a repeated attempt may do; see docs/architecture.md, "Writes". */
export type RetrySafety =
  /** Reads, updates, deletes: the same request twice leaves the same state. */
  | 'repeatable'
  /** PATCH + If-None-Match with our own id: repeatable, and a 412 is looked into. */
  | 'create'
  /** Delete: repeatable, and a 404 on a resend means done. */
  | 'delete'
  /** Unbound actions and plain POSTs: never resent after an ambiguous failure. */
  | 'once';

/** One query option; clauses of `$filter` are joined by "and" and left out when their input is absent. */
export type QueryOption =
  | { readonly name: string; readonly kind: 'text'; readonly template: Template }
  | { readonly name: '$filter'; readonly kind: 'clauses'; readonly clauses: readonly Template[] }
  /** Counts the rows that the clauses leave. */
  | { readonly name: '$apply'; readonly kind: 'count'; readonly clauses: readonly Template[] };

/** The row is found by values of its columns, written in parentheses after the path. */
export interface AlternateKeyMatch {
  readonly table: string;
  /** The input that lists our names of the columns; absent: every column that the input gives. */
  readonly columns?: Placeholder;
  /** The input that says what may happen: `upsert`, `createOnly` or `updateOnly`. */
  readonly mode?: Placeholder;
}

/** A question asked after an ambiguous failure: when the row looks like `holds`, the work was done. */
export interface Verification {
  readonly path: Template;
  readonly select: readonly string[];
  readonly expect: JsonObject;
}

/** One sentence of the manifest, compiled to plain data: with an input it makes exactly one request. */
export interface RequestTemplate {
  readonly method: HttpMethod;
  /** Below the API's base URL, beginning with "/". */
  readonly path: Template;
  readonly match?: AlternateKeyMatch;
  readonly query: readonly QueryOption[];
  readonly headers: readonly (readonly [name: string, value: Template])[];
  readonly body?: BodyTemplate;
  readonly safety: RetrySafety;
  readonly verifyWith?: Verification;
}

/** What comes back: nothing, one row, a list of rows, a single value, or JSON as Dataverse sent it. */
export type OutputShape =
  | { readonly kind: 'none' }
  | { readonly kind: 'row'; readonly table: string }
  | { readonly kind: 'rows'; readonly table: string }
  | { readonly kind: 'count' }
  /** Links to rows, as some actions answer them: `{ table, id }` each. */
  | { readonly kind: 'links'; readonly targets: readonly LookupTarget[] }
  /** JSON; with `names`, our names for its members. */
  | { readonly kind: 'json'; readonly names?: Readonly<Record<string, string>> };

/** One contract test as it stands beside the action in YAML. */
export interface ContractTest {
  readonly name: string;
  readonly input: JsonObject;
  readonly exchanges: readonly { readonly sends: ExpectedRequest; readonly receives: MockResponse }[];
  readonly returns?: Json;
  readonly fails?: { readonly code: ErrorCode; readonly message?: string };
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

/** How many rows a list answers, and which input says so. */
export interface Pagination {
  /** Name of the input property that holds the limit. */
  readonly limitInput: string;
  /** Limit where the caller gives none. */
  readonly defaultLimit: number;
}

/** What an action does to the organization, for hosts that ask before they let someone (or an AI) act. */
export interface ActionEffects {
  readonly readOnly: boolean;
  readonly destructive: boolean;
  readonly idempotent: boolean;
  /** Writes many rows in one call. */
  readonly bulk: boolean;
}

/** What an action is, however it is carried out. */
interface ActionBase {
  readonly id: string;
  readonly title: string;
  readonly description: string;
  readonly group: string;
  /** draft-07, self-contained, `additionalProperties: false`. */
  readonly input: JsonSchema;
  readonly output: OutputShape;
  /** draft-07, self-contained. */
  readonly outputSchema: JsonSchema;
  readonly pagination?: Pagination;
  readonly effects: ActionEffects;
  readonly deprecated?: { readonly use: string };
  readonly tests: readonly ContractTest[];
  /** The file it came from, relative to the manifest's folder. */
  readonly file: string;
}

/** An action that is one request: nearly all of them. */
export interface RequestAction extends ActionBase {
  readonly request: RequestTemplate;
  readonly handler?: undefined;
}
/** An action that takes code: several requests, or names that only the organization knows. */
export interface HandlerAction extends ActionBase {
  readonly handler: HandlerName;
  readonly request?: undefined;
}
export type ActionDefinition = RequestAction | HandlerAction;

/** The code that YAML may name (src/engine/handlers), and what hosts must know of it. */
export const handlerCatalog = {
  attachFile: { readOnly: false },
  callOperation: { readOnly: false },
  downloadFile: { readOnly: true },
  fetchXml: { readOnly: true },
  rawRequest: { readOnly: false },
  recordAssociate: { readOnly: false },
  recordCreate: { readOnly: false },
  recordDelete: { readOnly: false },
  recordDisassociate: { readOnly: false },
  recordGet: { readOnly: true },
  recordList: { readOnly: true },
  recordSearch: { readOnly: true },
  recordUpdate: { readOnly: false },
  recordUpsert: { readOnly: false },
  replyByEmail: { readOnly: false },
  changeSet: { readOnly: false, bulk: true },
  savedView: { readOnly: true },
  sendNewEmail: { readOnly: false },
  writeMany: { readOnly: false, bulk: true },
} as const;
export type HandlerName = keyof typeof handlerCatalog;

/** What an item of a trigger says of its row; `due`: a time that stands in it has come. */
export type ChangeType = 'created' | 'updated' | 'deleted' | 'due';

/** What a trigger watches; the engine owns how. */
export interface TriggerWatch {
  readonly table: string;
  readonly changes: readonly ChangeType[];
  /** Clauses of a filter, joined by "and"; absent params leave theirs out. */
  readonly where: readonly Template[];
  /** Our names of the columns whose change counts; empty = any. */
  readonly columns: readonly string[];
  /**
   * "Changed to": our column name -> the label or value that it must hold now (`*` = anything). Of a lookup, the id
   * or the name. An absent param leaves its column to anything.
   */
  readonly changedTo?: BodyTemplate;
  /** Instead of changes: our name of the date-time column whose passing is told. */
  readonly due?: string;
  /** How often a host should poll, in milliseconds. */
  readonly intervalMs: number;
}

/** One poll of a trigger's contract test: what the organization answers, and what comes out. */
export interface PollTest {
  readonly name: string;
  readonly params: JsonObject;
  readonly polls: readonly {
    /** `Date` of the organization at this poll, RFC 3339. */
    readonly at: string;
    readonly exchanges: readonly { readonly sends?: ExpectedRequest; readonly receives: MockResponse }[];
    readonly emits: readonly JsonObject[];
  }[];
}

export interface TriggerDefinition {
  readonly id: string;
  readonly title: string;
  readonly description: string;
  readonly group: string;
  readonly input: JsonSchema;
  readonly outputSchema: JsonSchema;
  readonly watch: TriggerWatch;
  readonly deprecated?: { readonly use: string };
  readonly tests: readonly PollTest[];
  readonly file: string;
}

/** A rule of connector.yaml's `errors`: Dataverse's code -> ours, with words of the connector's author. */
export interface ErrorMapping {
  readonly serverCode: string;
  readonly code: ErrorCode;
  readonly advice: string;
}

export type GrantType = 'authorization_code' | 'client_credentials' | 'device_code';

/** The manifest after loading: checked, frozen, plain data (it survives JSON). */
export interface ConnectorDefinition {
  readonly manifestVersion: 1;
  readonly id: string;
  readonly version: string;
  readonly title: string;
  readonly description: string;
  /** JSON Schema of what identifies a connection; hosts draw their form from it. */
  readonly connection: JsonSchema;
  readonly grants: Readonly<Partial<Record<GrantType, { readonly scopes: readonly Template[] }>>>;
  readonly api: { readonly baseUrl: Template; readonly timeoutMs: number };
  readonly retry: { readonly maxAttempts: number; readonly budgetMs: number };
  /** Ids of the actions that a host with little room shows; the others are found by searching. */
  readonly featured: readonly string[];
  readonly errors: readonly ErrorMapping[];
  readonly tables: Readonly<Record<string, Table>>;
  readonly actions: Readonly<Record<string, ActionDefinition>>;
  readonly triggers: Readonly<Record<string, TriggerDefinition>>;
}
