import { expect } from 'chai';
import { loadConnector, type PollItem } from 'dynamics365-connector';
import { openConnection, runtimeOf } from 'dynamics365-connector/host';
import { createSandbox, type Sandbox } from 'dynamics365-connector-sandbox';
import { createReread } from '../src/reread-item.ts';
import type { RereadItem } from '../src/subscription.ts';
import { createEvent, createSubscription } from './fixture.ts';

describe('worker: createReread', () => {
  let sandbox: Sandbox;
  let reread: RereadItem;
  before(async () => {
    sandbox = await createSandbox({ organizations: [{ name: 'contoso', data: 'empty' }] });
    const getToken = () => ({ token: sandbox.issueToken(sandbox.app) });
    const settings = { orgUrl: sandbox.organization.origin };
    const runtime = runtimeOf(await loadConnector());
    const connection = openConnection(runtime, settings, { kind: 'host', getToken }, { allowLoopback: true });
    reread = createReread(new Map([['contoso', connection]]));
  });
  after(() => sandbox.close());

  const readAgain = (
    rowId: string,
    item: PollItem = createEvent(rowId, 'e1').item,
    subscription = createSubscription(),
  ) => {
    const delivery = {
      sequence: 1,
      subscription: 'a',
      trigger: 'case.created',
      target: 'a',
      rowId,
      item,
      attempt: 1,
      refusals: 0,
    };
    return reread(subscription, delivery, new AbortController().signal);
  };

  it('returns the item with the row as it is now', async () => {
    const actor = { userId: sandbox.organization.findSystemUserId(sandbox.user)! };
    const { id } = sandbox.organization.store.insert('incident', { title: 'As it is now' }, actor);
    const item = await readAgain(id);
    expect(item).to.include({ id: 'e1', change: 'created' });
    expect(item.row).to.include({ id, title: 'As it is now' });
  });

  it('reads a row of any table with its columns by their logical names', async () => {
    const actor = { userId: sandbox.organization.findSystemUserId(sandbox.user)! };
    const { id } = sandbox.organization.store.insert('task', { subject: 'Call back' }, actor);
    const params = { table: 'task' };
    const { row } = await readAgain(id, undefined, createSubscription({ trigger: 'record.created', params }));
    expect(row).to.include({ activityid: id, subject: 'Call back' });
  });

  it('returns a deletion if the row does not exist any more', async () => {
    const rowId = '00000000-0000-4000-8000-000000000001';
    expect(await readAgain(rowId)).to.deep.include({ change: 'deleted', row: { id: rowId } });
  });

  it('returns a stored deletion as it is', async () => {
    const item: PollItem = { ...createEvent('r', 'e1').item, change: 'deleted', row: { id: 'r' } };
    expect(await readAgain('r', item)).to.deep.equal(item);
  });
});
