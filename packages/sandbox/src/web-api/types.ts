import type { PlugIn } from '../plug-in.ts';
import type { Actor, OrganizationStore } from '../store/types.ts';
import type { Preferences } from './preferences.ts';
import type { ODataQueryOptions } from './query-options.ts';

/** The privileges that a caller can lack, by Dataverse's names. */
export type Privilege =
  | 'prvActOnBehalfOfAnotherUser'
  | 'prvBypassCustomPlugins'
  | 'prvBypassCustomBusinessLogic';

/** The user who sends a request, according to its token and headers. */
export interface Caller {
  /** `systemuserid` in this organization. */
  readonly userId: string;
  /** Whether the user has organization-level read access, which change tracking requires. */
  readonly organizationRead: boolean;
  /** Whether the user has an enabled row in the organization. */
  readonly isMember: boolean;
  /** Privileges that were removed. Each user has all of them at first. */
  readonly missingPrivileges?: ReadonlySet<Privilege>;
  /** The user of the token, when it impersonates `userId`. */
  readonly delegate?: { readonly userId: string; readonly missingPrivileges: ReadonlySet<Privilege> };
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
  readonly store: OrganizationStore;
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
  readonly actor: Actor;
  /** URLs of the rows created earlier in the same change set, by Content-ID: `1` -> `http://…/contacts(id)`. */
  readonly contentIdUrls: ReadonlyMap<string, string>;
  /** Whether the request is part of a `$batch`. */
  readonly inBatch: boolean;
}
