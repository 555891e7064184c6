import { ConnectorError, type LogLevel, loadConnector } from 'dynamics365-connector';
import { createLog, openConnections } from 'dynamics365-connector/node';
import {
  createMetrics,
  createPoller,
  openWorkerFile,
  runWorker,
  serveMetrics,
  standardLimits,
} from 'dynamics365-connector-worker';
import { openWorkerStore } from '../open-worker-store.ts';
import type { WorkerCommand } from './worker-command.ts';

const levels: readonly LogLevel[] = ['debug', 'info', 'warn', 'error'];

/** `d365 worker`: polls and delivers until SIGINT or SIGTERM; then finishes what is in hand. */
export async function runWorkerCommand({ terminal, options }: WorkerCommand): Promise<number> {
  const metricsPlace = options.metrics === undefined ? undefined : placeOf(options.metrics);
  const log = createLog({ format: process.stderr.isTTY ? 'pretty' : 'json', level: levelOf(options.log) });
  const saved = await openConnections();
  const store = await openWorkerStore(options, log);
  try {
    const connector = await loadConnector({ folder: options.manifest, world: { store: saved.store, log } });
    const home = { connector, env: process.env, stdout: process.stdout, saved };
    const opened = await openWorkerFile(options.config ?? 'worker.yaml', home);
    const metrics = createMetrics();
    const { clock, random } = connector.world;
    const parts = { store, subscriptions: opened.subscriptions, poll: createPoller(opened.connections) };
    const server = metricsPlace && (await serveMetrics(metricsPlace, { store, metrics }));
    if (server !== undefined) terminal.note(`metrics: ${server.url}`);
    await runWorker({ ...parts, limits: standardLimits, metrics, clock, random, log }, stopSignal());
    server?.close();
    return 0;
  } finally {
    await store.close();
    saved.close();
  }
}

/** Aborts with the first SIGINT or SIGTERM; a second one ends the process as it always does. */
function stopSignal(): AbortSignal {
  const stop = new AbortController();
  for (const name of ['SIGINT', 'SIGTERM'] as const) process.once(name, () => stop.abort());
  return stop.signal;
}

function levelOf(text = 'info'): LogLevel {
  const level = levels.find((name) => name === text);
  if (level !== undefined) return level;
  throw new ConnectorError('SETTING_INVALID', `--log takes ${levels.join(', ')}, not "${text}".`);
}

function placeOf(text: string): { readonly host: string; readonly port: number } {
  const [, host = '127.0.0.1', port = ''] = /^(?:(.+):)?(\d{1,5})$/.exec(text) ?? [];
  if (port !== '' && Number(port) < 65_536) return { host, port: Number(port) };
  throw new ConnectorError('SETTING_INVALID', `--metrics takes [host:]port, not "${text}".`);
}
