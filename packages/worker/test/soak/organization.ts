/** The organization of a soak test, in its own process: a sandbox that creates and changes rows, each once. */
import { randomUUID } from 'node:crypto';
import { createSandbox } from 'dynamics365-connector-sandbox';
import type { ExpectedEvent, OrganizationCommand, OrganizationInfo } from './messages.ts';

/** Every fourth change becomes visible later, as after a long transaction. */
const delayedEvery = 4;
const visibilityDelayMs = 1500;

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
const unchangedRows = new Map<number, string[]>();
const expectedEvents: ExpectedEvent[] = [];
let timer: NodeJS.Timeout | undefined;

/** Creates the owners. The rows of owners with an odd index are created now and changed later. */
function prepare(count: number, rowsEach: number): OrganizationInfo {
  for (let index = 0; index < count; index++) {
    const id = randomUUID();
    store.insert('systemuser', { systemuserid: id, fullname: `Owner ${index}` }, actor);
    owners.push(id);
    if (index % 2 === 1)
      unchangedRows.set(
        index,
        Array.from({ length: rowsEach }, () => insert(index)),
      );
  }
  return { orgUrl: organization.origin, token: sandbox.issueToken(sandbox.app), owners };
}

function insert(owner: number): string {
  const values = { title: 'A case', ownerid: { table: 'systemuser', id: owners[owner]! } };
  return store.insert('incident', values, actor).id;
}

/** Changes the cases of a random owner: an even index gets a new case, an odd index changes one. */
function makeChange(step: number): void {
  const owner = Math.floor(Math.random() * owners.length);
  const delayed = step % delayedEvery === 0;
  const commit = <T>(write: () => T): T =>
    delayed ? store.commitLater(Date.now() + visibilityDelayMs, write) : write();
  if (owner % 2 === 0) expectedEvents.push({ owner, row: commit(() => insert(owner)) });
  else {
    const id = unchangedRows.get(owner)!.pop();
    if (id === undefined) return;
    commit(() => store.update({ table: 'incident', id, values: { title: 'A changed case' }, actor }));
    expectedEvents.push({ owner, row: id });
  }
}

process.on('message', async (command: OrganizationCommand) => {
  if (command.do === 'prepare') process.send!(prepare(command.owners, command.rowsEach));
  if (command.do === 'start') {
    let step = 0;
    timer = setInterval(() => makeChange(step++), command.everyMs);
  }
  if (command.do === 'stop') {
    clearInterval(timer);
    process.send!(expectedEvents);
  }
});
process.on('disconnect', () => process.exit());
