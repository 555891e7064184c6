import { expect } from 'chai';
import type { Checkpoint, JsonObject, PollItem } from '../../../src/index.ts';
import { type Bench, openBench } from '../../support/sandbox-client.ts';

/** Each trigger is told to begin, then something is done, and the next poll must tell exactly that. */
describe('triggers on a real organisation', function () {
  this.timeout(60_000);
  let bench: Bench;
  let customer: JsonObject;
  const run = async (action: string, input: JsonObject): Promise<JsonObject> =>
    (await bench.client.run(action, input)).output as JsonObject;

  before(async () => {
    bench = await openBench();
    const { id } = await run('account.create', { name: 'Fabrikam, Inc.' });
    customer = { table: 'account', id: id! };
  });
  after(() => bench.close());

  /** The change and the row of each item that the trigger tells of what was done. */
  async function told(trigger: string, act: () => Promise<unknown>): Promise<readonly PollItem[]> {
    const { checkpoint } = await bench.client.poll(trigger);
    await act();
    let place: Checkpoint = checkpoint;
    const items: PollItem[] = [];
    for (;;) {
      const result = await bench.client.poll(trigger, {}, place);
      items.push(...result.items);
      place = result.checkpoint;
      if (!result.more) break;
    }
    const again = await bench.client.poll(trigger, {}, place);
    expect(again.items, `${trigger} told twice`).to.deep.equal([]);
    return items;
  }

  const newCase = async (): Promise<JsonObject> => await run('case.create', { title: 'Kettle', customer });

  for (const [table, input, change] of [
    ['account', { name: 'Contoso' }, { city: 'Berlin' }],
    ['contact', { lastName: 'Nguyen' }, { jobTitle: 'Buyer' }],
    ['lead', { subject: 'Ten kettles', lastName: 'Nguyen' }, { rating: 'hot' }],
    ['opportunity', { name: 'Ten kettles' }, { probability: 40 }],
    ['task', { subject: 'Call back' }, { percentComplete: 10 }],
    ['phonecall', { subject: 'Called back' }, { voicemail: true }],
  ] as const) {
    it(`${table}.created, updated and deleted tell of that row`, async () => {
      let row: JsonObject = {};
      const created = await told(`${table}.created`, async () => {
        row = await run(`${table}.create`, input);
      });
      expect(created.map(({ change: what, row: { id } }) => [what, id])).to.deep.equal([['created', row.id]]);
      const updated = await told(`${table}.updated`, () =>
        run(`${table}.update`, { id: row.id!, ...change }),
      );
      expect(updated.map(({ change: what, row: { id } }) => [what, id])).to.deep.equal([['updated', row.id]]);
      expect(updated[0]!.row).to.deep.include(change);
      const deleted = await told(`${table}.deleted`, () => run(`${table}.delete`, { id: row.id! }));
      expect(deleted.map(({ change: what, row: gone }) => [what, gone])).to.deep.equal([
        ['deleted', { id: row.id }],
      ]);
    });
  }

  it('case.assigned tells of a new owner, not of other changes', async () => {
    const { id } = await newCase();
    const team = bench.sandbox.organisation.store.insert(
      'team',
      { name: 'Second line' },
      { userId: id as string },
    );
    const items = await told('case.assigned', async () => {
      await run('case.update', { id: id!, priority: 'low' });
      await run('case.assign', { id: id!, assignee: { table: 'team', id: team.id } });
    });
    expect(items.map(({ row }) => (row.owner as JsonObject).id)).to.deep.equal([team.id]);
  });

  it('case.priority-changed and case.escalated tell of what a case became', async () => {
    const { id } = await newCase();
    const urgent = await told('case.priority-changed', () =>
      run('case.update', { id: id!, priority: 'high' }),
    );
    expect(urgent.map(({ row }) => row.priority)).to.deep.equal(['high']);
    const escalated = await told('case.escalated', () => run('case.update', { id: id!, escalated: true }));
    expect(escalated.map(({ row }) => row.id)).to.deep.equal([id]);
  });

  it('case.resolved tells of the resolution, case.reopened of the case', async () => {
    const { id } = await newCase();
    const resolved = await told('case.resolved', () => run('case.resolve', { id: id!, subject: 'New fuse' }));
    expect(resolved.map(({ row }) => [row.subject, (row.case as JsonObject).id])).to.deep.equal([
      ['New fuse', id],
    ]);
    const reopened = await told('case.reopened', () => run('case.reopen', { id: id! }));
    expect(reopened.map(({ row }) => row.id)).to.deep.equal([id]);
  });

  it('task.completed, opportunity.stage-changed and email.received tell of theirs', async () => {
    const task = await run('task.create', { subject: 'Call back' });
    const { store } = bench.sandbox.organisation;
    const actor = { userId: String((task.owner as JsonObject).id) };
    const done = await told('task.completed', async () => {
      const values = { statecode: 1, statuscode: 5 };
      store.update({ table: 'task', id: String(task.id), values, actor });
    });
    expect(done.map(({ row }) => row.id)).to.deep.equal([task.id]);
    const sale = await run('opportunity.create', { name: 'Ten kettles', stage: 'qualify' });
    const moved = await told('opportunity.stage-changed', () =>
      run('opportunity.update', { id: sale.id!, stage: 'close' }),
    );
    expect(moved.map(({ row }) => row.stage)).to.deep.equal(['close']);
    const mail = await told('email.received', async () => {
      await run('email.create', { subject: 'To you', outgoing: true });
      await run('email.create', { subject: 'From you', outgoing: false });
    });
    expect(mail.map(({ row }) => row.subject)).to.deep.equal(['From you']);
  });

  it('queue-item.added tells of what enters a queue', async () => {
    const queue = await run('queue.create', { name: 'First line' });
    const { id } = await newCase();
    const items = await told('queue-item.added', () =>
      run('queue-item.create', {
        queue: { table: 'queue', id: queue.id! },
        item: { table: 'case', id: id! },
      }),
    );
    expect(items.map(({ row }) => (row.item as JsonObject).id)).to.deep.equal([id]);
  });
});
