import { ConnectorError } from 'dynamics365-connector';
import {
  type AnyConnector,
  type Connection,
  checkRegistration,
  openConnection,
  type PushRegistration,
  removeRegistration,
  repairRegistration,
  runtimeOf,
  suggest,
} from 'dynamics365-connector/host';
import { type ConnectionStore, openConnectionStore } from 'dynamics365-connector/node';
import {
  groupPushed,
  type OpenedRoute,
  type OpenedWorkerFile,
  openRoute,
  openWorkerFile,
  readWorkerManifest,
} from 'dynamics365-connector-worker';
import { loadSendingConnector } from '../load-sending-connector.ts';
import { printTable } from '../print-table.ts';
import type { Terminal } from '../terminal.ts';
import type { WorkerCommandContext } from './worker-command-context.ts';

interface PushRun {
  readonly terminal: Terminal;
  /** Signs in as the user who may register webhooks. */
  readonly connection: Connection;
  readonly opened: OpenedRoute;
  /** The id of an endpoint of another installation. */
  readonly stray: string | undefined;
}

/** Returns whether the webhooks are as they must be. */
type PushAction = (run: PushRun) => Promise<boolean>;

const actions: Readonly<Record<string, PushAction>> = { status, repair, remove };

/**
 * `d365 worker push [status|repair|remove]`: the webhooks of each connection of worker.yaml, as its organization has them.
 * The exit code is 1 if they are not registered as they must be.
 */
export async function runPushCommand({ terminal, args, options }: WorkerCommandContext): Promise<number> {
  const [, name = 'status', stray] = args;
  const action = Object.hasOwn(actions, name) ? actions[name] : undefined;
  if (action === undefined) throw unknownAction(name);
  const file = options.config ?? 'worker.yaml';
  const manifest = options.manifest ?? (await readWorkerManifest(file));
  const savedConnections = await openConnectionStore();
  try {
    const connector = await loadSendingConnector({ manifest, store: savedConnections.store });
    const environment = { connector, env: process.env, stdout: process.stdout, savedConnections };
    const opened = await openWorkerFile(file, environment);
    const routes = await openRoutes(opened, { file, areAll: action === remove });
    const registrar =
      options.as === undefined ? undefined : await openSaved(connector, savedConnections, options.as);
    const concerned = routes.filter(
      ({ connection: { origin } }) => registrar === undefined || registrar.origin === origin,
    );
    if (registrar !== undefined && concerned.length === 0) throw otherOrganization(registrar, file);
    let isHealthy = true;
    for (const opened of concerned) {
      const connection = registrar ?? opened.connection;
      isHealthy = (await action({ terminal, connection, opened, stray })) && isHealthy;
    }
    return isHealthy ? 0 : 1;
  } finally {
    savedConnections.close();
  }
}

/** The routes of all connections, or of those with a subscription that has push. */
async function openRoutes(
  { connections, subscriptions, push }: OpenedWorkerFile,
  { file, areAll }: { readonly file: string; readonly areAll: boolean },
): Promise<readonly OpenedRoute[]> {
  const groups = groupPushed(subscriptions);
  const routes: OpenedRoute[] = [];
  for (const [name, connection] of connections) {
    const pushed = groups.get(name) ?? [];
    if (push === undefined || (pushed.length === 0 && !areAll)) continue;
    routes.push(await openRoute(connection, name, { subscriptions: pushed, address: push.address }));
  }
  if (routes.length > 0) return routes;
  if (areAll)
    throw new ConnectorError('SETTING_INVALID', `${file} has no \`push\`, so nothing tells what is ours.`, {
      advice: 'Write `push` with the url and the secret of before in the file.',
    });
  throw new ConnectorError('SETTING_INVALID', `No subscription of ${file} has push.`, {
    advice: 'Write `push: true` in a subscription, and `push` with url and secret in the file.',
  });
}

function otherOrganization({ origin }: Connection, file: string): ConnectorError {
  return new ConnectorError('SETTING_INVALID', `No connection of ${file} with push is to ${origin}.`, {
    advice: 'Name a saved connection to the organization of the subscriptions with --as.',
  });
}

async function openSaved(
  connector: AnyConnector,
  savedConnections: Pick<ConnectionStore, 'open'>,
  name: string,
): Promise<Connection> {
  const { saved, credential, options } = await savedConnections.open(name);
  return openConnection(runtimeOf(connector), saved.settings, credential, options);
}

async function status({ terminal, connection, opened }: PushRun): Promise<boolean> {
  const { route, steps } = opened;
  return print(terminal, opened, await checkRegistration(connection, { endpoint: route.endpoint, steps }));
}

async function repair({ terminal, connection, opened }: PushRun): Promise<boolean> {
  const { route, steps } = opened;
  return print(terminal, opened, await repairRegistration(connection, { endpoint: route.endpoint, steps }));
}

async function remove({ terminal, connection, opened: { route }, stray }: PushRun): Promise<boolean> {
  const removed = await removeRegistration(connection, { name: stray ?? route.endpoint.name });
  const text = removed.length === 0 ? 'nothing to remove' : `${removed.join(', ')} removed`;
  if (terminal.json) terminal.printJson({ connection: route.connection, removed });
  else terminal.printNote(`${route.connection}: ${text}`);
  return true;
}

function print(terminal: Terminal, { route, steps }: OpenedRoute, registration: PushRegistration): boolean {
  const { connection, endpoint } = route;
  const { steps: _, ...found } = registration;
  const isHealthy = found.issues.length === 0;
  if (terminal.json) {
    terminal.printJson({ connection, endpoint: { name: endpoint.name, url: endpoint.url }, steps, ...found });
    return isHealthy;
  }
  const rows = steps.map(({ table, message, columns }) => [
    ...[connection, table, message],
    columns?.join(', ') ?? 'all',
  ]);
  printTable(terminal, ['connection', 'table', 'message', 'columns'], rows);
  for (const each of found.repaired) terminal.printNote(`repaired: ${each}`);
  for (const each of found.issues) terminal.printNote(`wrong: ${each}`);
  for (const table of found.unsupported) terminal.printNote(`${table}: sends no webhooks, and is polled`);
  for (const { id, url } of found.strays)
    terminal.printNote(`of another installation: ${url} (d365 worker push remove ${id})`);
  if (isHealthy) terminal.printNote(`${connection}: webhooks are sent to ${endpoint.url}`);
  return isHealthy;
}

function unknownAction(name: string): ConnectorError {
  const names = Object.keys(actions);
  const [nearest] = suggest(name, names, 1);
  return new ConnectorError('INPUT_INVALID', `There is no command "worker push ${name}".`, {
    advice: `Use one of: ${names.join(', ')}.${nearest === undefined ? '' : ` Did you mean ${nearest}?`}`,
  });
}
