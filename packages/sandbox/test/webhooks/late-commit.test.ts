import { expect } from 'chai';
import { createWebhookFixture } from './fixture.ts';

describe('webhooks of late commits', () => {
  it('the webhook is called when the row becomes visible, not before', async () => {
    const fixture = await createWebhookFixture();
    try {
      await fixture.addStep('Create', 'contact');
      const { organization, clock } = fixture.sandbox;
      organization.faults.add({ kind: 'late-commit', ms: 60_000, path: '/contacts' });
      await fixture.create('contacts', { lastname: 'Late' });
      await organization.jobs.idle();
      expect(fixture.receiver.received).to.have.length(0);
      clock.advance(60_000);
      await new Promise(setImmediate);
      await organization.jobs.idle();
      expect(fixture.receiver.received).to.have.length(1);
    } finally {
      await fixture.close();
    }
  });
});
