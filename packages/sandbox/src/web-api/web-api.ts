import { randomUUID } from 'node:crypto';
import type { PlugIn } from '../plug-in.ts';
import { DataverseError } from '../store/errors.ts';
import type { Actor, OrganizationStore } from '../store/types.ts';
import { handleBatch } from './batch.ts';
import { computeMetadataVersion, createDeltaEpochs } from './delta-epochs.ts';
import { toErrorResponse, unexpectedError } from './error-response.ts';
import { dataverseError, resourceNotFound } from './errors.ts';
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

/** How an organization is made; what is left out is made up. */
export interface WebApiOptions {
  readonly store: OrganizationStore;
  /** `http://127.0.0.1:4000` */
  readonly origin: string;
  /** Milliseconds since the epoch; the clock of the process unless told. */
  readonly now?: () => number;
  readonly newId?: () => string;
  readonly name?: string;
  readonly organizationId?: string;
  /** Custom logic; more may be added while it runs. */
  readonly plugIns?: readonly PlugIn[];
}

/** The Web API of one organization, without a transport. */
export interface WebApi {
  /** Answers a request; never throws. */
  handle(request: WebApiRequest): WebApiResponse;
  /** Makes every delta link handed out so far too old, as seven days or a change of metadata would. */
  expireDeltaTokens(): void;
  readonly organizationId: string;
}

const outsideBatch: BatchContext = { inBatch: false, contentIdUrls: new Map() };
/** Longest URL of a request by itself, and of one inside a batch, in characters. */
const maxUrlLength = { alone: 32_768, nested: 65_536 };

/** Puts the Web API in front of a store. */
export function createWebApi(options: WebApiOptions): WebApi {
  const { store } = options;
  const metadataVersion = () => computeMetadataVersion(store.model);
  const epochs = createDeltaEpochs(store.blobs, metadataVersion);
  const org: OrganizationContext = {
    store,
    origin: options.origin,
    organizationId: options.organizationId ?? randomUUID(),
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

/** One request, or one part of a batch: whatever goes wrong becomes an answer. */
export function handleRequest(
  org: OrganizationContext,
  request: WebApiRequest,
  batch: BatchContext,
): WebApiResponse {
  let prefer: Preferences | undefined;
  try {
    prefer = parsePreferences(getHeader(request.headers, 'Prefer'));
    checkCaller(request.caller);
    return dispatch(org, request, { ...batch, prefer });
  } catch (error) {
    const reported = error instanceof DataverseError ? error : unexpectedError;
    return toErrorResponse(reported, { prefer, requestId: org.newId() });
  }
}

function dispatch(
  org: OrganizationContext,
  request: WebApiRequest,
  { prefer, inBatch, contentIdUrls }: BatchContext & { readonly prefer: Preferences },
): WebApiResponse {
  if (request.target.length > (inBatch ? maxUrlLength.nested : maxUrlLength.alone)) {
    throw dataverseError(414, '0x80060888', 'The request URL is too long.');
  }
  const target = parseTarget(resolveContentId({ contentIdUrls }, request.target));
  const base = `${org.origin}/api/data/${target.version}`;
  const context: WebApiContext = {
    org,
    request,
    method: request.method.toUpperCase(),
    base,
    url: base + target.path,
    options: parseQueryOptions(target.rawQuery),
    prefer,
    actor: toActor(request.caller),
    contentIdUrls,
    inBatch,
  };
  if (target.segments[0]?.name !== '$batch') return routeRequest(context, target.segments);
  if (inBatch) throw dataverseError(400, '0x80060888', 'A batch cannot hold another batch.');
  if (context.method !== 'POST') throw resourceNotFound(context.url);
  return handleBatch(context, (part, batch) => handleRequest(org, part, batch));
}

function toActor({ userId, delegate }: Caller): Actor {
  return { userId, ...(delegate && { delegateId: delegate.userId }) };
}

function checkCaller({ isMember, delegate }: Caller): void {
  if (!isMember) throw dataverseError(403, '0x80072560', 'The user is not a member of the organization.');
  if (delegate) requirePrivilege(delegate, 'prvActOnBehalfOfAnotherUser');
}
