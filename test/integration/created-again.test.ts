import { expect } from 'chai';
import type { JsonObject, PollItem } from '../../src/index.ts';
import { openSandboxClient, type SandboxClient } from '../support/sandbox-client.ts';

const minute = 60_000;

describe('a row that is created again with the id of a deleted one', () => {
  let fixture: SandboxClient;
  before(async () => {
    fixture = await openSandboxClient();
  });
  after(() => fixture.close());

  it('is reported once, as its deletions are, while delta links return the earlier deletion', async () => {
    const { client, sandbox } = fixture;
    const open = async (trigger: string) => {
      let { checkpoint } = await client.poll(trigger);
      return async (): Promise<readonly PollItem[]> => {
        const result = await client.poll(trigger, {}, checkpoint);
        checkpoint = result.checkpoint;
        return result.items;
      };
    };
    const createdIds = new Set<string>();
    const polls = [await open('account.created'), await open('account.deleted')];
    const changes = async () => {
      sandbox.organization.clockOffsetMs += minute;
      const items = [];
      for (const poll of polls) items.push(...(await poll()));
      for (const { change, id: itemId } of items) if (change === 'created') createdIds.add(itemId);
      return items.sort((a, b) => a.sequence - b.sequence).map(({ change }) => change);
    };
    const { output } = await client.run('account.create', { name: 'A' });
    const id = String((output as JsonObject).id);
    expect(await changes()).to.deep.equal(['created']);
    await client.run('account.delete', { id });
    expect(await changes()).to.deep.equal(['deleted']);
    await client.run('account.create', { id, name: 'B' });
    expect(await changes()).to.deep.equal(['created']);
    expect(await changes()).to.deep.equal([]);
    await client.run('account.delete', { id });
    expect(await changes()).to.deep.equal(['deleted']);
    expect(await changes()).to.deep.equal([]);
    await client.run('account.create', { id, name: 'C' });
    expect(await changes()).to.deep.equal(['created']);
    sandbox.organization.clockOffsetMs += 16 * minute;
    expect(await changes()).to.deep.equal([]);
    await client.run('account.delete', { id });
    expect(await changes()).to.deep.equal(['deleted']);
    expect(createdIds.size).to.equal(3);
  });
});
