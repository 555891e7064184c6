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
  readonly oauthTokenData?: { readonly access_token?: string };
}

/**
 * Opens the client for a node's credential. The environment URL comes from the credential only, so no workflow can
 * send its token elsewhere, and the origin guard rejects requests to other origins. A sandbox on this machine is allowed.
 *
 * @param store Where the client keeps its state. Default: the memory store that all executions share.
 */
export async function openClient(
  { connector }: N8nContext,
  functions: FunctionsBase,
  store?: StateStore,
): Promise<Client> {
  const runtime = runtimeOf(connector);
  const credential: CredentialData = await functions.getCredentials(credentialType);
  const { environmentUrl = '', oauthTokenData } = credential;
  const send = createN8nSender((request) =>
    functions.helpers.httpRequestWithAuthentication.call(functions, credentialType, request),
  );
  return createClient(
    openConnection(
      { ...runtime, services: { ...runtime.services, send, store: store ?? runtime.services.store } },
      { orgUrl: environmentUrl },
      { kind: 'host', getToken: (why) => toAccessToken(oauthTokenData?.access_token, why.rejected) },
      { allowLoopback: true },
    ),
  );
}

/** n8n adds the token to requests itself; the engine needs it only to tell the rate limits of users apart. */
function toAccessToken(token: string | undefined, rejected: boolean) {
  if (!rejected) return { token: token ?? 'managed by n8n', expiresAt: Number.POSITIVE_INFINITY };
  throw new ConnectorError(
    'RECONNECT_NEEDED',
    'The organization rejected the access token, also after n8n renewed it.',
    { advice: 'Open the credential in n8n, check the environment URL, and connect it again.' },
  );
}
