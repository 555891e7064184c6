import { cpSync, mkdtempSync, rmSync } from 'node:fs';
import { createServer } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { paths } from '../../../scripts/paths.ts';

/** A new user folder of n8n with the package installed, and the environment of n8n's processes. */
export interface UserFolder {
  readonly path: string;
  readonly env: Readonly<Record<string, string>>;
  remove(): void;
}

/** Creates a user folder with the package in the folder for community nodes. */
export async function prepareUserFolder(packageName: string): Promise<UserFolder> {
  const path = mkdtempSync(join(tmpdir(), 'd365-n8n-'));
  cpSync(paths.installed, join(path, '.n8n/nodes/node_modules', packageName), { recursive: true });
  const env = {
    PATH: process.env.PATH ?? '',
    HOME: path,
    N8N_USER_FOLDER: path,
    N8N_ENCRYPTION_KEY: 'only for tests',
    N8N_LISTEN_ADDRESS: '127.0.0.1',
    // Part of the OAuth redirect URL.
    N8N_HOST: '127.0.0.1',
    N8N_PORT: String(await freePort()),
    N8N_RUNNERS_BROKER_PORT: String(await freePort()),
    N8N_SECURE_COOKIE: 'false',
    N8N_LOG_LEVEL: 'info',
    ...disabledServices,
  };
  return { path, env, remove: () => rmSync(path, { recursive: true, force: true, maxRetries: 5 }) };
}

// No requests to n8n's services.
const disabledServices = Object.fromEntries(
  [
    'DIAGNOSTICS',
    'VERSION_NOTIFICATIONS',
    'VERSION_NOTIFICATIONS_WHATS_NEW',
    'TEMPLATES',
    'PERSONALIZATION',
    'DYNAMIC_BANNERS',
    'HIRING_BANNER',
    'VERIFIED_PACKAGES',
    'LICENSE_AUTO_RENEW',
  ].map((name) => [`N8N_${name}_ENABLED`, 'false']),
);

function freePort(): Promise<number> {
  return new Promise((resolve, reject) => {
    const server = createServer().once('error', reject);
    server.listen(0, '127.0.0.1', () => {
      const { port } = server.address() as { port: number };
      server.close(() => resolve(port));
    });
  });
}
