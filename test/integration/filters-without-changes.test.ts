import { expect } from 'chai';
import type { Client, JsonObject } from '../../src/index.ts';
import { openSandboxClient, type SandboxClient } from '../support/sandbox-client.ts';

const minute = 60_000;

describe('a trigger whose filter can match without a change of the row', () => {
  let fixture: SandboxClient;
  let client: Client;
  before(async () => {
    fixture = await openSandboxClient({ lifetimes: { accessTokenSeconds: 86_400 } });
    client = fixture.client;
  });
  after(() => fixture.close());

  const wait = (minutes: number) => {
    fixture.sandbox.organization.clockOffsetMs += minutes * minute;
  };

  async function createCase(accountName: string, title = 'The lift stops') {
    const { output } = await client.run('account.create', { name: accountName });
    const accountId = String((output as JsonObject).id);
    const customer = { table: 'account', id: accountId };
    const created = await client.run('case.create', { title, customer });
    return { accountId, caseId: (created.output as JsonObject).id };
  }

  async function start(filter: string) {
    const params = { table: 'incident', filter };
    let { checkpoint } = await client.poll('record.updated', params);
    return async () => {
      const result = await client.poll('record.updated', params, checkpoint);
      checkpoint = result.checkpoint;
      return result.items.map(({ row }) => row.incidentid ?? row.id);
    };
  }

  it('record.updated: reports a case whose account gets the name of the filter', async () => {
    const { accountId, caseId } = await createCase('Fabrikam');
    const poll = await start("customerid_account/name eq 'Contoso of the lift'");
    await client.run('account.update', { id: accountId, name: 'Contoso of the lift' });
    expect(await poll()).to.deep.equal([]);
    wait(16);
    expect(await poll()).to.deep.equal([caseId]);
    wait(16);
    expect(await poll()).to.deep.equal([]);
  });

  it('record.updated: reports a case when it is older than the filter says', async () => {
    const older = "Microsoft.Dynamics.CRM.OlderThanXMinutes(PropertyName='createdon',PropertyValue=10)";
    const poll = await start(`${older} and title eq 'The door stops'`);
    const { caseId } = await createCase('Litware', 'The door stops');
    expect(await poll()).to.deep.equal([]);
    wait(16);
    expect(await poll()).to.deep.equal([caseId]);
    expect(await poll()).to.deep.equal([]);
  });

  it('record.changed: reports that a row has left the filter by time, also with columns or without updates', async () => {
    const older = "Microsoft.Dynamics.CRM.OlderThanXMinutes(PropertyName='createdon',PropertyValue=10)";
    const filter = `startswith(title,'The gate') and not ${older}`;
    const both: readonly (JsonObject & { readonly changes: readonly string[] })[] = [
      { changes: ['created', 'left'] },
      { changes: ['created', 'updated', 'left'], columns: ['title'] },
    ];
    for (const watched of both) {
      const params = { table: 'incident', filter, ...watched };
      let { checkpoint } = await client.poll('record.changed', params);
      const poll = async () => {
        const result = await client.poll('record.changed', params, checkpoint);
        checkpoint = result.checkpoint;
        return result.items.map(({ change, row }) => [change, row.incidentid]);
      };
      const { caseId } = await createCase('Gates', `The gate ${watched.changes.length}`);
      expect(await poll()).to.deep.equal([['created', caseId]]);
      wait(16);
      expect(await poll()).to.deep.equal([['left', caseId]]);
      wait(16);
      expect(await poll()).to.deep.equal([]);
    }
  });
});
