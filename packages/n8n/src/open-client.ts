import type { StateStore } from 'dynamics365-connector';
import { type Client, ConnectorError, createClient, openConnection } from 'dynamics365-connector/host';
import type { N8nContext } from './n8n-context.ts';
import { createN8nSender } from './n8n-sender.ts';
import type { FunctionsBase } from './n8n-types.ts';

/** The type of our credential. */
export const credentialType = 'dynamics365OAuth2Api';

interface CredentialData {
  readonly environmentUrl?: string;
  readonly oauthTokenData?: { readonly access_token?: string };
}

/**
 * The client of the credential that a node was given. The environment is the credential's alone: no workflow can
 * point its token elsewhere, and the guard holds every request to that origin. A sandbox on this machine is one, too.
 */
export async function openClient(
  { connector }: N8nContext,
  functions: FunctionsBase,
  store: StateStore = connector.services.store,
): Promise<Client> {
  const credential: CredentialData = await functions.getCredentials(credentialType);
  const { environmentUrl = '', oauthTokenData } = credential;
  const send = createN8nSender((request) =>
    functions.helpers.httpRequestWithAuthentication.call(functions, credentialType, request),
  );
  return createClient(
    openConnection(
      { ...connector, services: { ...connector.services, send, store } },
      { orgUrl: environmentUrl },
      { kind: 'host', getToken: (why) => toAccessToken(oauthTokenData?.access_token, why.rejected) },
      { allowLoopback: true },
    ),
  );
}

/** n8n signs requests itself; its token only tells the limiter whose share of the organization it is. */
function toAccessToken(token: string | undefined, rejected: boolean) {
  if (!rejected) return { token: token ?? 'kept by n8n', expiresAt: Number.POSITIVE_INFINITY };
  throw new ConnectorError(
    'RECONNECT_NEEDED',
    'The organization refuses the access token, also after n8n renewed it.',
    { advice: 'Open the credential in n8n, check the environment URL, and connect it again.' },
  );
}
