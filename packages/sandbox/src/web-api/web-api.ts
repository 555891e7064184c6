import { randomUUID } from 'node:crypto';
import { maxUrlLength } from 'dynamics365-connector/odata';
import { type Assumptions, createAssumptions } from '../assumptions.ts';
import { isAuditEnabled } from '../audit/audit-log.ts';
import { AuditedStore } from '../audit/audited-store.ts';
import type { CustomApiHandler } from '../custom-api-handlers.ts';
import { createTimers } from '../logic/timers.ts';
import { handleNativeSearch, parseNativeSearch } from '../operations/native-search.ts';
import type { PlugIn } from '../plug-in.ts';
import { SecuredStore } from '../security/secured-store.ts';
import type { Actor, OrganizationStore } from '../store/types.ts';
import { handleMonitor, parseMonitorPath } from './background-operations.ts';
import { handleBatch } from './batch.ts';
import { computeMetadataVersion, createDeltaEpochs } from './delta-epochs.ts';
import { toErrorResponse, unexpectedError } from './error-response.ts';
import { DataverseError, resourceNotFound } from './errors.ts';
import { createMessageSync, namesMessages } from './events/message-filters.ts';
import { createRequestEvents } from './events/request-events.ts';
import { createFileStore } from './file-store.ts';
import { getHeader } from './headers.ts';
import { type Preferences, parsePreferences } from './preferences.ts';
import { parseQueryOptions } from './query-options.ts';
import { parseTarget } from './request-path.ts';
import { routeRequest } from './route.ts';
import { type HandleOptions, handleWithWebhooks } from './synchronous-webhooks.ts';
import { createTableSync } from './table-rows.ts';
import type {
  BatchContext,
  Caller,
  OrganizationContext,
  WebApiContext,
  WebApiRequest,
  WebApiResponse,
} from './types.ts';
import { defaultFormat, readUserFormat } from './user-format.ts';
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
  /** Default: the first reading of each. Can be changed at runtime. */
  readonly assumptions?: Assumptions;
  /** The main operations of custom APIs. The map can be changed at runtime. */
  readonly customApis?: ReadonlyMap<string, CustomApiHandler>;
  /** Called when a system job or a background operation may be ready. */
  readonly notifyJobs?: () => void;
}

/** The Web API of an organization, without HTTP. */
export interface WebApi {
  /** Handles a request. Does not throw: errors become responses. */
  handle(request: WebApiRequest): WebApiResponse;
  /** Handles a request and waits for the synchronous webhooks of its writes. */
  handleWithWebhooks(request: WebApiRequest, options: HandleOptions): Promise<WebApiResponse>;
  /** Expires all delta links issued so far, as seven days or a metadata change do. */
  expireDeltaTokens(): void;
  readonly organizationId: string;
  readonly org: OrganizationContext;
}

const outsideBatch: BatchContext = { inBatch: false, contentIdUrls: new Map() };

/** Creates the Web API of a store. */
export function createWebApi(options: WebApiOptions): WebApi {
  const { store } = options;
  const metadataVersion = () => computeMetadataVersion(store.model);
  const epochs = createDeltaEpochs(store.blobs, metadataVersion);
  const org: OrganizationContext = {
    store,
    systemStore: store,
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
    assumptions: options.assumptions ?? createAssumptions(),
    customApis: options.customApis ?? new Map(),
    notifyJobs: options.notifyJobs ?? (() => {}),
  };
  const advanceTime = createTimers(store, org.now);
  const syncMessages = createMessageSync(store);
  const syncTables = createTableSync(store);
  const handle = (context: OrganizationContext, request: WebApiRequest) => {
    if (namesMessages(request)) syncMessages(toActor(request.caller));
    syncTables(request, toActor(request.caller));
    advanceTime();
    return handleRequest(context, request, outsideBatch);
  };
  return {
    org,
    organizationId: org.organizationId,
    handle: (request) => handle(org, request),
    handleWithWebhooks: (request, how) => handleWithWebhooks(org, request, { ...how, handle }),
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
    const own = openOrganization(org, request);
    const run = (one: WebApiRequest) => dispatch(own, one, { ...batch, prefer: preferences });
    const monitored = batch.inBatch ? undefined : parseMonitorPath(request.target);
    if (monitored !== undefined) return handleMonitor(own, request, monitored);
    const search = batch.inBatch ? undefined : parseNativeSearch(request.target);
    return search ? handleNativeSearch(search, { org: own, request }, run) : run(request);
  } catch (error) {
    const reported = error instanceof DataverseError ? error : unexpectedError;
    const requestId = batch.inBatch ? org.newId() : undefined;
    return toErrorResponse(reported, { prefer, requestId, newId: org.newId });
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
    format: prefer.hasAnnotations ? readUserFormat(org.systemStore, request.caller.userId) : defaultFormat,
    actor: toActor(request.caller),
    contentIdUrls,
    inBatch,
    events: createRequestEvents(org.systemStore, org.newId),
  };
  if (target.segments[0]?.name !== '$batch') return routeRequest(context, target.segments);
  if (inBatch) throw new DataverseError(400, '0x80060888', 'A batch cannot hold another batch.');
  if (context.method !== 'POST') throw resourceNotFound(context.url);
  return handleBatch(context, (part, batch) => handleRequest(org, part, batch));
}

/** The organization as its caller sees it, with a log of the changes if it audits. */
function openOrganization(org: OrganizationContext, { method, caller }: WebApiRequest): OrganizationContext {
  const { access } = caller;
  const isRead = method.toUpperCase() === 'GET' || org.audit !== undefined;
  const audit =
    isRead || !isAuditEnabled(org.systemStore, org.organizationId)
      ? org.audit
      : new AuditedStore(org.systemStore, { actor: toActor(caller), newId: org.newId });
  const systemStore = audit ?? org.systemStore;
  return { ...org, audit, systemStore, store: access ? new SecuredStore(systemStore, access) : systemStore };
}

function toActor({ userId, delegate }: Caller): Actor {
  return { userId, delegateId: delegate?.userId };
}

function checkCaller({ isMember, access, delegate }: Caller): void {
  if (!isMember) throw new DataverseError(403, '0x80072560', 'The user is not a member of the organization.');
  delegate?.access?.require('prvActOnBehalfOfAnotherUser');
  access?.requireRole();
}
