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
import type { Sandbox } from 'dynamics365-connector-sandbox';
import { cellText, renderTable } from '../print-table.ts';
import type { DemoReporter } from './demo-reporter.ts';

/** The main job from end to end over real HTTP: load, sign in, work on cases, and be told of them exactly once. */
export async function runDemo(
  reporter: DemoReporter,
  sandbox: Sandbox,
  folder: string | undefined,
): Promise<void> {
  const { origin } = sandbox.organization;
  const connector = await loadManifest(reporter, folder);
  await reporter.runStep('Start', async (printStep) => {
    printStep(`${origin}  an organization with sample data`);
    printStep(`${sandbox.authority.url}  its sign-in authority`);
  });
  const client = await signIn(reporter, connector, sandbox);
  let checkpoint = await startPolling(reporter, client);
  const opened = await createCases(reporter, client);
  await listCases(reporter, client);
  await updateAndResolve(reporter, client, sandbox, opened);
  checkpoint = await pollNewCases(reporter, client, checkpoint, opened);
  await showInvalidInput(reporter, client);
}

async function loadManifest(reporter: DemoReporter, folder: string | undefined): Promise<Connector> {
  return await reporter.runStep('Load', async (printStep) => {
    const start = performance.now();
    const connector = await loadConnector({ folder });
    const { actions, triggers, tables } = connector.definition;
    const [a, b, c] = [actions, triggers, tables].map((all) => Object.keys(all).length);
    printStep(
      `connector.yaml: ${a} actions, ${b} triggers, ${c} tables, checked in ${Math.round(performance.now() - start)} ms`,
    );
    return connector;
  });
}

async function signIn(reporter: DemoReporter, connector: Connector, sandbox: Sandbox): Promise<Client> {
  return await reporter.runStep('Sign in', async (printStep) => {
    const settings = { orgUrl: sandbox.organization.origin };
    const options = { allowLoopback: true, localAuthority: sandbox.authority.url };
    const user = {
      app: { clientId: sandbox.app.clientId, clientSecret: new Secret(sandbox.app.clientSecret!) },
      vault: await openVault({ store: connector.services.store, keys: createMemoryKeys() }),
      connection: 'demo',
    };
    const session = connector.signIn(settings, user, options);
    const { url } = await session.start({ redirectUri: 'http://localhost/callback' });
    const account = await session.finish(await sandbox.signInAutomatically(url));
    printStep(`${account.name ?? account.userName} signed in: authorization code with PKCE, tokens sealed`);
    printStep(`scopes ${new URL(url).searchParams.get('scope')}`);
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

async function startPolling(reporter: DemoReporter, client: Client): Promise<Checkpoint> {
  return await reporter.runStep('Watch', async (printStep) => {
    const { items, checkpoint } = await client.poll('case.created');
    printStep(`case.created marks its place; ${items.length} items, what is old is no news`);
    return checkpoint;
  });
}

const sampleCases = [
  { title: "Printer on floor 2 says 'out of cheese'", priority: 'high', origin: 'phone' },
  { title: 'Invoice 50% too high', priority: 'normal', origin: 'email' },
  { title: 'Cannot sign in after holidays', priority: 'low', origin: 'web' },
];

async function createCases(reporter: DemoReporter, client: Client): Promise<readonly JsonObject[]> {
  return await reporter.runStep('Create', async (printStep) => {
    const { output } = await client.run('account.list', { limit: 1 });
    const [account] = output as readonly JsonObject[];
    const rows: JsonObject[] = [];
    for (const [index, reporter] of sampleCases.entries()) {
      const input = { ...reporter, customer: { table: 'account', id: account!.id! } };
      const created = await client.run('case.create', input, { idempotencyKey: `demo-${index}` });
      rows.push(created.output as JsonObject);
    }
    const again = await client.run(
      'case.create',
      { ...sampleCases[0], customer: { table: 'account', id: account!.id! } },
      { idempotencyKey: 'demo-0' },
    );
    printStep(`${rows.length} cases for ${account!.name}: ${rows.map((row) => row.number).join(', ')}`);
    printStep(
      `the first once more with the same key: ${again.meta.replayed ? 'the same row, no second one' : 'a second row!'}`,
    );
    return rows;
  });
}

async function listCases(reporter: DemoReporter, client: Client): Promise<void> {
  await reporter.runStep('List', async (printStep) => {
    const { output, meta } = await client.run('case.list', { state: 'active', limit: 5 });
    const names = ['number', 'title', 'priority', 'customer', 'owner'];
    const rows = (output as readonly JsonObject[]).map((row) => names.map((name) => cellText(row[name])));
    printStep(`the newest active cases${meta.hasMore ? ' (there are more, and meta.hasMore says so)' : ''}`);
    printStep(renderTable(names, rows));
    let count = 0;
    for await (const _ of client.list('case.list', {}, { pageSize: 20 })) count++;
    printStep(`client.list() walks on: ${count} cases over ${Math.ceil(count / 20)} pages, no cap`);
  });
}

async function updateAndResolve(
  reporter: DemoReporter,
  client: Client,
  sandbox: Sandbox,
  [first, second]: readonly JsonObject[],
): Promise<void> {
  await reporter.runStep('Update', async (printStep) => {
    sandbox.organization.faults.add({ kind: 'status', status: 429, retryAfterSeconds: 1 });
    const { output, meta } = await client.run('case.update', { id: second!.id!, priority: 'high' });
    printStep(
      `${second!.number} is now ${(output as JsonObject).priority}; the organization said 429 first: ${meta.attempts} attempts`,
    );
  });
  await reporter.runStep('Resolve', async (printStep) => {
    const resolved = { id: first!.id!, subject: 'Cheese refilled', minutesSpent: 15 };
    await client.run('case.resolve', resolved);
    const { output } = await client.run('case.get', { id: first!.id! });
    printStep(`${first!.number} is ${(output as JsonObject).state} (${(output as JsonObject).status})`);
  });
}

async function pollNewCases(
  reporter: DemoReporter,
  client: Client,
  from: Checkpoint,
  opened: readonly JsonObject[],
): Promise<Checkpoint> {
  return await reporter.runStep('Poll', async (printStep) => {
    const { items, checkpoint } = await client.poll('case.created', {}, from);
    printStep(`case.created reports ${items.map(({ row }) => row.number).join(', ')}`);
    const again = await client.poll('case.created', {}, checkpoint);
    printStep(`and once more: ${again.items.length} items, each exactly once`);
    const seen = new Set(items.map(({ row }) => row.id));
    if (again.items.length > 0 || seen.size !== opened.length || !opened.every((row) => seen.has(row.id!))) {
      throw new Error('the trigger lost or repeated a case');
    }
    return again.checkpoint;
  });
}

async function showInvalidInput(reporter: DemoReporter, client: Client): Promise<void> {
  await reporter.runStep('Mistakes', async (printStep) => {
    const error = await client.run('case.create', { titel: 'x', priority: 'hgh' }).then(
      () => undefined,
      (reason: unknown) => reason,
    );
    if (!(error instanceof ConnectorError)) throw new Error('a wrong input was accepted');
    printStep(`a wrong input is refused before anything is sent: ${error.code}`);
    for (const { path, message } of error.details.issues ?? [])
      printStep(`  ${path || '(input)'}  ${message}`);
  });
}
