import { once } from 'node:events';
import { ConnectorError, Secret } from 'dynamics365-connector';
import { type ConnectionStore, openConnectionStore } from 'dynamics365-connector/node';
import type { Sandbox } from 'dynamics365-connector-sandbox';
import { startLocalSandbox } from '../start-local-sandbox.ts';
import type { Terminal } from '../terminal.ts';
import type { CommandContext } from './command-context.ts';

/** `d365 sandbox`: a local organization, saved as the connection `sandbox` (or `sandbox-2`), until Ctrl+C. */
export default async function sandbox({
  terminal,
  options,
}: CommandContext<{ port?: string; file?: string; empty?: boolean }>) {
  const running = await terminal.withSpinner('starting the organization', () =>
    startLocalSandbox({
      organizations: [
        {
          name: 'contoso',
          data: options.empty ? 'empty' : 'sample',
          ...(options.file === undefined ? {} : { file: options.file }),
        },
      ],
      ...(options.port === undefined ? {} : { port: parseFirstPort(options.port) }),
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

function parseFirstPort(text: string): number {
  const port = Number(text);
  if (Number.isInteger(port) && port > 0 && port < 65_500) return port;
  throw new ConnectorError('SETTING_INVALID', `--port takes a number from 1 to 65499, not "${text}".`);
}

async function saveConnection({ app, organization, authority, discovery }: Sandbox): Promise<string> {
  const connections = await openConnectionStore();
  const name = await findFreeName(connections);
  await connections.save(
    {
      name,
      kind: 'app',
      settings: { orgUrl: organization.origin, tenant: authority.tenantId },
      clientId: app.clientId,
      localAuthority: authority.url,
      localDiscovery: discovery.url,
    },
    { secret: new Secret(app.clientSecret!) },
  );
  connections.close();
  return name;
}

/** `sandbox`, unless another one that still runs has that name; then the next. */
async function findFreeName(connections: ConnectionStore): Promise<string> {
  for (let count = 1; ; count++) {
    const name = count === 1 ? 'sandbox' : `sandbox-${count}`;
    const saved = await connections.find(name);
    if (saved === undefined || !(await isReachable(saved.settings.orgUrl))) return name;
  }
}

async function isReachable(url: string): Promise<boolean> {
  const signal = AbortSignal.timeout(2000);
  return await fetch(url, { signal }).then(
    () => true,
    () => false,
  );
}

/** Everything that a client of any make needs. The secrets are the sandbox's own, and worth nothing elsewhere. */
function connectionDetails({ app, apps, user, organization, authority, discovery, adminSecret }: Sandbox) {
  return {
    orgUrl: organization.origin,
    authority: authority.url,
    tenant: authority.tenantId,
    discovery: discovery.url,
    clientId: app.clientId,
    clientSecret: app.clientSecret!,
    publicClientId: apps[1]!.clientId,
    user: user.name,
    password: user.password,
    adminSecret,
  };
}

function formatWelcome({ style }: Terminal, running: Sandbox, name: string): string {
  const { publicClientId, authority, discovery } = connectionDetails(running);
  const lines = Object.entries(connectionDetails(running)).map(
    ([name, value]) => `  ${style('dim', name.padEnd(14))}  ${value}`,
  );
  return [
    `${style('bold', 'A local organization is running.')} It forgets everything when it stops, unless --file was given.`,
    '',
    ...lines,
    '',
    `It is saved as the connection "${name}". In another terminal:`,
    `  ${style('cyan', `d365 list case.list --set state=active --connection ${name}`)}`,
    `  ${style('cyan', `d365 poll case.created --connection ${name} --watch`)}`,
    'Signing in as a person, as with a real organization:',
    `  ${style('cyan', `d365 connect me --client-id ${publicClientId} --authority ${authority} --discovery ${discovery}`)}`,
    '',
    'Ctrl+C stops it.',
  ].join('\n');
}
