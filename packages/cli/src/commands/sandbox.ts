import { once } from 'node:events';
import { ConnectorError, loadConnector, type MetadataTable } from 'dynamics365-connector';
import { toMetadataTables } from 'dynamics365-connector/authoring';
import { runtimeOf } from 'dynamics365-connector/host';
import { openConnectionStore } from 'dynamics365-connector/node';
import type { Sandbox } from 'dynamics365-connector-sandbox';
import { parsePort } from '../parse-port.ts';
import { readSnapshotFile } from '../read-snapshot-file.ts';
import { saveSandboxConnection } from '../save-sandbox-connection.ts';
import { startLocalSandbox } from '../start-local-sandbox.ts';
import type { Terminal } from '../terminal.ts';
import type { CommandContext } from './command-context.ts';

interface SandboxCommandOptions {
  readonly port?: string;
  readonly file?: string;
  readonly empty?: boolean;
  readonly seed?: string;
  readonly metadata?: string;
  readonly assume?: readonly string[];
}

/** A sandbox takes the given port and the next two. */
const firstPortRange = { min: 1, max: 65_533 };

/** `d365 sandbox`: runs a sandbox until a signal stops it, and saves the connection `sandbox` (or `sandbox-2`). */
export default async function sandbox({ terminal, options }: CommandContext<SandboxCommandOptions>) {
  const { empty, file } = options;
  const port = options.port === undefined ? undefined : parsePort('--port', options.port, firstPortRange);
  const metadata = [
    ...(await readManifestTables(options.manifest)),
    ...(options.metadata === undefined ? [] : await readTables(options.metadata)),
  ];
  const running = await terminal.withSpinner('starting the sandbox', () =>
    startLocalSandbox({
      organizations: [{ name: 'contoso', data: empty ? 'empty' : 'sample', file, metadata }],
      port,
      seed: options.seed === undefined ? undefined : parseSeed(options.seed),
      assumptions: Object.fromEntries((options.assume ?? []).map((pair) => pair.split('='))),
    }),
  );
  try {
    const name = await saveConnection(running);
    if (terminal.json) terminal.printJson({ ...connectionDetails(running), connection: name });
    else terminal.print(formatWelcome(terminal, running, name));
    const { skippedMetadata } = running.organization;
    if (skippedMetadata.length > 0) terminal.printNote(formatSkipped(skippedMetadata));
    await Promise.race([once(process, 'SIGINT'), once(process, 'SIGTERM')]);
    return 0;
  } finally {
    await running.close();
  }
}

/** What a manifest of one's own adds to the tables of a sandbox. */
async function readManifestTables(manifest: string | undefined): Promise<readonly MetadataTable[]> {
  if (manifest === undefined) return [];
  const [own, standard] = await Promise.all([loadConnector({ manifest }), loadConnector()]);
  return toMetadataTables(runtimeOf(own).definition, runtimeOf(standard).definition);
}

async function readTables(file: string): Promise<readonly MetadataTable[]> {
  const snapshot = await readSnapshotFile(file);
  const tables = await Promise.all((await snapshot.listTables()).map(({ name }) => snapshot.getTable(name)));
  return tables.filter((table) => table !== undefined);
}

const maxNames = 5;

function formatSkipped(skipped: Sandbox['organization']['skippedMetadata']): string {
  const names = skipped.slice(0, maxNames).map(({ name, reason }) => `  ${name}: ${reason}`);
  const more = skipped.length > maxNames ? [`  and ${skipped.length - maxNames} more`] : [];
  return [
    `The sandbox does not have ${skipped.length} parts of the snapshot or manifest:`,
    ...names,
    ...more,
  ].join('\n');
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
  const connections = await openConnectionStore();
  try {
    return await saveSandboxConnection(connections, running);
  } finally {
    connections.close();
  }
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
