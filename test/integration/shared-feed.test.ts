import { expect } from 'chai';
import { createMemoryStore } from '../../src/client/memory-store.ts';
import type { Client, JsonObject, PollItem } from '../../src/index.ts';
import { openSandboxClient, type SandboxClient } from '../support/sandbox-client.ts';

/** Triggers of a table schema and those of any table, on one table. */
describe('shared feed', () => {
  const typed = { trigger: 'account.updated', params: {} };
  const any = { trigger: 'record.updated', params: { table: 'account', columns: ['numberofemployees'] } };
  let opened: SandboxClient;
  let client: Client;
  let id: string;
  const store = createMemoryStore();
  const reads: string[] = [];

  before(async () => {
    opened = await openSandboxClient(
      {},
      {
        store,
        log: ({ event, fields = {} }) => {
          if (event === 'http.attempt' && fields.path === '/api/data/v9.2/accounts')
            reads.push(String(fields.operation));
        },
      },
    );
    client = opened.client;
    const { output } = await client.run('account.create', { name: 'A' });
    id = String((output as JsonObject).id);
  });
  after(() => opened.close());

  const open = async ({ trigger, params }: typeof typed | typeof any) => {
    let { checkpoint } = await client.poll(trigger, params);
    return async (): Promise<readonly PollItem[]> => {
      const result = await client.poll(trigger, params, checkpoint);
      checkpoint = result.checkpoint;
      return result.items;
    };
  };
  const update = (values: JsonObject) => client.run('record.update', { table: 'account', id, values });

  it('triggers of a table schema and of any table read one feed, each with its own columns', async () => {
    const pollTyped = await open(typed);
    const pollAny = await open(any);
    const heads = (await store.keys('feed/')).filter((key) => key.endsWith('/head'));
    expect(heads).to.have.length(1);
    await update({ numberofemployees: 7, marketcap: '12.5' });
    const [ofTyped] = await pollTyped();
    expect(ofTyped?.row).to.include({ id, employees: 7 }).and.not.to.have.property('marketcap');
    const [ofAny] = await pollAny();
    expect(ofAny?.row).to.include({ accountid: id, numberofemployees: 7, marketcap: 12.5 });
    expect([ofAny?.sequence, ofAny?.version]).to.deep.equal([ofTyped?.sequence, ofTyped?.version]);
  });

  it('a read for one trigger finds the watched columns of the other, and one column less is no failure', async () => {
    const { schema } = opened.sandbox.organization.store;
    schema.addColumn('account', {
      ...{ logicalName: 'new_note', schemaName: 'new_Note', displayName: 'Note', type: 'String' },
      ...{ required: 'None', validForCreate: true, validForUpdate: true, custom: true },
    });
    await update({ new_note: 'x' });
    const pollAny = await open(any);
    const pollTyped = await open(typed);
    await update({ new_note: 'y', numberofemployees: 8 });
    expect(await pollTyped()).to.have.length(1);
    expect((await pollAny()).map(({ row }) => [row.numberofemployees, row.new_note])).to.deep.equal([
      [8, 'y'],
    ]);
    schema.removeColumn('account', 'new_note');
    await client.run('account.update', { id, employees: 9 });
    expect(await pollTyped()).to.have.length(1);
    expect((await pollAny()).map(({ row }) => row.numberofemployees)).to.deep.equal([9]);
  });
});
