import { checkConnection } from '../auth/check.ts';
import type { WhoAmI } from '../auth/who-am-i.ts';
import type { Connection } from './connection.ts';

/** Tries a connection with WhoAmI through its own pipeline; what fails is explained (see `checkConnection`). */
export async function checkClient(connection: Connection, signal?: AbortSignal): Promise<WhoAmI> {
  const { environment, tokens, organisations, exchange, baseUrl, world } = connection;
  return await checkConnection({
    environment,
    tokens,
    whoAmI: () =>
      exchange({
        operation: 'check',
        method: 'GET',
        url: `${baseUrl}/WhoAmI`,
        headers: { accept: 'application/json' },
        safety: 'repeatable',
        requestId: world.uuid(),
        ...(signal === undefined ? {} : { signal }),
      }),
    ...(organisations === undefined ? {} : { organisations }),
  });
}
