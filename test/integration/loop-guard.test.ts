import { expect } from 'chai';
import type { Checkpoint, ConnectorError, JsonObject, PollOptions } from '../../src/index.ts';
import { openSandboxClient, type SandboxClient } from '../support/sandbox-client.ts';

describe('a row that is changed whenever it is reported', () => {
  let fixture: SandboxClient;
  let id: string;
  before(async () => {
    fixture = await openSandboxClient();
    const { output } = await fixture.client.run('account.create', { name: 'Contoso' });
    id = String((output as JsonObject).id);
  });
  after(() => fixture.close());

  const poll = (checkpoint: Checkpoint | undefined, options: PollOptions = {}) =>
    fixture.client.poll('account.updated', {}, checkpoint, { maxRowItems: 3, ...options });
  /** Changes the row whenever it is reported. */
  async function loop(from: Checkpoint, options?: PollOptions) {
    let checkpoint = from;
    for (let items = 0; ; items++) {
      await fixture.client.run('account.update', { id, description: `change ${items}` });
      const result = await poll(checkpoint, items === 0 ? options : {}).catch(
        (error: ConnectorError) => error,
      );
      if (!('items' in result)) return { items, error: result, checkpoint };
      expect(result.items).to.have.length(1);
      ({ checkpoint } = result);
    }
  }

  it('pauses its trigger by name, and is reported again after the trigger is resumed', async () => {
    const { checkpoint } = await poll(undefined);
    const first = await loop(checkpoint);
    expect(first.items).to.equal(4);
    expect(first.error).to.include({ code: 'LOOP_DETECTED', category: 'input' });
    expect(first.error.message).to.equal(
      `account.updated: the row ${id} was reported 4 times within a minute.`,
    );
    const again = await poll(first.checkpoint).catch((error: ConnectorError) => error);
    expect(again).to.include({ code: 'LOOP_DETECTED' });
    const resumed = await loop(first.checkpoint, { resume: true });
    expect(resumed.items).to.be.greaterThan(1);
    expect(resumed.error).to.include({ code: 'LOOP_DETECTED' });
  });
});
