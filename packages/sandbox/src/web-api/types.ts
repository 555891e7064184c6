import type { Assumptions } from '../assumptions.ts';
import type { AuditedStore } from '../audit/audited-store.ts';
import type { CustomApiHandler } from '../custom-api-handlers.ts';
import type { PlugIn } from '../plug-in.ts';
import type { CallerAccess } from '../security/caller-access.ts';
import type { Actor, OrganizationStore } from '../store/types.ts';
import type { RowWritten, WebhookPost } from './events/message-event.ts';
import type { RequestEvents } from './events/request-events.ts';
import type { Preferences } from './preferences.ts';
import type { ODataQueryOptions } from './query-options.ts';
import type { UserFormat } from './user-format.ts';

/** The user who sends a request, according to its token and headers. */
export interface Caller {
  /** `systemuserid` in this organization. */
  readonly userId: string;
  /** Whether the user has an enabled row in the organization. */
  readonly isMember: boolean;
  /** What the user may do. Absent for administrators, who may do everything. */
  readonly access?: CallerAccess;
  /** The user of the token, when it impersonates `userId`. */
  readonly delegate?: Pick<Caller, 'userId' | 'access'>;
}

/** An HTTP request without its connection. */
export interface WebApiRequest {
  readonly method: string;
  /** Path and query as they were sent: `/api/data/v9.2/accounts?$top=1`. */
  readonly target: string;
  readonly headers: Readonly<Record<string, string>>;
  readonly body: Uint8Array;
  readonly caller: Caller;
}

/** An HTTP response. Header names are in Dataverse's spelling. */
export interface WebApiResponse {
  readonly status: number;
  readonly headers: Readonly<Record<string, string>>;
  readonly body?: string | Uint8Array;
}

/** An organization, independent of a request. */
export interface OrganizationContext {
  /** The store as the caller of the request sees it. */
  readonly store: OrganizationStore;
  /** The store without checks, for rules that do not depend on the caller. */
  readonly systemStore: OrganizationStore;
  /** The store that records changes, while the organization audits. */
  readonly audit?: AuditedStore | undefined;
  /** `http://127.0.0.1:4000`, without a trailing slash. */
  readonly origin: string;
  readonly organizationId: string;
  /** The Microsoft Entra tenant. */
  readonly tenantId: string;
  readonly name: string;
  /** Milliseconds since the epoch. */
  readonly now: () => number;
  /** Creates an id in lower case. */
  readonly newId: () => string;
  /** A number that changes with each table, column and key. */
  readonly metadataVersion: () => string;
  /** Delta tokens of earlier epochs are expired. The epoch increases with each metadata change. */
  readonly deltaEpoch: () => number;
  /** Custom logic that runs with each write. */
  readonly plugIns: readonly PlugIn[];
  /** Stored files and pending uploads. */
  readonly files: FileStore;
  /** The readings of facts that nobody could confirm; can change at runtime. */
  readonly assumptions: Assumptions;
  /** The main operations of custom APIs, by unique name. */
  readonly customApis: ReadonlyMap<string, CustomApiHandler>;
  /** Tells the job runner that a job may be ready. */
  readonly notifyJobs: () => void;
  /** Takes the webhooks that must succeed before the request is committed; absent when nobody can wait for them. */
  readonly postBeforeCommit?: (post: WebhookPost) => void;
}

/** Stores the bytes of file columns, and pending uploads. */
export interface FileStore {
  startUpload(upload: PendingUpload): string;
  findUpload(token: string): PendingUpload | undefined;
  finishUpload(token: string): void;
  put(id: string, file: StoredFile): void;
  get(id: string): StoredFile | undefined;
  remove(id: string): void;
}

/** An upload that has started. */
export interface PendingUpload {
  readonly table: string;
  readonly id: string;
  /** Logical name of the file column, or `documentbody` of a note. */
  readonly column: string;
  readonly fileName: string;
  readonly mimeType: string;
  /** Blocks by id, in the order of their upload. */
  readonly blocks: Map<string, Uint8Array>;
}

/** A stored file. */
export interface StoredFile {
  /** The column and row that hold the file. */
  readonly location: { readonly table: string; readonly id: string; readonly column: string };
  readonly fileName: string;
  readonly mimeType: string;
  readonly bytes: Uint8Array;
}

/** The batch that a request belongs to. */
export interface BatchContext {
  readonly inBatch: boolean;
  readonly contentIdUrls: ReadonlyMap<string, string>;
}

/** A request with everything needed to handle it. */
export interface WebApiContext {
  readonly org: OrganizationContext;
  readonly request: WebApiRequest;
  /** HTTP method in upper case. */
  readonly method: string;
  /** `http://127.0.0.1:4000/api/data/v9.2` */
  readonly base: string;
  /** URL of the request without its query. */
  readonly url: string;
  readonly options: ODataQueryOptions;
  readonly prefer: Preferences;
  /** How formatted values are written for the caller. */
  readonly format: UserFormat;
  readonly actor: Actor;
  /** URLs of the rows created earlier in the same change set, by Content-ID: `1` -> `http://…/contacts(id)`. */
  readonly contentIdUrls: ReadonlyMap<string, string>;
  /** Whether the request is part of a `$batch`. */
  readonly inBatch: boolean;
  readonly events: RequestEvents;
  /** The writes of a bulk message, which calls the steps of its message once. */
  readonly bulkWrites?: RowWritten[];
}
