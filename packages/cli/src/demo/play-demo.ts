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
import { cellText, renderTable } from '../table.ts';
import type { Story } from './story.ts';

/** The main job from end to end over real HTTP: load, sign in, work on cases, and be told of them exactly once. */
export async function playDemo(story: Story, sandbox: Sandbox, folder: string | undefined): Promise<void> {
  const { origin } = sandbox.organisation;
  const connector = await load(story, folder);
  await story.step('Start', async (fact) => {
    fact(`${origin}  an organisation with sample data`);
    fact(`${sandbox.authority.url}  its sign-in authority`);
  });
  const client = await signIn(story, connector, sandbox);
  let checkpoint = await mark(story, client);
  const opened = await openCases(story, client);
  await list(story, client);
  await workOn(story, client, sandbox, opened);
  checkpoint = await watch(story, client, checkpoint, opened);
  await refuse(story, client);
}

async function load(story: Story, folder: string | undefined): Promise<Connector> {
  return await story.step('Load', async (fact) => {
    const start = performance.now();
    const connector = await loadConnector({ folder });
    const { actions, triggers, tables } = connector.definition;
    const [a, b, c] = [actions, triggers, tables].map((all) => Object.keys(all).length);
    fact(
      `connector.yaml: ${a} actions, ${b} triggers, ${c} tables, checked in ${Math.round(performance.now() - start)} ms`,
    );
    return connector;
  });
}

async function signIn(story: Story, connector: Connector, sandbox: Sandbox): Promise<Client> {
  return await story.step('Sign in', async (fact) => {
    const settings = { orgUrl: sandbox.organisation.origin };
    const options = { allowLoopback: true, localAuthority: sandbox.authority.url };
    const user = {
      app: { clientId: sandbox.app.clientId, secret: new Secret(sandbox.app.clientSecret!) },
      vault: await openVault({ store: connector.world.store, keys: keysInMemory() }),
      connection: 'demo',
    };
    const session = connector.signIn(settings, user, options);
    const { url } = await session.start({ redirectUri: 'http://localhost/callback' });
    const account = await session.finish(await sandbox.signInAutomatically(url));
    fact(`${account.name ?? account.userName} signed in: authorization code with PKCE, tokens sealed`);
    fact(`scopes ${new URL(url).searchParams.get('scope')}`);
    return connector.connect(settings, { kind: 'user', ...user }, options);
  });
}

function keysInMemory() {
  let keys: Secret | undefined;
  return {
    load: async () => keys,
    create: async (fresh: Secret) => {
      keys ??= fresh;
    },
  };
}

async function mark(story: Story, client: Client): Promise<Checkpoint> {
  return await story.step('Watch', async (fact) => {
    const { items, checkpoint } = await client.poll('case.created');
    fact(`case.created marks its place; ${items.length} items, what is old is no news`);
    return checkpoint;
  });
}

const stories = [
  { title: "Printer on floor 2 says 'out of cheese'", priority: 'high', origin: 'phone' },
  { title: 'Invoice 50% too high', priority: 'normal', origin: 'email' },
  { title: 'Cannot sign in after holidays', priority: 'low', origin: 'web' },
];

async function openCases(story: Story, client: Client): Promise<readonly JsonObject[]> {
  return await story.step('Create', async (fact) => {
    const { output } = await client.run('account.list', { limit: 1 });
    const [account] = output as readonly JsonObject[];
    const rows: JsonObject[] = [];
    for (const [index, story] of stories.entries()) {
      const input = { ...story, customer: { table: 'account', id: account!.id! } };
      const created = await client.run('case.create', input, { idempotencyKey: `demo-${index}` });
      rows.push(created.output as JsonObject);
    }
    const again = await client.run(
      'case.create',
      { ...stories[0], customer: { table: 'account', id: account!.id! } },
      { idempotencyKey: 'demo-0' },
    );
    fact(`${rows.length} cases for ${account!.name}: ${rows.map((row) => row.number).join(', ')}`);
    fact(
      `the first once more with the same key: ${again.meta.replayed ? 'the same row, no second one' : 'a second row!'}`,
    );
    return rows;
  });
}

async function list(story: Story, client: Client): Promise<void> {
  await story.step('List', async (fact) => {
    const { output, meta } = await client.run('case.list', { state: 'active', limit: 5 });
    const names = ['number', 'title', 'priority', 'customer', 'owner'];
    const rows = (output as readonly JsonObject[]).map((row) => names.map((name) => cellText(row[name])));
    fact(`the newest active cases${meta.more ? ' (there are more, and meta.more says so)' : ''}`);
    fact(renderTable(names, rows));
    let count = 0;
    for await (const _ of client.list('case.list', {}, { pageSize: 20 })) count++;
    fact(`client.list() walks on: ${count} cases over ${Math.ceil(count / 20)} pages, no cap`);
  });
}

async function workOn(
  story: Story,
  client: Client,
  sandbox: Sandbox,
  [first, second]: readonly JsonObject[],
): Promise<void> {
  await story.step('Update', async (fact) => {
    sandbox.organisation.faults.add({ kind: 'status', status: 429, retryAfterSeconds: 1 });
    const { output, meta } = await client.run('case.update', { id: second!.id!, priority: 'high' });
    fact(
      `${second!.number} is now ${(output as JsonObject).priority}; the organisation said 429 first: ${meta.attempts} attempts`,
    );
  });
  await story.step('Resolve', async (fact) => {
    const resolved = { id: first!.id!, subject: 'Cheese refilled', minutesSpent: 15 };
    await client.run('case.resolve', resolved);
    const { output } = await client.run('case.get', { id: first!.id! });
    fact(`${first!.number} is ${(output as JsonObject).state} (${(output as JsonObject).status})`);
  });
}

async function watch(
  story: Story,
  client: Client,
  from: Checkpoint,
  opened: readonly JsonObject[],
): Promise<Checkpoint> {
  return await story.step('Poll', async (fact) => {
    const { items, checkpoint } = await client.poll('case.created', {}, from);
    fact(`case.created reports ${items.map(({ row }) => row.number).join(', ')}`);
    const again = await client.poll('case.created', {}, checkpoint);
    fact(`and once more: ${again.items.length} items, each exactly once`);
    const seen = new Set(items.map(({ row }) => row.id));
    if (again.items.length > 0 || seen.size !== opened.length || !opened.every((row) => seen.has(row.id!))) {
      throw new Error('the trigger lost or repeated a case');
    }
    return again.checkpoint;
  });
}

async function refuse(story: Story, client: Client): Promise<void> {
  await story.step('Mistakes', async (fact) => {
    const error = await client.run('case.create', { titel: 'x', priority: 'hgh' }).then(
      () => undefined,
      (reason: unknown) => reason,
    );
    if (!(error instanceof ConnectorError)) throw new Error('a wrong input was accepted');
    fact(`a wrong input is refused before anything is sent: ${error.code}`);
    for (const { path, message } of error.details.issues ?? []) fact(`  ${path || '(input)'}  ${message}`);
  });
}
