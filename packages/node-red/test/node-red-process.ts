import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { copyFileSync, cpSync, mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { dirname, join } from 'node:path';
import { pathToFileURL } from 'node:url';
import type { JsonObject } from 'dynamics365-connector';
import type { Sandbox } from 'dynamics365-connector-sandbox';

const root = join(import.meta.dirname, '..');
/** `red.js` of the installed Node-RED, or the file in the environment variable NODE_RED. */
const nodeRedScript = process.env.NODE_RED ?? createRequire(import.meta.url).resolve('node-red/red.js');

/** A Node-RED process without telemetry, updates and palette. */
export interface NodeRedProcess {
  readonly url: string;
  /** Resolves when the text appears in the log. */
  waitForLog(text: string): Promise<void>;
  /** Sends SIGTERM and waits for the exit. */
  stop(): Promise<void>;
  kill(): Promise<void>;
}

/** Creates a user folder with this package installed, as the palette manager does it. */
export function prepareUserFolder(
  folder: string,
  { authority }: { readonly authority: { readonly url: string } },
): void {
  const packageFolder = join(folder, 'node_modules/node-red-contrib-dynamics365');
  mkdirSync(packageFolder, { recursive: true });
  const { version, 'node-red': nodes } = JSON.parse(readFileSync(join(root, 'package.json'), 'utf8'));
  const packageJson = { name: 'node-red-contrib-dynamics365', version, type: 'module', 'node-red': nodes };
  writeFileSync(join(packageFolder, 'package.json'), JSON.stringify(packageJson));
  // Node-RED loads .js files only; this one re-exports the source.
  for (const file of Object.values<string>(nodes.nodes)) {
    const source = join(root, file.replace('dist/', 'src/').replace('.js', '.ts'));
    mkdirSync(dirname(join(packageFolder, file)), { recursive: true });
    writeFileSync(
      join(packageFolder, file),
      `export { default } from ${JSON.stringify(pathToFileURL(source).href)};`,
    );
    copyFileSync(source.replace('.ts', '.html'), join(packageFolder, file.replace('.js', '.html')));
    for (const folderName of ['icons', 'locales'])
      cpSync(join(dirname(source), folderName), join(packageFolder, dirname(file), folderName), {
        recursive: true,
      });
  }
  writeFileSync(
    join(folder, 'package.json'),
    JSON.stringify({ private: true, dependencies: { 'node-red-contrib-dynamics365': version } }),
  );
  const settings = {
    flowFile: 'flows.json',
    credentialSecret: 'a secret of the test',
    uiHost: '127.0.0.1',
    uiPort: 0,
    editorTheme: { tours: false },
    telemetry: { enabled: false, updateNotification: false },
    externalModules: { autoInstall: false, palette: { allowInstall: false } },
    dynamics365: { allowLoopback: true, localAuthority: authority.url },
    logging: { console: { level: 'info' } },
  };
  writeFileSync(join(folder, 'settings.js'), `module.exports = ${JSON.stringify(settings)};`);
}

/** The configuration node of a connection to a sandbox. */
export function createConnectionNode({ organization, authority, app }: Sandbox): JsonObject {
  const settings = { orgUrl: organization.origin, tenant: authority.tenantId, clientId: app.clientId };
  const credentials = { clientSecret: app.clientSecret! };
  return { id: 'connection', type: 'dynamics365-connection', name: '', ...settings, credentials };
}

/** Starts Node-RED and waits until its flows run. */
export async function startNodeRed(
  folder: string,
  env: Readonly<Record<string, string>> = {},
): Promise<NodeRedProcess> {
  const argv = ['--userDir', folder, '--settings', join(folder, 'settings.js')];
  const { PATH = '', NODE_COMPILE_CACHE } = process.env;
  const child = spawn(process.execPath, [...process.execArgv, nodeRedScript, ...argv], {
    env: { PATH, NODE_COMPILE_CACHE, HOME: folder, ...env },
  });
  const output = await waitUntilStarted(child);
  const [, url = ''] = /Server now running at (\S+)/.exec(output) ?? [];
  const end = async (signal: NodeJS.Signals) => {
    if (child.exitCode !== null || child.signalCode !== null) return;
    child.kill(signal);
    await once(child, 'exit');
  };
  const waitForLog = (text: string) =>
    new Promise<void>((resolve) => {
      child.stdout.on('data', (chunk) => String(chunk).includes(text) && resolve());
    });
  return { url, waitForLog, stop: () => end('SIGTERM'), kill: () => end('SIGKILL') };
}

async function waitUntilStarted(child: ChildProcess): Promise<string> {
  let output = '';
  child.stderr!.on('data', (chunk) => {
    output += chunk;
  });
  return await new Promise((resolve, reject) => {
    child.stdout!.on('data', (chunk) => {
      output += chunk;
      if (output.includes('Started flows') && output.includes('Server now running at')) resolve(output);
    });
    child.once('exit', () => reject(new Error(output)));
  });
}

/** Deploys flows as the editor does; secrets are in `credentials` of their node. */
export async function deploy(
  { url, waitForLog }: NodeRedProcess,
  flows: readonly JsonObject[],
  headers: Readonly<Record<string, string>> = {},
): Promise<void> {
  const started = waitForLog('Started flows');
  const response = await fetch(`${url}flows`, {
    method: 'POST',
    headers: { 'content-type': 'application/json', 'node-red-api-version': 'v2', ...headers },
    // Node-RED treats a node without coordinates as a configuration node.
    body: JSON.stringify({ flows: flows.map((node) => ('wires' in node ? { x: 0, y: 0, ...node } : node)) }),
  });
  if (!response.ok) throw new Error(await response.text());
  await started;
}

/** The lines of a file; empty if it does not exist. */
export function readLines(file: string): readonly string[] {
  try {
    return readFileSync(file, 'utf8').split('\n').filter(Boolean);
  } catch {
    return [];
  }
}
