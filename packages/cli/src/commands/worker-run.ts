import { ConnectorError, type LogLevel, loadConnector } from 'dynamics365-connector';
import { runtimeOf } from 'dynamics365-connector/host';
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
import { parsePort } from '../parse-port.ts';
import type { WorkerCommandContext } from './worker-command-context.ts';

const logLevels: readonly LogLevel[] = ['debug', 'info', 'warn', 'error'];

/** `d365 worker`: polls and delivers until SIGINT or SIGTERM, then finishes running deliveries. */
export async function runWorkerCommand({ terminal, options }: WorkerCommandContext): Promise<number> {
  const metricsAddress = options.metrics === undefined ? undefined : parseListenAddress(options.metrics);
  const log = createLog({
    format: process.stderr.isTTY ? 'pretty' : 'json',
    level: parseLogLevel(options.log),
  });
  const savedConnections = await openConnectionStore();
  const store = await openWorkerStore(options, log);
  try {
    const connector = await loadConnector({
      folder: options.manifest,
      store: savedConnections.store,
      log,
    });
    const environment = { connector, env: process.env, stdout: process.stdout, savedConnections };
    const { connections, subscriptions } = await openWorkerFile(options.config ?? 'worker.yaml', environment);
    const metrics = createWorkerMetrics();
    const server = metricsAddress && (await serveMetrics(metricsAddress, { store, metrics }));
    if (server !== undefined) terminal.printNote(`metrics: ${server.url}`);
    const { clock, random } = runtimeOf(connector).services;
    const poll = createPoller(connections);
    await runWorker(
      { store, subscriptions, poll, limits: defaultWorkerLimits, metrics, clock, random, log },
      createStopSignal(),
    );
    server?.close();
    return 0;
  } finally {
    await store.close();
    savedConnections.close();
  }
}

/** Aborts at the first SIGINT or SIGTERM. A second one ends the process at once, which is the default of Node.js. */
function createStopSignal(): AbortSignal {
  const stop = new AbortController();
  for (const name of ['SIGINT', 'SIGTERM'] as const) process.once(name, () => stop.abort());
  return stop.signal;
}

function parseLogLevel(text = 'info'): LogLevel {
  const level = logLevels.find((name) => name === text);
  if (level !== undefined) return level;
  throw new ConnectorError('SETTING_INVALID', `--log must be one of ${logLevels.join(', ')}, not "${text}".`);
}

/** Parses `[host:]port`. */
function parseListenAddress(text: string): { readonly host: string; readonly port: number } {
  const separator = text.lastIndexOf(':');
  const host = separator > 0 ? text.slice(0, separator) : '127.0.0.1';
  return { host, port: parsePort('--metrics', text.slice(separator + 1)) };
}
