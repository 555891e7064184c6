import { expect } from 'chai';
import type { AssumptionName } from 'dynamics365-connector-sandbox';
import {
  type Checkpoint,
  type ConnectorError,
  type JsonObject,
  loadConnector,
  type UntypedOperations,
} from '../../src/index.ts';
import type { SandboxClient } from '../support/sandbox-client.ts';
import { createSteadyClock } from '../support/steady-clock.ts';
import { testTransport } from '../support/test-transport.ts';

type Promises = Readonly<Record<string, (fixture: SandboxClient) => Promise<void>>>;

const triggers: Promises = { 'triggers report created, updated and deleted rows': checkTriggers };
const bulkWrites: Promises = {
  'writeMany upserts by alternate key': checkUpserts,
  'writeMany updates rows by id': checkUpdates,
};
const newRows: Promises = {
  'rows of all tables are created': checkCreates,
  'writeMany creates rows row by row': checkCreatesInBatches,
};

const cascades: Promises = { 'triggers report what the organization changes by itself': checkCascades };

const missingId = '99999999-9999-4999-8999-999999999999';

/** What each reading could break. */
export const promisesOf: Readonly<Record<AssumptionName, Promises>> = {
  versionFilter: triggers,
  versionOrder: triggers,
  quotedGuid: triggers,
  deltaTokenTaken: triggers,
  deltaTokenCounts: triggers,
  targetKeyText: bulkWrites,
  bulkETag: bulkWrites,
  bulkUpdateByKey: bulkWrites,
  createByPatch: newRows,
  idOnCreate: { 'rows of all tables are created': checkCreates },
  writtenRow: {
    'rows of all tables are created': checkCreates,
    'writes and change sets return the row': checkWrittenRows,
  },
  principalKey: { 'a user and a team are named in every action': checkPrincipals },
  batchErrors: {
    'writeMany reports each row': checkRowErrors,
    'a change set names the step that failed': checkChangeSetError,
    'a long query reports its error': checkLongQuery,
  },
  repeatedBlock: { 'uploadFile saves the file although a response is lost': checkLostBlock },
  fetchPageSize: { 'query.fetch returns all rows': checkFetchPages },
  cascadeEvents: cascades,
  clearedLookupEvents: cascades,
  specialMessages: cascades,
  stateUpdateEvents: cascades,
  webhookAttempts: cascades,
  webhookOperationId: cascades,
  routing: { 'queue-item.route routes, or names the action that is missing': checkRouting },
};

async function checkTriggers(fixture: SandboxClient): Promise<void> {
  const { client } = fixture;
  const checkpoints = new Map<string, Checkpoint>();
  const poll = async (trigger: string): Promise<readonly unknown[]> => {
    const ids: unknown[] = [];
    for (let hasMore = true; hasMore; ) {
      const result = await client.poll(trigger, {}, checkpoints.get(trigger));
      checkpoints.set(trigger, result.checkpoint);
      ids.push(...result.items.map(({ row }) => row.id));
      hasMore = result.hasMore;
    }
    return ids;
  };
  const { id } = await create(fixture, 'contact.create', { lastName: 'Old' });
  for (const trigger of ['contact.created', 'contact.updated', 'contact.deleted']) await poll(trigger);
  const created = await create(fixture, 'contact.create', { lastName: 'New' });
  await client.run('contact.update', { id, lastName: 'Changed' });
  expect(await poll('contact.created')).to.deep.equal([created.id]);
  expect(await poll('contact.updated')).to.include(id);
  await client.run('contact.delete', { id });
  expect(await poll('contact.deleted')).to.deep.equal([id]);
}

/** Webhooks may be lost or missing: what they would say is in the triggers. */
async function checkCascades(fixture: SandboxClient): Promise<void> {
  const { client } = fixture;
  const account = await create(fixture, 'account.create', { name: 'Parent' });
  const company = { table: 'account', id: account.id };
  const contact = await create(fixture, 'contact.create', { lastName: 'Child', company });
  const { teamid } = await create(fixture, 'record.create', { table: 'team', values: { name: 'Owners' } });
  const start = new Map<string, Checkpoint>();
  for (const trigger of ['contact.updated', 'contact.deleted'])
    start.set(trigger, (await client.poll(trigger, {})).checkpoint);
  const reported = async (trigger: string): Promise<readonly unknown[]> => {
    const { items } = await client.poll(trigger, {}, start.get(trigger));
    return items.map(({ row }) => row.id);
  };
  await client.run('account.assign', { id: account.id, assignee: { table: 'team', id: String(teamid) } });
  expect(await reported('contact.updated')).to.include(contact.id);
  await client.run('account.delete', { id: account.id });
  expect(await reported('contact.deleted')).to.include(contact.id);
}

async function checkUpserts({ client }: SandboxClient): Promise<void> {
  // Dataverse does not support / < > * % & : \ ? + in the values of alternate keys.
  const emails = ["o'neil@example.com", 'a.b@example.com', 'a_b-c@example.com'];
  for (const city of ['Oslo', 'Bergen']) {
    const rows = emails.map((email) => ({ lastName: 'Key', email, city }));
    for await (const { error } of client.writeMany({
      table: 'contact',
      verb: 'upsert',
      matchOn: ['email'],
      rows,
      route: 'message',
    }))
      expect(error).to.equal(undefined);
    const query = { table: 'contacts', select: 'emailaddress1,address1_city', filter: "lastname eq 'Key'" };
    const stored: unknown[] = [];
    for await (const page of client.query(query))
      stored.push(...page.map((row) => `${row.emailaddress1} ${row.address1_city}`));
    expect(stored.sort()).to.deep.equal(emails.map((email) => `${email} ${city}`).sort());
  }
  for await (const page of client.query({
    table: 'contacts',
    select: 'contactid',
    filter: "lastname eq 'Key'",
  }))
    for (const { contactid } of page) await client.run('contact.delete', { id: String(contactid) });
}

async function checkUpdates(fixture: SandboxClient): Promise<void> {
  const { client } = fixture;
  const ids: string[] = [];
  for (const lastName of ['One', 'Two']) ids.push((await create(fixture, 'contact.create', { lastName })).id);
  const rows = ids.map((id) => ({ id, city: 'Rome' }));
  for await (const { error } of client.writeMany({
    table: 'contact',
    verb: 'update',
    rows,
    route: 'message',
  }))
    expect(error).to.equal(undefined);
  for (const id of ids) {
    expect((await client.run('contact.get', { id })).output).to.include({ city: 'Rome' });
    await client.run('contact.delete', { id });
  }
}

async function create(
  { client }: Pick<SandboxClient, 'client'>,
  action: string,
  input: JsonObject,
): Promise<JsonObject & { readonly id: string }> {
  return (await client.run(action, input)).output as JsonObject & { readonly id: string };
}

async function checkCreates(fixture: SandboxClient): Promise<void> {
  const { client, sandbox } = fixture;
  const { store } = sandbox.organization;
  const account = { table: 'account', id: (await create(fixture, 'account.create', { name: 'A' })).id };
  const queue = await create(fixture, 'queue.create', { name: 'Q' });
  const task = await create(fixture, 'task.create', { subject: 'T', regarding: account });
  const item = { queue: { id: queue.id }, item: { table: 'task', id: task.id } };
  const note = await create(fixture, 'note.create', { text: 'N', regarding: account });
  const { teamid } = await create(fixture, 'record.create', { table: 'team', values: { name: 'Crew' } });
  const ids = {
    account: account.id,
    queue: queue.id,
    task: task.id,
    queueitem: (await create(fixture, 'queue-item.create', item)).id,
    annotation: note.id,
    email: (await create(fixture, 'email.create', { subject: 'E' })).id,
    team: String(teamid),
  };
  for (const [table, id] of Object.entries(ids)) expect(store.read(table, id), table).not.to.equal(undefined);
  const { output } = await client.run('note.get', { id: note.id });
  expect(output).to.deep.include({ text: 'N' });
}

async function checkCreatesInBatches(fixture: SandboxClient): Promise<void> {
  const { client } = fixture;
  const { id } = await create(fixture, 'account.create', { name: 'B' });
  const regarding = { table: 'account', id };
  const rows = ['one', 'two', 'three'].map((text) => ({ text, regarding }));
  for await (const { error } of client.writeMany({ table: 'note', verb: 'create', rows, route: 'batch' }))
    expect(error).to.equal(undefined);
  const { output } = await client.run('note.list', { regardingId: regarding.id, limit: 10 });
  expect((output as JsonObject[]).map(({ text }) => text).sort()).to.deep.equal(['one', 'three', 'two']);
}

async function checkWrittenRows(fixture: SandboxClient): Promise<void> {
  const { client, sandbox } = fixture;
  const isReturned = sandbox.organization.assumptions.writtenRow === 'returned';
  const created = await create(fixture, 'contact.create', { lastName: 'Written' });
  expect(created.lastName).to.equal('Written');
  const changed = await client.run('contact.update', { id: created.id, city: 'Rome' });
  expect(changed.output).to.include({ id: created.id, city: 'Rome' });
  const key = { email: `${created.id}@example.com`, matchOn: ['email'] };
  for (const city of ['Oslo', 'Bergen']) {
    const upserted = await client.run('contact.upsert', { lastName: 'Key', city, ...key });
    expect(upserted.output).to.include({ city, email: key.email });
    expect(upserted.meta.created).to.equal(isReturned ? city === 'Oslo' : undefined);
  }
  const outputs = await client.changeSet([
    { name: 'person', action: 'contact.create', input: { lastName: 'Step' } },
    { action: 'contact.update', input: { id: { from: 'person' }, city: 'Turin' } },
  ]);
  expect(outputs.map((row) => (row as JsonObject).lastName)).to.deep.equal(['Step', 'Step']);
}

async function checkPrincipals(fixture: SandboxClient): Promise<void> {
  const { client, sandbox } = fixture;
  const { store } = sandbox.organization;
  const user = { table: 'user', id: (await client.check()).userId };
  const { teamid } = await create(fixture, 'record.create', { table: 'team', values: { name: 'Keys' } });
  const team = { table: 'team', id: String(teamid) };
  const { id } = await create(fixture, 'contact.create', { lastName: 'Shared' });
  for (const principal of [user, team]) {
    await client.run('contact.share', { id, with: principal, rights: ['ReadAccess'] });
    await client.run('contact.unshare', { id, with: principal });
  }
  await client.run('team.add-members', { id: team.id, users: [{ id: user.id }] });
  const queue = await create(fixture, 'queue.create', { name: 'Keys' });
  const task = await create(fixture, 'task.create', { subject: 'Keys' });
  const item = await create(fixture, 'queue-item.create', {
    queue: { id: queue.id },
    item: { table: 'task', id: task.id },
  });
  await client.run('queue-item.pick', { id: item.id, user: { id: user.id } });
  expect(store.read('queueitem', item.id)?.values.workerid).to.include({ id: user.id });
  await client.run('operation.call', {
    name: 'GrantAccess',
    kind: 'action',
    parameters: {
      Target: { table: 'contact', id },
      PrincipalAccess: { Principal: { table: 'team', id: team.id }, AccessMask: 'ReadAccess' },
    },
  });
}

async function checkRowErrors(fixture: SandboxClient): Promise<void> {
  const { client } = fixture;
  const { id } = await create(fixture, 'contact.create', { lastName: 'Rows' });
  const rows = [
    { id, city: 'One' },
    { id: missingId, city: 'None' },
    { id, city: 'Two' },
    { id: missingId, city: 'None' },
    { id, city: 'Three' },
  ];
  const codes: (string | undefined)[] = [];
  const job = { table: 'contact', verb: 'update', rows, route: 'batch' } as const;
  for await (const { error, index } of client.writeMany(job)) codes[index] = error?.code;
  expect(codes).to.deep.equal([undefined, 'NOT_FOUND', undefined, 'NOT_FOUND', undefined]);
  expect((await client.run('contact.get', { id })).output).to.include({ city: 'Three' });
}

async function checkChangeSetError({ client }: SandboxClient): Promise<void> {
  const steps = [
    { action: 'contact.create', input: { lastName: 'Undone' } },
    { action: 'contact.update', input: { id: missingId, city: 'None' } },
  ] as const;
  const error = await client.changeSet(steps).catch((reason: Error) => reason);
  expect(String(error)).to.include('Step 2').and.to.include('Does Not Exist');
}

async function checkLongQuery({ client }: SandboxClient): Promise<void> {
  // Dataverse takes up to 500 conditions.
  const conditions = Array.from({ length: 900 }, (_, at) => `lastname ne 'A person with the number ${at}'`);
  const query = { table: 'contacts', select: 'lastname', filter: conditions.join(' and ') };
  const error = await client
    .query(query)
    [Symbol.asyncIterator]()
    .next()
    .catch((reason: ConnectorError) => reason);
  expect(error).to.have.nested.property('details.serverCode', '0x8004430c');
}

async function checkLostBlock({ sandbox }: SandboxClient): Promise<void> {
  // The block is sent again after 2 seconds.
  const clock = createSteadyClock({ stepMs: 8 });
  const connector = await loadConnector<UntypedOperations>({ clock, transport: testTransport() });
  const getToken = () => ({ token: sandbox.issueToken() });
  const client = connector.connect(
    { orgUrl: sandbox.organization.origin },
    { kind: 'host', getToken },
    { allowLoopback: true },
  );
  const fixture = { client, sandbox };
  const regarding = { table: 'account', id: (await create(fixture, 'account.create', { name: 'File' })).id };
  const names = { fileName: 'a.txt', mimeType: 'text/plain' };
  const note = await create(fixture, 'note.create', { regarding, ...names });
  sandbox.organization.faults.add({ kind: 'reset', atByte: 0, path: '/UploadBlock' });
  const text = 'A file that arrives once.';
  const content = [new TextEncoder().encode(text)];
  await client.uploadFile({ noteId: note.id, ...names, content });
  const output = (await client.run('note.download', { id: note.id })).output as JsonObject;
  clock.close();
  expect(output).to.include({ size: 25, content: btoa(text) });
}

async function checkFetchPages(fixture: SandboxClient): Promise<void> {
  const { id } = await create(fixture, 'account.create', { name: 'Pages' });
  const parent = { table: 'account', id };
  for (const lastName of ['F1', 'F2', 'F3'])
    await create(fixture, 'contact.create', { lastName, company: parent });
  const query = `<fetch><entity name="contact"><attribute name="lastname"/><filter><condition attribute="parentcustomerid" operator="eq" value="${id}"/></filter></entity></fetch>`;
  const { output } = await fixture.client.run('query.fetch', { table: 'contact', query });
  expect(output).to.have.length(3);
  const rows: unknown[] = [];
  for await (const page of fixture.client.query({ table: 'contacts', fetchXml: query }, { pageSize: 2 }))
    rows.push(...page);
  expect(rows).to.have.length(3);
}

async function checkRouting(fixture: SandboxClient): Promise<void> {
  const queue = await create(fixture, 'queue.create', { name: 'Routed' });
  const task = await create(fixture, 'task.create', { subject: 'Routed' });
  const item = await create(fixture, 'queue-item.create', {
    queue: { id: queue.id },
    item: { table: 'task', id: task.id },
  });
  const input = { id: item.id, to: { table: 'user', id: (await fixture.client.check()).userId } };
  const error = await fixture.client.run('queue-item.route', input).then(
    () => undefined,
    (reason: Error) => reason,
  );
  const { store, assumptions } = fixture.sandbox.organization;
  if (assumptions.routing === 'missing') expect(String(error)).to.include('RouteTo');
  else expect(store.read('queueitem', item.id)?.values.workerid).to.include({ id: input.to.id });
}
