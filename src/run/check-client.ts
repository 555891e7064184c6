import type { WhoAmI } from '../auth/who-am-i.ts';
import type { Connection } from './connection.ts';

/** Tests a connection with a WhoAmI request through its own pipeline; `checkConnection` explains what fails. */
export async function checkClient(connection: Connection, signal?: AbortSignal): Promise<WhoAmI> {
  const { environment, tokens, organizations, pipeline, baseUrl, services } = connection;
  const { checkConnection } = await import('../auth/check-connection.ts');
  return await checkConnection({
    environment,
    tokens,
    whoAmI: () =>
      pipeline({
        operation: 'check',
        method: 'GET',
        url: `${baseUrl}/WhoAmI`,
        headers: { accept: 'application/json' },
        safety: 'repeatable',
        requestId: services.uuid(),
        signal,
      }),
    organizations,
  });
}
