/** The organization of a soak test, in its own process: a sandbox that creates, changes and deletes rows. */
import { randomUUID } from 'node:crypto';
import { createSandbox } from 'dynamics365-connector-sandbox';
import type { ChangedRow, OrganizationCommand, OrganizationInfo } from './messages.ts';

/** Every fourth change becomes visible later, as after a long transaction. */
const delayedEvery = 4;
const visibilityDelayMs = 1500;
/** So many connections read the organization, each with a feed of its own. */
const feedCount = 5;

const limits = {
  maxRequests: Infinity,
  maxExecutionMs: Infinity,
  maxConcurrentRequests: Infinity,
  degreeOfParallelism: 64,
};
const sandbox = await createSandbox({ organizations: [{ name: 'contoso', data: 'empty' }], limits });
const { organization } = sandbox;
const { store } = organization;
const actor = { userId: organization.findSystemUserId(sandbox.app)! };
const owners: string[] = [];
/** The existing rows of each owner, without those that a transaction has locked. */
const freeRows: string[][] = [];
const changedRows = new Map<string, ChangedRow>();
let timer: NodeJS.Timeout | undefined;

function prepare(count: number, rowsEach: number): OrganizationInfo {
  for (let index = 0; index < count; index++) {
    const id = randomUUID();
    store.insert('systemuser', { systemuserid: id, fullname: `Owner ${index}` }, actor);
    owners.push(id);
    freeRows.push(Array.from({ length: rowsEach }, () => insert(index).id));
  }
  const orgUrls = Array.from({ length: feedCount }, () => organization.origin);
  return { orgUrls, token: sandbox.issueToken(sandbox.app), owners, reportsDeletions: true };
}

function insert(owner: number) {
  const values = { title: 'A case', ownerid: { table: 'systemuser', id: owners[owner]! } };
  return store.insert('incident', values, actor);
}

/** Creates, changes or deletes a case of a random owner. */
function makeChange(step: number): void {
  const owner = Math.floor(Math.random() * owners.length);
  const rows = freeRows[owner]!;
  const at = Math.floor(Math.random() * rows.length);
  const choice = Math.random();
  const id = choice < 0.4 ? undefined : rows.splice(at, 1)[0];
  if (id !== undefined && choice > 0.9) {
    store.delete('incident', id);
    changedRows.set(id, { owner, id });
    return;
  }
  const write = () =>
    id === undefined
      ? insert(owner)
      : store.update({ table: 'incident', id, values: { title: `Change ${step}` }, actor });
  const isDelayed = step % delayedEvery === 0;
  const row = isDelayed ? store.commitLater(Date.now() + visibilityDelayMs, write) : write();
  changedRows.set(row.id, { owner, id: row.id, version: row.version });
  if (isDelayed) setTimeout(() => rows.push(row.id), visibilityDelayMs + 100);
  else rows.push(row.id);
}

process.on('message', (command: OrganizationCommand) => {
  if (command.do === 'prepare') process.send!(prepare(command.owners, command.rowsEach));
  if (command.do === 'start') {
    let step = 0;
    timer = setInterval(() => makeChange(step++), command.everyMs);
  }
  if (command.do === 'stop') {
    clearInterval(timer);
    process.send!([...changedRows.values()]);
  }
});
process.on('disconnect', () => process.exit());
