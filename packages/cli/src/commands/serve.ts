import { once } from 'node:events';
import { ConnectorError } from 'dynamics365-connector';
import { parseDurationMs } from 'dynamics365-connector/authoring';
import {
  type ConnectionStore,
  clientSecretFromEnv,
  createLog,
  openConnectionStore,
} from 'dynamics365-connector/node';
import {
  createMirrorRunner,
  type OpenedMirrorFile,
  openMirrorFile,
  readMirrorManifest,
} from 'dynamics365-connector-mirror';
import type { Sandbox } from 'dynamics365-connector-sandbox';
import {
  defaultPort,
  type Service,
  type ServiceApplication,
  scopes,
  startService,
} from 'dynamics365-connector-service';
import { openWorkerFile } from 'dynamics365-connector-worker';
import { createAuthorTools } from '../author-tools.ts';
import { chooseManifest } from '../choose-manifest.ts';
import { loadSendingConnector } from '../load-sending-connector.ts';
import { openWorkerStore } from '../open-worker-store.ts';
import { parseLogLevel } from '../parse-log-level.ts';
import { parsePort } from '../parse-port.ts';
import { saveSandboxConnection } from '../save-sandbox-connection.ts';
import { showConsole } from '../show-console.ts';
import { startLocalSandbox } from '../start-local-sandbox.ts';
import type { Terminal } from '../terminal.ts';
import type { CommandContext } from './command-context.ts';

interface ServeOptions {
  readonly port?: string;
  readonly host?: string;
  readonly url?: string;
  readonly config?: string;
  readonly mirror?: string;
  readonly file?: string;
  readonly postgres?: string;
  readonly keepDelivered?: string;
  readonly keepDeadLetters?: string;
  readonly keepAnswers?: string;
  readonly allowTarget?: readonly string[];
  readonly sandbox?: boolean;
  readonly log?: string;
  readonly console?: boolean;
  /** `d365 console`: nothing is said about API keys. */
  readonly consoleOnly?: boolean;
  /** `--no-open` sets it to false. */
  readonly open?: boolean;
}

/** `d365 serve`: runs the service until SIGINT or SIGTERM, then ends running polls and deliveries in order. */
export default async function serve({ terminal, options }: CommandContext<ServeOptions>): Promise<number> {
  const level = parseLogLevel(options.log);
  const log = createLog({ format: process.stderr.isTTY ? 'pretty' : 'json', level });
  const port = options.port === undefined ? defaultPort : parsePort('--port', options.port);
  const retention = {
    keepDeliveredMs: parseKeep('--keep-delivered', options.keepDelivered),
    keepDeadLettersMs: parseKeep('--keep-dead-letters', options.keepDeadLetters),
    keepAnswersMs: parseKeep('--keep-answers', options.keepAnswers),
  };
  const connections = await openConnectionStore();
  const workerStore = await openWorkerStore(options, log);
  const sandbox = options.sandbox === true ? await openSandbox(terminal, connections) : undefined;
  let mirror: OpenedMirrorFile | undefined;
  try {
    const connector = await loadSendingConnector({
      manifest: await readManifest(options),
      store: connections.store,
      log,
    });
    const environment = {
      ...{ connector, env: process.env, stdout: process.stdout },
      savedConnections: connections,
    };
    const workerFile =
      options.config === undefined ? undefined : await openWorkerFile(options.config, environment);
    if (options.mirror !== undefined) mirror = await openMirrorFile(options.mirror, environment);
    const author = options.manifest === undefined ? undefined : createAuthorTools(options.manifest);
    const service = await startService({
      ...{ connector, connections, workerStore, workerFile, port, ...retention },
      ...{ host: options.host, url: options.url, app: readApp(), allowedTargets: options.allowTarget },
      ...(sandbox && sandboxSettings(sandbox)),
      mirror: mirror && createMirrorRunner({ ...mirror, log }),
      console: options.console === true ? { author } : undefined,
    });
    if (options.consoleOnly !== true) await printWelcome(terminal, service);
    else if (terminal.json) terminal.printJson({ url: service.url, console: service.createConsoleLink() });
    if (options.console === true && !terminal.json) showConsole(terminal, service, options);
    await Promise.race([once(process, 'SIGINT'), once(process, 'SIGTERM')]);
    await service.close();
    return 0;
  } finally {
    await mirror?.target.close();
    await workerStore.close();
    await sandbox?.close();
    connections.close();
  }
}

/** That of the command line, or of the mirror file. */
async function readManifest({
  manifest,
  mirror,
}: CommandContext<ServeOptions>['options']): Promise<string | undefined> {
  if (mirror === undefined) return manifest;
  return chooseManifest(manifest, await readMirrorManifest(mirror), mirror);
}

/** Only delivered events can be kept for no time: dead letters wait for a decision, and answers for a repeated request. */
function parseKeep(flag: string, text: string | undefined): number | undefined {
  if (text === undefined) return undefined;
  const mayBeZero = flag === '--keep-delivered';
  if (/^[1-9]\d{0,4}[mhd]$/.test(text) || (mayBeZero && text === '0s')) return parseDurationMs(text);
  throw new ConnectorError('SETTING_INVALID', `${flag} "${text.slice(0, 20)}" is not a time.`, {
    advice: `Write it as 30m, 12h or 7d${mayBeZero ? ', or 0s to keep none' : ''}.`,
  });
}

/** The app registration of Connect links. */
function readApp({ env } = process): ServiceApplication | undefined {
  const { D365_CLIENT_ID: clientId } = env;
  if (!clientId) return undefined;
  const secretFrom = env.D365_CLIENT_SECRET ? undefined : env.D365_CLIENT_SECRET_FROM || undefined;
  return { clientId, clientSecret: clientSecretFromEnv(env), secretFrom };
}

/** An organization on this machine, with a saved connection. */
async function openSandbox(terminal: Terminal, connections: ConnectionStore): Promise<Sandbox> {
  const sandbox = await terminal.withSpinner('starting the sandbox', () => startLocalSandbox());
  const name = await saveSandboxConnection(connections, sandbox);
  terminal.printNote(`The connection "${name}" is saved.`);
  return sandbox;
}

function sandboxSettings({ app, authority, discovery }: Sandbox) {
  const { clientId, clientSecret } = app;
  return {
    app: { clientId, clientSecret },
    localAuthority: authority.url,
    localDiscovery: discovery.url,
    allowedTargets: ['127.0.0.1', 'localhost'],
  };
}

/** The first start creates a key, because nothing works without one. */
async function printWelcome(
  terminal: Terminal,
  { url, listening, keys, createConsoleLink }: Service,
): Promise<void> {
  const isFirst = (await keys.list()).length === 0;
  const key = isFirst ? (await keys.create({ name: 'first key', scopes })).key : undefined;
  if (terminal.json) return void terminal.printJson({ url, listening, key, console: createConsoleLink() });
  terminal.print(`The service runs at ${url}${url === listening ? '' : ` (listens on ${listening})`}`);
  terminal.print(`  document  ${url}/openapi.json`);
  if (key === undefined) terminal.print('  API keys  d365 keys list');
  else
    terminal.print(
      `  API key   ${key}\n            It may do everything and is not shown again. d365 keys create makes others.`,
    );
  terminal.print(`\nTry it:  curl -H "Authorization: Bearer ${key ?? '<key>'}" ${url}/v1/connections`);
  terminal.printNote('Ctrl+C stops it.');
}
