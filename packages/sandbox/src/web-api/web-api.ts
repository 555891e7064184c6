import { randomUUID } from 'node:crypto';
import { maxUrlLength } from 'dynamics365-connector/odata';
import { handleNativeSearch, parseNativeSearch } from '../operations/native-search.ts';
import type { PlugIn } from '../plug-in.ts';
import type { Actor, OrganizationStore } from '../store/types.ts';
import { handleBatch } from './batch.ts';
import { computeMetadataVersion, createDeltaEpochs } from './delta-epochs.ts';
import { toErrorResponse, unexpectedError } from './error-response.ts';
import { DataverseError, resourceNotFound } from './errors.ts';
import { createFileStore } from './file-store.ts';
import { getHeader } from './headers.ts';
import { type Preferences, parsePreferences } from './preferences.ts';
import { requirePrivilege } from './privileges.ts';
import { parseQueryOptions } from './query-options.ts';
import { parseTarget } from './request-path.ts';
import { routeRequest } from './route.ts';
import type {
  BatchContext,
  Caller,
  OrganizationContext,
  WebApiContext,
  WebApiRequest,
  WebApiResponse,
} from './types.ts';
import { resolveContentId } from './write/resolve-reference.ts';

/** Options of the Web API of an organization. */
export interface WebApiOptions {
  readonly store: OrganizationStore;
  /** `http://127.0.0.1:4000` */
  readonly origin: string;
  /** Milliseconds since the epoch. Default: the system clock. */
  readonly now?: () => number;
  /** Creates ids. Default: random UUIDs. */
  readonly newId?: () => string;
  /** Unique name. Default: `sandbox`. */
  readonly name?: string;
  /** Default: a random UUID. */
  readonly organizationId?: string;
  /** The Microsoft Entra tenant. Default: a random UUID. */
  readonly tenantId?: string;
  /** Custom logic. The list can be changed at runtime. */
  readonly plugIns?: readonly PlugIn[];
}

/** The Web API of an organization, without HTTP. */
export interface WebApi {
  /** Handles a request. Does not throw: errors become responses. */
  handle(request: WebApiRequest): WebApiResponse;
  /** Expires all delta links issued so far, as seven days or a metadata change do. */
  expireDeltaTokens(): void;
  readonly organizationId: string;
}

const outsideBatch: BatchContext = { inBatch: false, contentIdUrls: new Map() };

/** Creates the Web API of a store. */
export function createWebApi(options: WebApiOptions): WebApi {
  const { store } = options;
  const metadataVersion = () => computeMetadataVersion(store.model);
  const epochs = createDeltaEpochs(store.blobs, metadataVersion);
  const org: OrganizationContext = {
    store,
    origin: options.origin,
    organizationId: options.organizationId ?? randomUUID(),
    tenantId: options.tenantId ?? randomUUID(),
    name: options.name ?? 'sandbox',
    now: options.now ?? Date.now,
    newId: options.newId ?? randomUUID,
    metadataVersion,
    deltaEpoch: epochs.current,
    plugIns: options.plugIns ?? [],
    files: createFileStore(store.blobs, options.newId ?? randomUUID),
  };
  return {
    organizationId: org.organizationId,
    handle: (request) => handleRequest(org, request, outsideBatch),
    expireDeltaTokens: epochs.advance,
  };
}

/** Handles a request or a part of a batch. */
export function handleRequest(
  org: OrganizationContext,
  request: WebApiRequest,
  batch: BatchContext,
): WebApiResponse {
  let prefer: Preferences | undefined;
  try {
    const preferences = parsePreferences(getHeader(request.headers, 'Prefer'));
    prefer = preferences;
    checkCaller(request.caller);
    const run = (one: WebApiRequest) => dispatch(org, one, { ...batch, prefer: preferences });
    const search = batch.inBatch ? undefined : parseNativeSearch(request.target);
    return search ? handleNativeSearch(search, { org, request }, run) : run(request);
  } catch (error) {
    const reported = error instanceof DataverseError ? error : unexpectedError;
    return toErrorResponse(reported, { prefer, requestId: batch.inBatch ? org.newId() : undefined });
  }
}

function dispatch(
  org: OrganizationContext,
  request: WebApiRequest,
  { prefer, inBatch, contentIdUrls }: BatchContext & { readonly prefer: Preferences },
): WebApiResponse {
  if (request.target.length > (inBatch ? maxUrlLength.inBatch : maxUrlLength.single)) {
    throw new DataverseError(414, '0x80060888', 'The request URL is too long.');
  }
  const target = parseTarget(resolveContentId({ contentIdUrls }, request.target));
  const base = `${org.origin}/api/data/${target.version}`;
  const context: WebApiContext = {
    org,
    request,
    method: request.method.toUpperCase(),
    base,
    url: base + target.path,
    options: parseQueryOptions(target.rawQuery, target.segments),
    prefer,
    actor: toActor(request.caller),
    contentIdUrls,
    inBatch,
  };
  if (target.segments[0]?.name !== '$batch') return routeRequest(context, target.segments);
  if (inBatch) throw new DataverseError(400, '0x80060888', 'A batch cannot hold another batch.');
  if (context.method !== 'POST') throw resourceNotFound(context.url);
  return handleBatch(context, (part, batch) => handleRequest(org, part, batch));
}

function toActor({ userId, delegate }: Caller): Actor {
  return { userId, delegateId: delegate?.userId };
}

function checkCaller({ isMember, delegate }: Caller): void {
  if (!isMember) throw new DataverseError(403, '0x80072560', 'The user is not a member of the organization.');
  if (delegate) requirePrivilege(delegate, 'prvActOnBehalfOfAnotherUser');
}
