import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';

/** A managed identity endpoint as Azure App Service has it. It gives out one token. */
export async function startIdentityEndpoint(token: string): Promise<{ url: string; server: Server }> {
  const server = createServer((_request, response) => {
    const expiresOn = Math.floor(Date.now() / 1000) + 3600;
    response.writeHead(200, { 'Content-Type': 'application/json' });
    response.end(
      JSON.stringify({ access_token: token, expires_on: String(expiresOn), token_type: 'Bearer' }),
    );
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  return { url: `http://127.0.0.1:${(server.address() as AddressInfo).port}/msi/token`, server };
}
