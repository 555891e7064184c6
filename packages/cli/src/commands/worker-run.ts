import { runtimeOf } from 'dynamics365-connector/host';
import { createLog, openConnectionStore } from 'dynamics365-connector/node';
import {
  createPoller,
  createPush,
  createReread,
  createUnblock,
  createWorkerMetrics,
  defaultWorkerLimits,
  type OpenedPush,
  openWorkerFile,
  type PushOptions,
  readWorkerManifest,
  runWorker,
  serveMetrics,
  servePush,
  workerProcessSettings,
} from 'dynamics365-connector-worker';
import { chooseManifest } from '../choose-manifest.ts';
import { loadSendingConnector } from '../load-sending-connector.ts';
import { openWorkerStore } from '../open-worker-store.ts';
import { parseLogLevel } from '../parse-log-level.ts';
import { parsePort } from '../parse-port.ts';
import { restartProcess } from '../restart-process.ts';
import { createStopSignal } from '../stop-signal.ts';
import type { WorkerCommandContext } from './worker-command-context.ts';

/** `d365 worker`: polls and delivers until SIGINT or SIGTERM, then finishes running deliveries. */
export async function runWorkerCommand({ terminal, options }: WorkerCommandContext): Promise<number> {
  restartProcess(workerProcessSettings);
  const metricsAddress = options.metrics === undefined ? undefined : parseListenAddress(options.metrics);
  const log = createLog({
    format: process.stderr.isTTY ? 'pretty' : 'json',
    level: parseLogLevel(options.log),
  });
  const file = options.config ?? 'worker.yaml';
  const manifest = chooseManifest(options.manifest, await readWorkerManifest(file), file);
  const savedConnections = await openConnectionStore();
  const store = await openWorkerStore(options, log);
  try {
    const connector = await loadSendingConnector({
      manifest,
      store: savedConnections.store,
      log,
    });
    const environment = { connector, env: process.env, stdout: process.stdout, savedConnections };
    const { connections, subscriptions, feedOptions, push, ...kept } = await openWorkerFile(
      file,
      environment,
    );
    const metrics = createWorkerMetrics();
    const server = metricsAddress && (await serveMetrics(metricsAddress, { store, metrics }));
    if (server !== undefined) terminal.printNote(`metrics: ${server.url}`);
    const { clock, random, telemetry, audit } = runtimeOf(connector).services;
    const platform = { store, metrics, clock, random, log, telemetry, audit };
    const access = {
      poll: createPoller(connections, feedOptions),
      unblock: createUnblock(connections),
      reread: createReread(connections),
    };
    const options = { subscriptions, limits: defaultWorkerLimits, ...kept, ...platform, ...access };
    const signal = createStopSignal();
    await runWithPush(push, { ...platform, connections, subscriptions, terminal, signal }, () =>
      runWorker(options, signal),
    );
    server?.close();
    return 0;
  } finally {
    await store.close();
    savedConnections.close();
  }
}

interface PushRun extends Omit<PushOptions, 'address'> {
  readonly terminal: WorkerCommandContext['terminal'];
  readonly signal: AbortSignal;
}

/** Receives webhooks while the worker runs, if the file says where. */
async function runWithPush(
  opened: OpenedPush | undefined,
  { terminal, signal, ...options }: PushRun,
  run: () => Promise<void>,
): Promise<void> {
  if (opened === undefined) return await run();
  const push = createPush({ ...options, address: opened.address });
  const server = await servePush(opened.listen, push.receive);
  terminal.printNote(`webhooks: ${server.url}, called at ${opened.address.url}`);
  try {
    await Promise.all([push.run(signal), run()]);
  } finally {
    await server.close();
  }
}

/** Parses `[host:]port`. */
function parseListenAddress(text: string): { readonly host: string; readonly port: number } {
  const separator = text.lastIndexOf(':');
  const host = separator > 0 ? text.slice(0, separator) : '127.0.0.1';
  return { host, port: parsePort('--metrics', text.slice(separator + 1)) };
}
