/** The organization of a soak, in a process of its own: a sandbox where rows appear and change, each once. */
import { randomUUID } from 'node:crypto';
import { createSandbox } from 'dynamics365-connector-sandbox';
import type { ExpectedEvent, OrganizationCommand, OrganizationInfo } from './messages.ts';

/** One of so many rows becomes visible only later, as after a long transaction. */
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

/** Owners, and rows of the odd ones that wait to be changed. */
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

/** Something happens to an owner's cases: an even one gets a new case, an odd one's case changes. */
function makeChange(step: number): void {
  const owner = Math.floor(Math.random() * owners.length);
  const delayed = step % delayedEvery === 0;
  const work = <T>(act: () => T): T =>
    delayed ? store.commitLater(Date.now() + visibilityDelayMs, act) : act();
  if (owner % 2 === 0) expectedEvents.push({ owner, row: work(() => insert(owner)) });
  else {
    const id = unchangedRows.get(owner)!.pop();
    if (id === undefined) return;
    work(() => store.update({ table: 'incident', id, values: { title: 'A changed case' }, actor }));
    expectedEvents.push({ owner, row: id });
  }
}

process.on('message', async (options: OrganizationCommand) => {
  if (options.do === 'prepare') process.send!(prepare(options.owners, options.rowsEach));
  if (options.do === 'start') {
    let step = 0;
    timer = setInterval(() => makeChange(step++), options.everyMs);
  }
  if (options.do === 'stop') {
    clearInterval(timer);
    process.send!(expectedEvents);
  }
});
process.on('disconnect', () => process.exit());
