import type { PlugIn } from '../plug-in.ts';
import type { Actor, OrganizationStore } from '../store/types.ts';
import type { Preferences } from './preferences.ts';
import type { ODataQueryOptions } from './query-options.ts';

/** What a caller may need for more than reading and writing rows, by Dataverse's names. */
export type Privilege =
  | 'prvActOnBehalfOfAnotherUser'
  | 'prvBypassCustomPlugins'
  | 'prvBypassCustomBusinessLogic';

/** Who asks, as the token and the headers say. */
export interface Caller {
  /** `systemuserid` in this organization. */
  readonly userId: string;
  /** May read every row of every table: what change tracking asks for. */
  readonly organizationRead: boolean;
  /** Has a user row here; a good token alone is not enough. */
  readonly isMember: boolean;
  /** Privileges that were taken away; everybody has all of them at first. */
  readonly missingPrivileges?: ReadonlySet<Privilege>;
  /** Whose token it is, where it acts in the name of another user. */
  readonly delegate?: { readonly userId: string; readonly missingPrivileges: ReadonlySet<Privilege> };
}

/** One HTTP request without its transport. */
export interface WebApiRequest {
  readonly method: string;
  /** Path and query below the origin, as they came: `/api/data/v9.2/accounts?$top=1`. */
  readonly target: string;
  readonly headers: Readonly<Record<string, string>>;
  readonly body: Uint8Array;
  readonly caller: Caller;
}

/** Its answer. Header names as Dataverse writes them. */
export interface WebApiResponse {
  readonly status: number;
  readonly headers: Readonly<Record<string, string>>;
  readonly body?: string | Uint8Array;
}

/** What an organization is made of; nothing in it belongs to one request. */
export interface OrganizationContext {
  readonly store: OrganizationStore;
  /** `http://127.0.0.1:4000`, without a slash at the end. */
  readonly origin: string;
  readonly organizationId: string;
  readonly name: string;
  /** Milliseconds since the epoch. */
  readonly now: () => number;
  /** A fresh id, lower case. */
  readonly newId: () => string;
  /** Digits; changes whenever a table or column does. */
  readonly metadataVersion: () => string;
  /** Delta tokens of an earlier epoch have expired; it grows with every change of metadata. */
  readonly deltaEpoch: () => number;
  /** Custom logic that runs with writes. */
  readonly plugIns: readonly PlugIn[];
  /** Uploads that were begun and not yet committed, and the bytes of stored files. */
  readonly files: FileStore;
}

/** Bytes of file columns and of uploads on their way. */
export interface FileStore {
  startUpload(upload: PendingUpload): string;
  findUpload(token: string): PendingUpload | undefined;
  finishUpload(token: string): void;
  put(id: string, file: StoredFile): void;
  get(id: string): StoredFile | undefined;
  remove(id: string): void;
}

/** An upload that has begun. */
export interface PendingUpload {
  readonly table: string;
  readonly id: string;
  /** Logical name of the file column; `documentbody` of a note. */
  readonly column: string;
  readonly fileName: string;
  readonly mimeType: string;
  /** Blocks by id, in the order they came. */
  readonly blocks: Map<string, Uint8Array>;
}

/** A file at rest. */
export interface StoredFile {
  /** The column of the row that it was put into. */
  readonly location: { readonly table: string; readonly id: string; readonly column: string };
  readonly fileName: string;
  readonly mimeType: string;
  readonly bytes: Uint8Array;
}

/** How a request stands in a batch. */
export interface BatchContext {
  readonly inBatch: boolean;
  readonly contentIdUrls: ReadonlyMap<string, string>;
}

/** One request on its way through: what was asked, by whom, of which organization. */
export interface WebApiContext {
  readonly org: OrganizationContext;
  readonly request: WebApiRequest;
  /** The request's method, upper case. */
  readonly method: string;
  /** `http://127.0.0.1:4000/api/data/v9.2` */
  readonly base: string;
  /** The request's own address without its query. */
  readonly url: string;
  readonly options: ODataQueryOptions;
  readonly prefer: Preferences;
  readonly actor: Actor;
  /** Entities made earlier in the same change set, by Content-ID: `1` -> `http://…/contacts(id)`. */
  readonly contentIdUrls: ReadonlyMap<string, string>;
  /** Inside `$batch`. */
  readonly inBatch: boolean;
}
