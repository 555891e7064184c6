import {
  type Checkpoint,
  type Client,
  type Connector,
  ConnectorError,
  type JsonObject,
  loadConnector,
  openVault,
  Secret,
} from 'dynamics365-connector';
import { runtimeOf } from 'dynamics365-connector/host';
import type { Sandbox } from 'dynamics365-connector-sandbox';
import { cellText } from '../cell-text.ts';
import { tableLines } from '../print-table.ts';
import type { DemoReporter } from './demo-reporter.ts';

/** A case as `case.create` returns it; the demo needs these columns. */
type CaseRow = JsonObject & { readonly id: string };

/** The parts of a step that changes cases. */
interface DemoContext {
  readonly reporter: DemoReporter;
  readonly client: Client;
  readonly sandbox: Sandbox;
}

/** Loads the connector, signs in, works with cases, and polls a trigger, all over HTTP. */
export async function runDemo(
  reporter: DemoReporter,
  sandbox: Sandbox,
  folder: string | undefined,
): Promise<void> {
  const { origin } = sandbox.organization;
  const connector = await loadManifest(reporter, folder);
  await reporter.runStep('Start', async (addLine) => {
    addLine(`${origin}  an organization with sample rows`);
    addLine(`${sandbox.authority.url}  its authority`);
  });
  const client = await signIn(reporter, connector, sandbox);
  const context = { reporter, client, sandbox };
  const checkpoint = await startPolling(context);
  const created = await createCases(context);
  await listCases(context);
  await updateAndResolve(context, created);
  await pollNewCases(context, checkpoint, created);
  await showInvalidInput(context);
}

async function loadManifest(reporter: DemoReporter, folder: string | undefined): Promise<Connector> {
  return await reporter.runStep('Load', async (addLine) => {
    const start = performance.now();
    const connector = await loadConnector({ manifest: folder });
    const ms = Math.round(performance.now() - start);
    const { actions, triggers, tables } = runtimeOf(connector).definition;
    const counts = [actions, triggers, tables].map((all) => Object.keys(all).length);
    addLine(
      `connector.yaml: ${counts[0]} actions, ${counts[1]} triggers, ${counts[2]} tables, checked in ${ms} ms`,
    );
    return connector;
  });
}

async function signIn(reporter: DemoReporter, connector: Connector, sandbox: Sandbox): Promise<Client> {
  return await reporter.runStep('Sign in', async (addLine) => {
    const { app, authority, organization } = sandbox;
    const settings = { orgUrl: organization.origin };
    const options = { allowLoopback: true, localAuthority: authority.url };
    const user = {
      app: { clientId: app.clientId, clientSecret: new Secret(app.clientSecret ?? '') },
      vault: await openVault({ store: runtimeOf(connector).services.store, keys: createMemoryKeys() }),
      connection: 'demo',
    };
    const session = connector.signIn(settings, user, options);
    const { url } = await session.start({ redirectUri: 'http://localhost/callback' });
    const account = await session.finish(await sandbox.signInAutomatically(url));
    addLine(`${account.name ?? account.userName} signed in: authorization code with PKCE, tokens encrypted`);
    addLine(`scopes ${new URL(url).searchParams.get('scope')}`);
    return connector.connect(settings, { kind: 'user', ...user }, options);
  });
}

function createMemoryKeys() {
  let keys: Secret | undefined;
  return {
    load: async () => keys,
    create: async (fresh: Secret) => {
      keys ??= fresh;
    },
  };
}

async function startPolling({ reporter, client }: DemoContext): Promise<Checkpoint> {
  return await reporter.runStep('Watch', async (addLine) => {
    const { items, checkpoint } = await client.poll('case.created');
    addLine(`first poll of case.created: ${items.length} items, because it starts now`);
    return checkpoint;
  });
}

const sampleCases = [
  { title: 'Printer on floor 2 prints blank pages', priority: 'high', origin: 'phone' },
  { title: 'Invoice 50% too high', priority: 'normal', origin: 'email' },
  { title: 'Cannot sign in after holidays', priority: 'low', origin: 'web' },
];

async function createCases({ reporter, client }: DemoContext): Promise<readonly CaseRow[]> {
  return await reporter.runStep('Create', async (addLine) => {
    const { output } = await client.run('account.list', { limit: 1 });
    const [account] = output as readonly CaseRow[];
    if (account === undefined) throw new Error('The sandbox has no account.');
    const create = async (sample: JsonObject | undefined, idempotencyKey: string) => {
      const input = { ...sample, customer: { table: 'account', id: account.id } };
      return await client.run('case.create', input, { idempotencyKey });
    };
    const rows: CaseRow[] = [];
    for (const [index, sample] of sampleCases.entries())
      rows.push((await create(sample, `demo-${index}`)).output as CaseRow);
    addLine(`${rows.length} cases for ${account.name}: ${rows.map((row) => row.number).join(', ')}`);
    const { meta } = await create(sampleCases[0], 'demo-0');
    const result = meta.replayed ? 'the same row, no second one' : 'a second row!';
    addLine(`the first one again, with the same idempotency key: ${result}`);
    return rows;
  });
}

async function listCases({ reporter, client }: DemoContext): Promise<void> {
  await reporter.runStep('List', async (addLine) => {
    const { output, meta } = await client.run('case.list', { state: 'active', limit: 5 });
    const names = ['number', 'title', 'priority', 'customer', 'owner'];
    const rows = (output as readonly JsonObject[]).map((row) => names.map((name) => cellText(row[name])));
    addLine(`the newest active cases${meta.hasMore ? ' (meta.hasMore: there are more)' : ''}`);
    for (const line of tableLines({ headings: names, rows }, reporter.lineWidth)) addLine(line);
    const pageSize = 20;
    let count = 0;
    for await (const _ of client.list('case.list', {}, { pageSize })) count++;
    addLine(`client.list() reads all pages: ${count} cases on ${Math.ceil(count / pageSize)} pages`);
  });
}

async function updateAndResolve(
  { reporter, client, sandbox }: DemoContext,
  [first, second]: readonly CaseRow[],
): Promise<void> {
  if (first === undefined || second === undefined) throw new Error('The demo needs two cases.');
  await reporter.runStep('Update', async (addLine) => {
    sandbox.organization.faults.add({ kind: 'status', status: 429, retryAfterSeconds: 1 });
    const { output, meta } = await client.run('case.update', { id: second.id, priority: 'high' });
    const { priority } = output as CaseRow;
    addLine(`${second.number} has priority ${priority}; after a 429 response: ${meta.attempts} attempts`);
  });
  await reporter.runStep('Resolve', async (addLine) => {
    await client.run('case.resolve', { id: first.id, subject: 'Toner replaced', minutesSpent: 15 });
    const { output } = await client.run('case.get', { id: first.id });
    const { state, status } = output as CaseRow;
    addLine(`${first.number} is ${state} (${status})`);
  });
}

async function pollNewCases(
  { reporter, client }: DemoContext,
  startCheckpoint: Checkpoint,
  created: readonly CaseRow[],
): Promise<void> {
  await reporter.runStep('Poll', async (addLine) => {
    const { items, checkpoint } = await client.poll('case.created', {}, startCheckpoint);
    addLine(`case.created reports ${items.map(({ row }) => row.number).join(', ')}`);
    const next = await client.poll('case.created', {}, checkpoint);
    addLine(`the next poll: ${next.items.length} items`);
    const reportedIds = new Set(items.map(({ row }) => row.id));
    const isComplete = reportedIds.size === created.length && created.every(({ id }) => reportedIds.has(id));
    if (next.items.length > 0 || !isComplete) throw new Error('The trigger lost or repeated a case.');
  });
}

async function showInvalidInput({ reporter, client }: DemoContext): Promise<void> {
  await reporter.runStep('Errors', async (addLine) => {
    const error = await client.run('case.create', { titel: 'x', priority: 'hgh' }).then(
      () => undefined,
      (reason: unknown) => reason,
    );
    if (!(error instanceof ConnectorError)) throw new Error('An invalid input was accepted.');
    addLine(`invalid input is rejected before a request is sent: ${error.code}`);
    for (const { path, message } of error.details.issues ?? []) addLine(`  ${path || '(input)'}  ${message}`);
  });
}
