import { createServer } from 'node:http';
import {
  type ClientApplication,
  type ConnectOptions,
  type Connector,
  ConnectorError,
  type Operations,
  type Vault,
} from 'dynamics365-connector';

/** A host's two pages: /connect sends the browser to Microsoft, /callback is where it comes back. */
export function createSignInPages(
  connector: Connector<Operations>,
  host: { app: ClientApplication; vault: Vault; orgUrl: string; origin: string; options?: ConnectOptions },
) {
  const { app, vault, orgUrl, origin, options } = host;
  return createServer(async (request, response) => {
    const url = new URL(request.url ?? '/', origin);
    const session = /\bsid=([\w-]+)/.exec(request.headers.cookie ?? '')?.[1] ?? crypto.randomUUID();
    const signIn = connector.signIn({ orgUrl }, { app, vault, connection: 'contoso' }, options);
    try {
      if (url.pathname === '/connect') {
        const { url: location } = await signIn.start({ redirectUri: `${origin}/callback`, session });
        response.setHeader('set-cookie', `sid=${session}; HttpOnly; SameSite=Lax; Path=/`);
        response.writeHead(302, { location }).end();
      } else if (url.pathname === '/callback') {
        const { userName } = await signIn.finish(url.href, { session });
        response.end(`Connected as ${userName}.`);
      } else response.writeHead(404).end();
    } catch (error) {
      if (!(error instanceof ConnectorError)) throw error;
      response.writeHead(400).end(`${error.message} ${error.advice}`);
    }
  });
}
