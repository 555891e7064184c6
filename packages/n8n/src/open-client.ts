import type { StateStore } from 'dynamics365-connector';
import {
  type Client,
  ConnectorError,
  createClient,
  openConnection,
  runtimeOf,
} from 'dynamics365-connector/host';
import type { N8nContext } from './n8n-context.ts';
import { createN8nSender } from './n8n-sender.ts';
import type { FunctionsBase } from './n8n-types.ts';

/** The name of the credential type. */
export const credentialType = 'dynamics365OAuth2Api';

interface CredentialData {
  readonly environmentUrl?: string;
  readonly maxRequests?: number;
  readonly maxExecutionMs?: number;
  readonly maxConcurrentRequests?: number;
  readonly oauthTokenData?: { readonly access_token?: string };
}

/**
 * Opens the client for a node's credential. The environment URL comes from the credential only, so no workflow can
 * send its token elsewhere, and the origin guard rejects requests to other origins. A sandbox on this machine is allowed.
 *
 * @param feedStore Where polls keep the state of their feed. Default: the memory store that all executions share. Metadata
 * is always in that one: a trigger's own state is written to n8n's database with each event.
 */
export async function openClient(
  { connector }: N8nContext,
  functions: FunctionsBase,
  feedStore?: StateStore,
): Promise<Client> {
  const runtime = runtimeOf(connector);
  const credential = await readCredential(functions);
  const { environmentUrl = '', oauthTokenData } = credential;
  const send = createN8nSender((request) =>
    functions.helpers.httpRequestWithAuthentication.call(functions, credentialType, request),
  );
  const services = { ...runtime.services, send };
  const connection = openConnection(
    { ...runtime, services },
    { orgUrl: environmentUrl },
    { kind: 'host', getToken: (why) => toAccessToken(oauthTokenData?.access_token, why.rejected) },
    { allowLoopback: true, limits: limitsOf(credential) },
  );
  return createClient({ ...connection, services: { ...services, store: feedStore ?? services.store } });
}

/**
 * Opens the client of a trigger whose feed is kept in `feedStore`. A feed belongs to the user of the access token, so all
 * polls must see one. n8n gets the first token of an app with the first request: it is sent before the feed is opened.
 */
export async function openFeedClient(
  n8nContext: N8nContext,
  functions: FunctionsBase,
  feedStore: StateStore,
): Promise<Client> {
  const hasToken = async () => Boolean((await readCredential(functions)).oauthTokenData?.access_token);
  const client = await openClient(n8nContext, functions, feedStore);
  if (await hasToken()) return client;
  // If it fails, the poll fails too and reports why.
  await client.check().catch(() => undefined);
  return (await hasToken()) ? await openClient(n8nContext, functions, feedStore) : client;
}

async function readCredential(functions: FunctionsBase): Promise<CredentialData> {
  return await functions.getCredentials(credentialType);
}

/** n8n adds the token to requests itself; the engine needs it only to tell users apart: their rate limits and feeds. */
function toAccessToken(token: string | undefined, rejected: boolean) {
  if (!rejected) return { token: token ?? 'managed-by-n8n', expiresAt: Number.POSITIVE_INFINITY };
  throw new ConnectorError(
    'RECONNECT_NEEDED',
    'The organization rejected the access token, also after n8n renewed it.',
    { advice: 'Open the credential in n8n, check the environment URL, and connect it again.' },
  );
}

/** The limits that the credential sets; 0 is none. */
function limitsOf({ maxRequests, maxExecutionMs, maxConcurrentRequests }: CredentialData) {
  const given = Object.entries({ maxRequests, maxExecutionMs, maxConcurrentRequests });
  return Object.fromEntries(given.filter(([, limit]) => (limit ?? 0) > 0));
}
