/**
 * The organization of the soak test of push, in its own process: a sandbox whose webhooks are dropped, doubled, reordered
 * and late, while rows are created, changed and deleted over its Web API, one by one and in bulk.
 */
import { randomUUID } from 'node:crypto';
import { createSandbox } from 'dynamics365-connector-sandbox';
import type { ChangedRow, OrganizationCommand, OrganizationInfo } from './messages.ts';

const limits = {
  maxRequests: Infinity,
  maxExecutionMs: Infinity,
  maxConcurrentRequests: Infinity,
  degreeOfParallelism: 64,
};
const sandbox = await createSandbox({ organizations: [{ name: 'contoso', data: 'empty' }], limits });
const { organization } = sandbox;
const { store, webhooks, faults } = organization;
const actor = { userId: organization.findSystemUserId(sandbox.app)! };
const customer = store.insert('contact', { lastname: 'Lind' }, actor).id;
const owners: string[] = [];
const freeRows: string[] = [];
/** How often each row was written. */
const touched = new Map<string, number>();
const parallelRequests = 4;
const minTouchedRows = 60;
const stormRows = Number(process.env.STORM_ROWS ?? 50);
let isChanging = false;
let changing: Promise<unknown> = Promise.resolve();

function prepare(count: number, rowsEach: number): OrganizationInfo {
  for (let index = 0; index < count; index++) {
    const id = randomUUID();
    store.insert('systemuser', { systemuserid: id, fullname: `Owner ${index}` }, actor);
    owners.push(id);
    for (let made = 0; made < rowsEach; made++)
      freeRows.push(
        store.insert('incident', { title: 'A case', ownerid: { table: 'systemuser', id } }, actor).id,
      );
  }
  webhooks.faults.add({ kind: 'drop', probability: 0.3, times: Infinity });
  webhooks.faults.add({ kind: 'duplicate', probability: 0.1, times: Infinity });
  webhooks.faults.add({ kind: 'reorder', probability: 0.1, times: Infinity });
  webhooks.faults.add({ kind: 'delay', ms: 60_000, probability: 0.02, times: Infinity });
  faults.add({
    kind: 'late-commit',
    ms: 1500,
    probability: 0.1,
    times: Infinity,
    method: 'POST',
    path: '/incidents',
  });
  faults.add({
    kind: 'late-commit',
    ms: 1500,
    probability: 0.1,
    times: Infinity,
    method: 'PATCH',
    path: '/incidents',
  });
  return {
    orgUrls: [organization.origin],
    token: sandbox.issueToken(sandbox.app),
    owners,
    reportsDeletions: true,
  };
}

const token = sandbox.issueToken(sandbox.app);

async function send(method: string, path: string, body?: object): Promise<void> {
  const response = await fetch(`${organization.origin}/api/data/v9.2/${path}`, {
    method,
    headers: {
      authorization: `Bearer ${token}`,
      'content-type': 'application/json',
      ...(method === 'POST' ? {} : { 'if-match': '*' }),
    },
    body: body === undefined ? null : JSON.stringify(body),
  });
  const text = await response.text();
  // A row whose transaction is open can neither be changed nor deleted.
  if (response.status >= 400 && method === 'POST') throw new Error(`${path}: ${response.status} ${text}`);
}

const countWrite = (id: string) => void touched.set(id, (touched.get(id) ?? 0) + 1);

const newCase = () => {
  const incidentid = randomUUID();
  countWrite(incidentid);
  const owner = owners[Math.floor(Math.random() * owners.length)];
  return {
    ...{ incidentid, title: 'A case', 'ownerid@odata.bind': `/systemusers(${owner})` },
    'customerid_contact@odata.bind': `/contacts(${customer})`,
  };
};

/** Makes one request: a bulk write in one of a hundred, else a single one. */
async function makeChange(): Promise<void> {
  const choice = Math.random();
  if (choice < 0.01) {
    const rows = Array.from({ length: stormRows }, () => newCase());
    const type = { '@odata.type': 'Microsoft.Dynamics.CRM.incident' };
    const Targets = rows.map((row) => ({ ...type, ...row }));
    await send('POST', 'incidents/Microsoft.Dynamics.CRM.CreateMultiple', { Targets });
    freeRows.push(...rows.map(({ incidentid }) => incidentid));
    return;
  }
  if (choice < 0.4 || freeRows.length === 0) {
    const row = newCase();
    await send('POST', 'incidents', row);
    freeRows.push(row.incidentid);
    return;
  }
  const [id = ''] = freeRows.splice(Math.floor(Math.random() * freeRows.length), 1);
  countWrite(id);
  if (choice > 0.92) return void (await send('DELETE', `incidents(${id})`));
  await send('PATCH', `incidents(${id})`, { title: `Change ${choice}` });
  freeRows.push(id);
}

async function changeUntilStopped(everyMs: number): Promise<void> {
  while (isChanging) {
    await makeChange();
    await new Promise((resolve) => setTimeout(resolve, everyMs * parallelRequests));
  }
}

/** A busy machine makes few changes in a short test, so it goes on until there are some. */
async function stopChanging(): Promise<void> {
  const wait = (ms: number) => new Promise((resolve) => setTimeout(resolve, ms));
  while (touched.size < minTouchedRows) await wait(50);
  isChanging = false;
  await changing;
  // The last late commits become visible.
  await wait(2000);
}

/** The touched rows as they are at the end. */
function readChanges(): readonly ChangedRow[] {
  const ownerOf = new Map(owners.map((id, owner) => [id, owner]));
  return [...touched].map(([id, writes]) => {
    const row = store.read('incident', id);
    const owner = row?.values.ownerid as { readonly id: string } | undefined;
    return { owner: ownerOf.get(owner?.id ?? '') ?? 0, id, version: row?.version, writes };
  });
}

process.on('message', (command: OrganizationCommand) => {
  if (command.do === 'prepare') process.send!(prepare(command.owners, command.rowsEach));
  if (command.do === 'start') {
    isChanging = true;
    const { everyMs } = command;
    changing = Promise.all(Array.from({ length: parallelRequests }, () => changeUntilStopped(everyMs)));
  }
  if (command.do === 'stop') void stopChanging().then(() => process.send!(readChanges()));
});
process.on('disconnect', () => process.exit());
