import { ConnectorError } from '../errors/connector-error.ts';
import { isLoopbackHost } from '../model/loopback.ts';
import { Secret } from '../model/secret.ts';
import { trimEnd } from '../model/trim-end.ts';
import { deterministicId } from '../run/deterministic-id.ts';

/** Where an organization sends its webhooks: one address for each connection of an installation. */
export interface PushEndpoint {
  /** The name of the service endpoint in the organization, and of its steps: `dynamics365-connector 0f8b6c2e`. */
  readonly name: string;
  /** The last part of the path: 32 hexadecimal digits that another connection does not have. */
  readonly id: string;
  /** The address without the key. */
  readonly url: string;
  /** The key that Dataverse appends to the address, as `code`. */
  readonly key: Secret;
  /** Tells whether the organization has this key, which cannot be read from there. It does not tell the key. */
  readonly keyId: string;
}

/** How the names of all our service endpoints begin. */
export const endpointPrefix = 'dynamics365-connector ';

const minSecretLength = 32;

/**
 * The endpoint of a connection. The same settings make the same endpoint, so that a registration is found again without
 * a memory of it; each connection has a key of its own, which is derived from the secret.
 *
 * @param publicUrl the address under which the receiver can be reached, without query: `https://hooks.example.com/d365`
 * @param connection the name of the connection
 * @param secret at least 32 characters
 * @throws SETTING_INVALID for a short secret, or an address that Dataverse cannot call
 */
export async function createPushEndpoint(
  publicUrl: string,
  connection: string,
  secret: Secret,
): Promise<PushEndpoint> {
  const base = checkPublicUrl(publicUrl);
  if (secret.reveal().length < minSecretLength)
    throw new ConnectorError('SETTING_INVALID', `The secret of push needs ${minSecretLength} characters.`, {
      advice: 'Create one with `openssl rand -base64 32`.',
    });
  const id = deterministicId('push', base, connection).replaceAll('-', '');
  const key = await hmac(secret.reveal(), `key ${id}`);
  const keyId = (await hmac(key, 'id')).slice(0, 8);
  return {
    name: `${endpointPrefix}${id.slice(0, 8)}`,
    id,
    url: `${base}/${id}`,
    key: new Secret(key),
    keyId,
  };
}

/** The id of the row of an endpoint: it is found again when someone renames it. */
export function endpointRowId({ id }: Pick<PushEndpoint, 'id'>): string {
  return deterministicId('push-endpoint', id);
}

/** Dataverse calls port 80 of http and port 443 of https only; a sandbox on this machine any port. */
function checkPublicUrl(text: string): string {
  const url = URL.canParse(text) ? new URL(text) : undefined;
  const isWeb = url?.protocol === 'https:' || url?.protocol === 'http:';
  if (url === undefined || !isWeb || url.username !== '' || url.search !== '' || url.hash !== '')
    throw new ConnectorError('SETTING_INVALID', 'The address of push must be a URL without query.', {
      advice: 'Use https://hooks.example.com/d365, an address that Dataverse can reach.',
    });
  if (url.port !== '' && !isLoopbackHost(url.hostname))
    throw new ConnectorError('SETTING_INVALID', `Dataverse sends no webhooks to port ${url.port}.`, {
      advice: 'Put a reverse proxy on port 443 in front of the receiver; docs/push.md has an example.',
    });
  return trimEnd(url.href, '/');
}

async function hmac(secret: string, text: string): Promise<string> {
  const encode = (value: string) => new TextEncoder().encode(value);
  const algorithm = { name: 'HMAC', hash: 'SHA-256' };
  const key = await crypto.subtle.importKey('raw', encode(secret), algorithm, false, ['sign']);
  const bytes = new Uint8Array(await crypto.subtle.sign('HMAC', key, encode(text)));
  return btoa(String.fromCharCode(...bytes))
    .replaceAll('+', '-')
    .replaceAll('/', '_')
    .replaceAll('=', '');
}
