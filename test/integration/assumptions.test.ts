import { expect } from 'chai';
import { type AssumptionName, assumptionReadings } from 'dynamics365-connector-sandbox';
import { openSandboxClient, type SandboxClient } from '../support/sandbox-client.ts';
import { promisesOf } from './assumption-promises.ts';

/** Promises of the connector that no reading of an unconfirmed fact about Dataverse may break. */
describe('unconfirmed facts about Dataverse: the connector works with each reading', () => {
  let fixture: SandboxClient;
  before(async () => {
    fixture = await openSandboxClient();
    fixture.sandbox.organization.store.addKey('contact', 'contact_email', ['emailaddress1']);
  });
  after(() => fixture.close());

  for (const name of Object.keys(assumptionReadings) as AssumptionName[]) {
    for (const reading of assumptionReadings[name].slice(1)) {
      describe(`${name}: ${reading}`, () => {
        before(() => Object.assign(fixture.sandbox.organization.assumptions, { [name]: reading }));
        after(() =>
          Object.assign(fixture.sandbox.organization.assumptions, { [name]: assumptionReadings[name][0] }),
        );
        for (const [promise, check] of Object.entries(promisesOf[name])) it(promise, () => check(fixture));
      });
    }
  }

  it('a row is created once if the organization gives its id, but not with an idempotency key', async () => {
    const { client, sandbox } = await openSandboxClient();
    try {
      const { assumptions, store } = sandbox.organization;
      Object.assign(assumptions, { createByPatch: 'refused', idOnCreate: 'refused', writtenRow: 'missing' });
      const { output } = await client.run('queue.create', { name: 'New' });
      expect(output).to.include({ name: 'New' });
      const actor = { userId: (await client.check()).userId };
      expect(store.query('queue', { actor }).rows).to.have.length(1);
      const error = await client
        .run('queue.create', { name: 'Again' }, { idempotencyKey: 'k' })
        .catch((reason: Error) => reason);
      expect(String(error)).to.include('not supported');
      expect(store.query('queue', { actor }).rows).to.have.length(1);
    } finally {
      await sandbox.close();
    }
  });
});
