import { once } from 'node:events';
import { ConnectorError, Secret } from 'dynamics365-connector';
import { type ConnectionStore, openConnectionStore } from 'dynamics365-connector/node';
import type { Sandbox } from 'dynamics365-connector-sandbox';
import { parsePort } from '../parse-port.ts';
import { startLocalSandbox } from '../start-local-sandbox.ts';
import type { Terminal } from '../terminal.ts';
import type { CommandContext } from './command-context.ts';

interface SandboxCommandOptions {
  readonly port?: string;
  readonly file?: string;
  readonly empty?: boolean;
  readonly seed?: string;
}

/** A sandbox takes the given port and the next two. */
const firstPortRange = { min: 1, max: 65_533 };

/** `d365 sandbox`: runs a sandbox until a signal stops it, and saves the connection `sandbox` (or `sandbox-2`). */
export default async function sandbox({ terminal, options }: CommandContext<SandboxCommandOptions>) {
  const { empty, file } = options;
  const port = options.port === undefined ? undefined : parsePort('--port', options.port, firstPortRange);
  const running = await terminal.withSpinner('starting the sandbox', () =>
    startLocalSandbox({
      organizations: [{ name: 'contoso', data: empty ? 'empty' : 'sample', file }],
      port,
      seed: options.seed === undefined ? undefined : parseSeed(options.seed),
    }),
  );
  try {
    const name = await saveConnection(running);
    terminal.print(
      terminal.json
        ? JSON.stringify({ ...connectionDetails(running), connection: name })
        : formatWelcome(terminal, running, name),
    );
    await Promise.race([once(process, 'SIGINT'), once(process, 'SIGTERM')]);
    return 0;
  } finally {
    await running.close();
  }
}

const maxSeed = 2 ** 32 - 1;

function parseSeed(text: string): number {
  const seed = Number(text);
  if (/^\d+$/.test(text) && seed <= maxSeed) return seed;
  throw new ConnectorError(
    'SETTING_INVALID',
    `--seed must be a whole number from 0 to ${maxSeed}, not "${text}".`,
  );
}

async function saveConnection(running: Sandbox): Promise<string> {
  const { orgUrl, tenant, clientId, clientSecret, authority, discovery } = connectionDetails(running);
  const connections = await openConnectionStore();
  const name = await findFreeName(connections);
  await connections.save(
    {
      name,
      kind: 'app',
      settings: { orgUrl, tenant },
      clientId,
      localAuthority: authority,
      localDiscovery: discovery,
    },
    { secret: new Secret(clientSecret) },
  );
  connections.close();
  return name;
}

/** `sandbox`, or the next name that no running sandbox uses. */
async function findFreeName(connections: ConnectionStore): Promise<string> {
  for (let count = 1; ; count++) {
    const name = count === 1 ? 'sandbox' : `sandbox-${count}`;
    const saved = await connections.find(name);
    if (saved === undefined || !(await isReachable(saved.settings.orgUrl))) return name;
  }
}

const reachableTimeoutMs = 2000;

async function isReachable(url: string): Promise<boolean> {
  const signal = AbortSignal.timeout(reachableTimeoutMs);
  return await fetch(url, { signal }).then(
    () => true,
    () => false,
  );
}

/** The values that a client needs. The secrets are valid in this sandbox only. */
function connectionDetails({ app, apps, user, organization, authority, discovery, adminSecret }: Sandbox) {
  return {
    orgUrl: organization.origin,
    authority: authority.url,
    tenant: authority.tenantId,
    discovery: discovery.url,
    clientId: app.clientId,
    clientSecret: app.clientSecret ?? '',
    publicClientId: apps.find(({ secrets }) => secrets.length === 0)?.clientId,
    user: user.name,
    password: user.password,
    adminSecret,
  };
}

function formatWelcome({ style }: Terminal, running: Sandbox, name: string): string {
  const details = connectionDetails(running);
  const { publicClientId, authority, discovery } = details;
  const lines = Object.entries(details).map(
    ([label, value]) => `  ${style('dim', label.padEnd(14))}  ${value}`,
  );
  return [
    `${style('bold', 'The sandbox is running.')} Without --file, its data is lost when it stops.`,
    '',
    ...lines,
    '',
    `The connection "${name}" is saved. In another terminal:`,
    `  ${style('cyan', `d365 list case.list --set state=active --connection ${name}`)}`,
    `  ${style('cyan', `d365 poll case.created --connection ${name} --watch`)}`,
    'To sign in as a user:',
    `  ${style('cyan', `d365 connect me --client-id ${publicClientId} --authority ${authority} --discovery ${discovery}`)}`,
    '',
    'Press Ctrl+C to stop.',
  ].join('\n');
}
