import { expect } from 'chai';
import { openVault } from 'dynamics365-connector';
import { createMemoryStore } from 'dynamics365-connector/host';
import { createMemoryKeys } from '../../../test/auth/support/memory-keys.ts';
import { openPushSecret } from '../src/subscriptions/push-secret.ts';

describe('service: the secret of webhooks of organizations', () => {
  it('is the same in all processes that start at the same time', async () => {
    const store = createMemoryStore();
    const keys = createMemoryKeys();
    const vaults = await Promise.all(Array.from({ length: 4 }, () => openVault({ store, keys })));
    const secrets = await Promise.all(vaults.map(openPushSecret));
    expect(new Set(secrets.map((secret) => secret.reveal()))).to.have.property('size', 1);
    expect((await openPushSecret(vaults[0]!)).reveal()).to.equal(secrets[0]!.reveal());
  });
});
