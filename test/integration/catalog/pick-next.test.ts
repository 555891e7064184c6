import { expect } from 'chai';
import type { ConnectorError, JsonObject } from '../../../src/index.ts';
import { type CatalogFixture, openFixture } from './exercises/fixture.ts';

describe('queue.pick-next', () => {
  let fixture: CatalogFixture;
  let queue: { readonly table: string; readonly id: string };
  beforeEach(async () => {
    fixture = await openFixture();
    queue = { table: 'queue', id: fixture.add('queue').id };
  });
  afterEach(() => fixture.close());

  const addItems = (count: number) =>
    Array.from({ length: count }, () => fixture.add('queueitem', { queueid: queue }).id);
  const pick = async (input: JsonObject = {}) =>
    (await fixture.run('queue.pick-next', { id: queue.id, ...input })).queueItemId;
  const workers = () =>
    fixture.rowsWith('queueitem', { queueid: queue.id }).filter(({ values }) => values.workerid);

  it('gives each of many users who pick at the same time another item', async () => {
    const items = addItems(8);
    const users = Array.from({ length: 10 }, () => ({ id: fixture.add('user').id }));
    const picked = await Promise.all(users.map((user) => pick({ user })));
    expect(picked.filter((id) => id === null)).to.have.length(2);
    expect(picked.filter((id) => id !== null)).to.have.members(items);
    const workerIds = workers().map(({ values }) => (values.workerid as { id: string }).id);
    expect(new Set(workerIds).size).to.equal(8);
  });

  it('takes one item although the response was lost', async () => {
    const items = addItems(3);
    fixture.sandbox.organization.faults.add({
      kind: 'reset',
      atByte: 0,
      method: 'PATCH',
      path: '/queueitems',
    });
    expect(items).to.include(await pick());
    expect(workers()).to.have.length(1);
  });

  it('fails if it cannot read whether a lost response took an item, and takes no other item', async () => {
    addItems(3);
    const { faults } = fixture.sandbox.organization;
    faults.add({ kind: 'reset', atByte: 0, method: 'PATCH', path: '/queueitems' });
    const body = { error: { code: '0x80040220', message: 'The user lacks prvReadQueueItem.' } };
    faults.add({ kind: 'status', status: 403, body, method: 'GET', path: '/queueitems(' });
    const error = await pick().catch((reason: ConnectorError) => reason);
    expect(error).to.include({ code: 'ACCESS_DENIED' });
    expect(workers()).to.have.length(1);
  });

  it('leaves out items of other queues, and items that are inactive or have a worker', async () => {
    const [taken, inactive, free] = addItems(3);
    fixture.add('queueitem');
    fixture.change('queueitem', taken!, { workerid: { table: 'systemuser', id: fixture.me.id } });
    fixture.change('queueitem', inactive!, { statecode: 1 });
    expect(await pick()).to.equal(free);
    expect(await pick()).to.equal(null);
  });
});
