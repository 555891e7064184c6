/** The organisation of a soak, in a process of its own: a sandbox where rows appear and change, each once. */
import { randomUUID } from 'node:crypto';
import { createSandbox } from 'dynamics365-connector-sandbox';
import type { OrganisationFacts, OrganisationOrder, Truth } from './messages.ts';

/** One of so many rows becomes visible only later, as after a long transaction. */
const LATE_EVERY = 4;
const LATE_MS = 1500;

const limits = { requests: Infinity, executionMs: Infinity, concurrent: Infinity, parallelism: 64 };
const sandbox = await createSandbox({ organisations: [{ name: 'contoso', data: 'empty' }], limits });
const { organisation } = sandbox;
const { store } = organisation;
const actor = { userId: organisation.userIdOf(sandbox.app)! };
const owners: string[] = [];
const unchanged = new Map<number, string[]>();
const truth: Truth[] = [];
let timer: NodeJS.Timeout | undefined;

/** Owners, and rows of the odd ones that wait to be changed. */
function prepare(count: number, rowsEach: number): OrganisationFacts {
  for (let index = 0; index < count; index++) {
    const id = randomUUID();
    store.insert('systemuser', { systemuserid: id, fullname: `Owner ${index}` }, actor);
    owners.push(id);
    if (index % 2 === 1)
      unchanged.set(
        index,
        Array.from({ length: rowsEach }, () => insert(index)),
      );
  }
  return { orgUrl: organisation.origin, token: sandbox.tokenFor(sandbox.app), owners };
}

function insert(owner: number): string {
  const values = { title: 'A case', ownerid: { table: 'systemuser', id: owners[owner]! } };
  return store.insert('incident', values, actor).id;
}

/** Something happens to an owner's cases: an even one gets a new case, an odd one's case changes. */
function happen(step: number): void {
  const owner = Math.floor(Math.random() * owners.length);
  const late = step % LATE_EVERY === 0;
  const work = <T>(act: () => T): T => (late ? store.commitLater(Date.now() + LATE_MS, act) : act());
  if (owner % 2 === 0) truth.push({ owner, row: work(() => insert(owner)) });
  else {
    const id = unchanged.get(owner)!.pop();
    if (id === undefined) return;
    work(() => store.update({ table: 'incident', id, values: { title: 'A changed case' }, actor }));
    truth.push({ owner, row: id });
  }
}

process.on('message', async (order: OrganisationOrder) => {
  if (order.do === 'prepare') process.send!(prepare(order.owners, order.rowsEach));
  if (order.do === 'start') {
    let step = 0;
    timer = setInterval(() => happen(step++), order.everyMs);
  }
  if (order.do === 'stop') {
    clearInterval(timer);
    process.send!(truth);
  }
});
process.on('disconnect', () => process.exit());
