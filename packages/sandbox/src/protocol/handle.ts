import { randomUUID } from 'node:crypto';
import type { PlugIn } from '../plug-in.ts';
import { StoreRefusal } from '../store/refusal.ts';
import type { Actor, Store } from '../store/types.ts';
import { answerBatch } from './batch.ts';
import { countEpochs, metadataVersionOf } from './epochs.ts';
import { errorResponse, unexpected } from './error-body.ts';
import { createFileStore } from './file-store.ts';
import { header } from './headers.ts';
import { readOptions } from './options.ts';
import { parseTarget } from './path.ts';
import { type Preferences, readPreferences } from './preferences.ts';
import { requirePrivilege } from './privileges.ts';
import { noSuchResource, refuse } from './refusal.ts';
import { route } from './route.ts';
import type { Caller, Exchange, Nesting, Organisation, OrgRequest, OrgResponse } from './types.ts';
import { followContentId } from './write/reference.ts';

/** How an organisation is made; what is left out is made up. */
export interface OrganisationOptions {
  readonly store: Store;
  /** `http://127.0.0.1:4000` */
  readonly origin: string;
  /** Milliseconds since the epoch; the clock of the process unless told. */
  readonly now?: () => number;
  readonly newId?: () => string;
  readonly name?: string;
  readonly organisationId?: string;
  /** Custom logic; more may be added while it runs. */
  readonly plugIns?: readonly PlugIn[];
}

/** The Web API of one organisation, without a transport. */
export interface OrganisationApi {
  /** Answers a request; never throws. */
  handle(request: OrgRequest): OrgResponse;
  /** Makes every delta link handed out so far too old, as seven days or a change of metadata would. */
  expireDeltaTokens(): void;
  readonly organisationId: string;
}

const alone: Nesting = { nested: false, references: new Map() };
/** Longest URL of a request by itself, and of one inside a batch, in characters. */
const maxUrl = { alone: 32_768, nested: 65_536 };

/** Puts the Web API in front of a store. */
export function createOrganisation(options: OrganisationOptions): OrganisationApi {
  const { store } = options;
  const metadataVersion = () => metadataVersionOf(store.model);
  const epochs = countEpochs(store.shelf, metadataVersion);
  const org: Organisation = {
    store,
    origin: options.origin,
    organisationId: options.organisationId ?? randomUUID(),
    name: options.name ?? 'sandbox',
    now: options.now ?? Date.now,
    newId: options.newId ?? randomUUID,
    metadataVersion,
    deltaEpoch: epochs.current,
    plugIns: options.plugIns ?? [],
    files: createFileStore(store.shelf, options.newId ?? randomUUID),
  };
  return {
    organisationId: org.organisationId,
    handle: (request) => answer(org, request, alone),
    expireDeltaTokens: epochs.next,
  };
}

/** One request, or one part of a batch: whatever goes wrong becomes an answer. */
export function answer(org: Organisation, request: OrgRequest, nesting: Nesting): OrgResponse {
  let prefer: Preferences | undefined;
  try {
    prefer = readPreferences(header(request.headers, 'Prefer'));
    checkCaller(request.caller);
    return dispatch(org, request, { ...nesting, prefer });
  } catch (error) {
    const known = error instanceof StoreRefusal ? error : unexpected;
    return errorResponse(known, { prefer, requestId: org.newId() });
  }
}

function dispatch(
  org: Organisation,
  request: OrgRequest,
  { prefer, nested, references }: Nesting & { readonly prefer: Preferences },
): OrgResponse {
  if (request.target.length > (nested ? maxUrl.nested : maxUrl.alone)) {
    throw refuse(414, '0x80060888', 'The request URL is too long.');
  }
  const target = parseTarget(followContentId({ references }, request.target));
  const base = `${org.origin}/api/data/${target.version}`;
  const exchange: Exchange = {
    org,
    request,
    method: request.method.toUpperCase(),
    base,
    url: base + target.path,
    options: readOptions(target.rawQuery),
    prefer,
    actor: actorOf(request.caller),
    references,
    nested,
  };
  if (target.segments[0]?.name !== '$batch') return route(exchange, target.segments);
  if (nested) throw refuse(400, '0x80060888', 'A batch cannot hold another batch.');
  if (exchange.method !== 'POST') throw noSuchResource(exchange.url);
  return answerBatch(exchange, (part, place) => answer(org, part, place));
}

function actorOf({ userId, delegate }: Caller): Actor {
  return { userId, ...(delegate && { delegateId: delegate.userId }) };
}

function checkCaller({ member, delegate }: Caller): void {
  if (!member) throw refuse(403, '0x80072560', 'The user is not a member of the organization.');
  if (delegate) requirePrivilege(delegate, 'prvActOnBehalfOfAnotherUser');
}
