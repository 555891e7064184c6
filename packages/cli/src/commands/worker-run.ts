import { ConnectorError, type LogLevel, loadConnector } from 'dynamics365-connector';
import { createLog, openConnectionStore } from 'dynamics365-connector/node';
import {
  createPoller,
  createWorkerMetrics,
  defaultWorkerLimits,
  openWorkerFile,
  runWorker,
  serveMetrics,
} from 'dynamics365-connector-worker';
import { openWorkerStore } from '../open-worker-store.ts';
import type { WorkerCommand } from './worker-command.ts';

const logLevels: readonly LogLevel[] = ['debug', 'info', 'warn', 'error'];

/** `d365 worker`: polls and delivers until SIGINT or SIGTERM; then finishes what is in hand. */
export async function runWorkerCommand({ terminal, options }: WorkerCommand): Promise<number> {
  const metricsAddress = options.metrics === undefined ? undefined : parseListenAddress(options.metrics);
  const log = createLog({
    format: process.stderr.isTTY ? 'pretty' : 'json',
    level: parseLogLevel(options.log),
  });
  const saved = await openConnectionStore();
  const store = await openWorkerStore(options, log);
  try {
    const connector = await loadConnector({
      folder: options.manifest,
      services: { store: saved.store, log },
    });
    const environment = { connector, env: process.env, stdout: process.stdout, savedConnections: saved };
    const opened = await openWorkerFile(options.config ?? 'worker.yaml', environment);
    const metrics = createWorkerMetrics();
    const { clock, random } = connector.services;
    const parts = { store, subscriptions: opened.subscriptions, poll: createPoller(opened.connections) };
    const server = metricsAddress && (await serveMetrics(metricsAddress, { store, metrics }));
    if (server !== undefined) terminal.printNote(`metrics: ${server.url}`);
    await runWorker(
      { ...parts, limits: defaultWorkerLimits, metrics, clock, random, log },
      createStopSignal(),
    );
    server?.close();
    return 0;
  } finally {
    await store.close();
    saved.close();
  }
}

/** Aborts with the first SIGINT or SIGTERM; a second one ends the process as it always does. */
function createStopSignal(): AbortSignal {
  const stop = new AbortController();
  for (const name of ['SIGINT', 'SIGTERM'] as const) process.once(name, () => stop.abort());
  return stop.signal;
}

function parseLogLevel(text = 'info'): LogLevel {
  const level = logLevels.find((name) => name === text);
  if (level !== undefined) return level;
  throw new ConnectorError('SETTING_INVALID', `--log takes ${logLevels.join(', ')}, not "${text}".`);
}

function parseListenAddress(text: string): { readonly host: string; readonly port: number } {
  const [, host = '127.0.0.1', port = ''] = /^(?:(.+):)?(\d{1,5})$/.exec(text) ?? [];
  if (port !== '' && Number(port) < 65_536) return { host, port: Number(port) };
  throw new ConnectorError('SETTING_INVALID', `--metrics takes [host:]port, not "${text}".`);
}
