import { expect } from 'chai';
import type { JsonObject } from '../../src/index.ts';
import { openSandboxClient } from '../support/sandbox-client.ts';

describe('itemId', () => {
  it('is the same when a created row is reported again after it has changed', async () => {
    const { client, close } = await openSandboxClient();
    try {
      const poll = async () => await client.poll('account.created', {}, undefined, { from: 'beginning' });
      const { output } = await client.run('account.create', { name: 'Fabrikam, Inc.' });
      const { id } = output as JsonObject;
      const before = await poll();
      await client.run('account.update', { id: id!, name: 'Fabrikam' });
      const after = await poll();
      expect(after.items[0]!.row.name).to.equal('Fabrikam');
      expect(after.items.map((item) => item.id)).to.deep.equal(before.items.map((item) => item.id));
    } finally {
      await close();
    }
  });
});
