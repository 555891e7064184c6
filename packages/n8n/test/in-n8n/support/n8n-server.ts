import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { setTimeout as wait } from 'node:timers/promises';
import type { Json, JsonObject } from 'dynamics365-connector';
import { n8nProgram } from './n8n-command.ts';
import type { UserFolder } from './user-folder.ts';

/** A running n8n with a signed-in owner. */
export interface N8nServer {
  /** Calls the API of n8n's editor and returns `data` of the response. */
  rest(method: 'GET' | 'POST' | 'DELETE', path: string, body?: JsonObject): Promise<Json>;
  /** The address of the editor, and the cookie of the owner who has signed in: `n8n-auth=…`. */
  readonly url: string;
  readonly cookie: string;
  stop(): Promise<void>;
}

const owner = { email: 'owner@contoso.example', firstName: 'Rosa', lastName: 'Lind', password: 'Owner-2026' };

/** Starts n8n, waits until it responds, and sets up the owner. */
export async function startN8n({ path: folder, env }: UserFolder): Promise<N8nServer> {
  const child = spawn(process.execPath, [n8nProgram, 'start'], { cwd: folder, env });
  const log = collectOutput(child);
  const url = `http://127.0.0.1:${env.N8N_PORT}`;
  let cookie = '';

  async function rest(method: string, path: string, body?: JsonObject): Promise<Json> {
    const send = () =>
      fetch(`${url}/rest/${path}`, {
        method,
        headers: { 'content-type': 'application/json', cookie },
        body: body && JSON.stringify(body),
      });
    let response = await send();
    // A busy n8n does so while its database does not answer a ping.
    while (response.status === 503) {
      await wait(1000);
      response = await send();
    }
    const text = await response.text();
    if (!response.ok) throw new Error(`${method} ${path}: ${response.status} ${text}\n${log()}`);
    cookie = response.headers.getSetCookie()[0]?.split(';')[0] ?? cookie;
    return JSON.parse(text).data;
  }
  const stop = async () => {
    if (child.exitCode !== null || child.signalCode !== null) return;
    child.kill('SIGTERM');
    await once(child, 'exit');
  };
  try {
    await waitUntilReady(url, child, log);
    await rest('POST', 'owner/setup', owner);
  } catch (error) {
    await stop();
    throw error;
  }
  return { rest, stop, url, cookie };
}

function collectOutput(child: ChildProcess): () => string {
  let log = '';
  for (const stream of [child.stdout!, child.stderr!]) {
    stream.on('data', (chunk) => {
      log += chunk;
    });
  }
  return () => log;
}

async function waitUntilReady(url: string, child: ChildProcess, log: () => string): Promise<void> {
  for (const path of ['/healthz/readiness', '/rest/settings']) {
    while (!(await isReady(`${url}${path}`))) {
      if (child.exitCode !== null) throw new Error(`n8n did not start:\n${log()}`);
      await wait(250);
    }
  }
}

async function isReady(url: string): Promise<boolean> {
  try {
    const { ok, headers } = await fetch(url);
    // Before its routes are there, n8n answers with the editor's page, and with an error while its database is busy.
    return ok && headers.get('content-type')?.includes('json') === true;
  } catch {
    return false;
  }
}
