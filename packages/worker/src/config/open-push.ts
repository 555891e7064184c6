import { ConnectorError, Secret } from 'dynamics365-connector';
import { parseDurationMs } from 'dynamics365-connector/authoring';
import { assertPushAddress, type PushAddress } from '../push/push-routes.ts';
import { defaultPushEveryMs, type PushSettings } from '../subscription.ts';
import type { PushYaml } from './worker-file.ts';

/** Where webhooks are received. */
export interface OpenedPush {
  /** For `createPush`. */
  readonly address: PushAddress;
  /** For `servePush`. */
  readonly listen: { readonly host: string; readonly port: number };
}

const defaultListen = '127.0.0.1:9465';
const maxPort = 65_535;

/** @throws SETTING_INVALID for a short secret, an address that Dataverse cannot call, or a port that does not exist */
export async function openPush(
  { url, secret, listen = defaultListen }: PushYaml,
  env: Readonly<Record<string, string | undefined>>,
): Promise<OpenedPush> {
  const address = { url, secret: new Secret(env[secret.env] ?? '') };
  await assertPushAddress(address);
  const separator = listen.lastIndexOf(':');
  const host = separator > 0 ? listen.slice(0, separator).replace(/^\[(.*)\]$/, '$1') : '127.0.0.1';
  const port = Number(listen.slice(separator + 1));
  if (port <= maxPort) return { address, listen: { host, port } };
  throw new ConnectorError('SETTING_INVALID', `"${listen}" has no port from 0 to ${maxPort}.`, {
    advice: 'Write `push.listen` as 127.0.0.1:9465.',
  });
}

export function toPushSettings({ every }: Pick<PushYaml, 'every'> = {}): PushSettings {
  return { everyMs: every === undefined ? defaultPushEveryMs : parseDurationMs(every) };
}
