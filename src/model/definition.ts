import type { ErrorCode } from '../errors/codes.ts';
import type { Method } from './http.ts';
import type { Json, JsonObject, JsonSchema } from './json.ts';
import type { LookupTarget, Table } from './table.ts';
import type { BodyTemplate, Slot, Template } from './template.ts';

/** What a repeated attempt may do; see docs/architecture.md, "Writes". */
export type Safety =
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
export interface Match {
  readonly table: string;
  /** The input that lists our names of the columns; absent: every column that the input gives. */
  readonly by?: Slot;
  /** The input that says what may happen: `upsert`, `createOnly` or `updateOnly`. */
  readonly mode?: Slot;
}

/** A question asked after an ambiguous failure: when the row looks like `holds`, the work was done. */
export interface DoneWhen {
  readonly path: Template;
  readonly select: readonly string[];
  readonly holds: JsonObject;
}

/** One sentence of the manifest, compiled to plain data: with an input it makes exactly one request. */
export interface RequestTemplate {
  readonly method: Method;
  /** Below the API's base URL, beginning with "/". */
  readonly path: Template;
  readonly match?: Match;
  readonly query: readonly QueryOption[];
  readonly headers: readonly (readonly [name: string, value: Template])[];
  readonly body?: BodyTemplate;
  readonly safety: Safety;
  readonly doneWhen?: DoneWhen;
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
export interface ContractCase {
  readonly name: string;
  readonly input: JsonObject;
  readonly exchanges: readonly { readonly sends: SentShape; readonly receives: ReceivedShape }[];
  readonly returns?: Json;
  readonly fails?: { readonly code: ErrorCode; readonly message?: string };
}
export interface SentShape {
  readonly method: Method;
  readonly path: string;
  readonly query?: Readonly<Record<string, string>>;
  readonly headers?: Readonly<Record<string, string>>;
  readonly body?: Json;
}
export interface ReceivedShape {
  readonly status: number;
  readonly headers?: Readonly<Record<string, string>>;
  readonly body?: Json;
}

/** How many rows a list answers, and which input says so. */
export interface Pagination {
  /** Name of the input property that holds the limit. */
  readonly limit: string;
  /** Limit where the caller gives none. */
  readonly default: number;
}

/** What an action does to the organisation, for hosts that ask before they let someone (or an AI) act. */
export interface Effects {
  readonly readOnly: boolean;
  readonly destructive: boolean;
  readonly idempotent: boolean;
  /** Writes many rows in one call. */
  readonly bulk: boolean;
}

/** What an action is, however it is carried out. */
interface ActionWords {
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
  readonly effects: Effects;
  readonly deprecated?: { readonly use: string };
  readonly tests: readonly ContractCase[];
  /** The file it came from, relative to the manifest's folder. */
  readonly file: string;
}

/** An action that is one request: nearly all of them. */
export interface RequestAction extends ActionWords {
  readonly request: RequestTemplate;
  readonly handler?: undefined;
}
/** An action that takes code: several requests, or names that only the organisation knows. */
export interface HandlerAction extends ActionWords {
  readonly handler: HandlerName;
  readonly request?: undefined;
}
export type ActionDefinition = RequestAction | HandlerAction;

/** The code that YAML may name (src/engine/handlers), and what hosts must know of it. */
export const handlers = {
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
  runTogether: { readOnly: false, bulk: true },
  savedView: { readOnly: true },
  sendNewEmail: { readOnly: false },
  writeMany: { readOnly: false, bulk: true },
} as const;
export type HandlerName = keyof typeof handlers;

/** What an item of a trigger says of its row; `due`: a time that stands in it has come. */
export type Change = 'created' | 'updated' | 'deleted' | 'due';

/** What a trigger watches; the engine owns how. */
export interface Watch {
  readonly table: string;
  readonly changes: readonly Change[];
  /** Clauses of a filter, joined by "and"; absent params leave theirs out. */
  readonly where: readonly Template[];
  /** Our names of the columns whose change counts; empty = any. */
  readonly columns: readonly string[];
  /**
   * "Changed to": our column name -> the label or value that it must hold now (`*` = anything). Of a lookup, the id
   * or the name. An absent param leaves its column to anything.
   */
  readonly becomes?: BodyTemplate;
  /** Instead of changes: our name of the date-time column whose passing is told. */
  readonly due?: string;
  /** How often a host should poll, in milliseconds. */
  readonly everyMs: number;
}

/** One poll of a trigger's contract test: what the organisation answers, and what comes out. */
export interface PollCase {
  readonly name: string;
  readonly params: JsonObject;
  readonly polls: readonly {
    /** `Date` of the organisation at this poll, RFC 3339. */
    readonly at: string;
    readonly exchanges: readonly { readonly sends?: SentShape; readonly receives: ReceivedShape }[];
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
  readonly watch: Watch;
  readonly deprecated?: { readonly use: string };
  readonly tests: readonly PollCase[];
  readonly file: string;
}

/** A rule of connector.yaml's `errors`: Dataverse's code -> ours, with words of the connector's author. */
export interface ErrorRule {
  readonly odata: string;
  readonly code: ErrorCode;
  readonly advice: string;
}

export type GrantName = 'authorization_code' | 'client_credentials' | 'device_code';

/** The manifest after loading: checked, frozen, plain data (it survives JSON). */
export interface Definition {
  readonly dsl: 1;
  readonly id: string;
  readonly version: string;
  readonly title: string;
  readonly description: string;
  /** JSON Schema of what identifies a connection; hosts draw their form from it. */
  readonly connection: JsonSchema;
  readonly grants: Readonly<Partial<Record<GrantName, { readonly scopes: readonly Template[] }>>>;
  readonly api: { readonly baseUrl: Template; readonly timeoutMs: number };
  readonly retry: { readonly attempts: number; readonly budgetMs: number };
  /** Ids of the actions that a host with little room shows; the others are found by searching. */
  readonly everyday: readonly string[];
  readonly errors: readonly ErrorRule[];
  readonly tables: Readonly<Record<string, Table>>;
  readonly actions: Readonly<Record<string, ActionDefinition>>;
  readonly triggers: Readonly<Record<string, TriggerDefinition>>;
}
