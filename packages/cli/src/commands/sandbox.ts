import { once } from 'node:events';
import { ConnectorError, Secret } from 'dynamics365-connector';
import { type Connections, openConnections } from 'dynamics365-connector/node';
import type { Sandbox } from 'dynamics365-connector-sandbox';
import { openSandbox } from '../load-sandbox.ts';
import type { Terminal } from '../terminal.ts';
import type { CommandContext } from './context.ts';

/** `d365 sandbox`: a local organisation, saved as the connection `sandbox` (or `sandbox-2`), until Ctrl+C. */
export default async function sandbox({
  terminal,
  options,
}: CommandContext<{ port?: string; file?: string; empty?: boolean }>) {
  const running = await terminal.during('starting the organisation', () =>
    openSandbox({
      organisations: [
        {
          name: 'contoso',
          data: options.empty ? 'empty' : 'sample',
          ...(options.file === undefined ? {} : { file: options.file }),
        },
      ],
      ...(options.port === undefined ? {} : { port: portOf(options.port) }),
    }),
  );
  try {
    const name = await saveConnection(running);
    terminal.out(
      terminal.json
        ? JSON.stringify({ ...facts(running), connection: name })
        : welcome(terminal, running, name),
    );
    await Promise.race([once(process, 'SIGINT'), once(process, 'SIGTERM')]);
    return 0;
  } finally {
    await running.close();
  }
}

function portOf(text: string): number {
  const port = Number(text);
  if (Number.isInteger(port) && port > 0 && port < 65_500) return port;
  throw new ConnectorError('SETTING_INVALID', `--port takes a number from 1 to 65499, not "${text}".`);
}

async function saveConnection({ app, organisation, authority, discovery }: Sandbox): Promise<string> {
  const connections = await openConnections();
  const name = await freeName(connections);
  await connections.save(
    {
      name,
      kind: 'app',
      settings: { orgUrl: organisation.origin, tenant: authority.tenantId },
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
async function freeName(connections: Connections): Promise<string> {
  for (let count = 1; ; count++) {
    const name = count === 1 ? 'sandbox' : `sandbox-${count}`;
    const saved = await connections.find(name);
    if (saved === undefined || !(await answers(saved.settings.orgUrl))) return name;
  }
}

async function answers(url: string): Promise<boolean> {
  const signal = AbortSignal.timeout(2000);
  return await fetch(url, { signal }).then(
    () => true,
    () => false,
  );
}

/** Everything that a client of any make needs. The secrets are the sandbox's own, and worth nothing elsewhere. */
function facts({ app, apps, user, organisation, authority, discovery, adminSecret }: Sandbox) {
  return {
    orgUrl: organisation.origin,
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

function welcome({ style }: Terminal, running: Sandbox, name: string): string {
  const { publicClientId, authority, discovery } = facts(running);
  const lines = Object.entries(facts(running)).map(
    ([name, value]) => `  ${style('dim', name.padEnd(14))}  ${value}`,
  );
  return [
    `${style('bold', 'A local organisation is running.')} It forgets everything when it stops, unless --file was given.`,
    '',
    ...lines,
    '',
    `It is saved as the connection "${name}". In another terminal:`,
    `  ${style('cyan', `d365 list case.list --set state=active --connection ${name}`)}`,
    `  ${style('cyan', `d365 poll case.created --connection ${name} --watch`)}`,
    'Signing in as a person, as with a real organisation:',
    `  ${style('cyan', `d365 connect me --client-id ${publicClientId} --authority ${authority} --discovery ${discovery}`)}`,
    '',
    'Ctrl+C stops it.',
  ].join('\n');
}
