import { expect } from 'chai';
import { createWebhookFixture, type WebhookFixture } from './fixture.ts';

describe('faults of webhooks', () => {
  let fixture: WebhookFixture;

  before(async () => {
    fixture = await createWebhookFixture();
    await fixture.addStep('Create', 'contact');
  });
  beforeEach(() => {
    fixture.receiver.received.length = 0;
  });
  afterEach(() => fixture.sandbox.organization.webhooks.faults.clear());
  after(() => fixture.close());

  const { organization } = { organization: () => fixture.sandbox.organization };
  const create = async (...names: readonly string[]) => {
    for (const lastname of names) await fixture.create('contacts', { lastname });
  };
  const names = async () => {
    await organization().jobs.idle();
    return fixture.receiver.received.map(
      ({ context }) => context.PostEntityImages[0].value.Attributes[0].value,
    );
  };

  it('drop: the event is lost, its job succeeds', async () => {
    organization().webhooks.faults.add({ kind: 'drop' });
    await create('Lost', 'Sent');
    expect(await names()).to.deep.equal(['Sent']);
    const { json } = await fixture.get('asyncoperations?$filter=statuscode eq 31');
    expect(json.value).to.deep.equal([]);
  });

  it('duplicate: the event is sent twice', async () => {
    organization().webhooks.faults.add({ kind: 'duplicate', table: 'contact', message: 'Create' });
    organization().webhooks.faults.add({ kind: 'duplicate', table: 'account' });
    await create('Twice', 'Once');
    expect([...(await names())].sort()).to.deep.equal(['Once', 'Twice', 'Twice']);
  });

  it('a share of all events is lost and another one sent twice, as set by the control route', async () => {
    const control = (body: object) =>
      fetch(`${organization().origin}/__sandbox/webhook-faults`, {
        method: 'POST',
        body: JSON.stringify(body),
      });
    for (const kind of ['drop', 'duplicate'])
      expect((await control({ kind, probability: 0.3, times: 'all' })).status).to.equal(204);
    const sent = Array.from({ length: 30 }, (_, index) => `Contact ${index}`);
    await create(...sent);
    const received = await names();
    const once = new Set(received);
    expect(sent.length - once.size, 'lost').to.be.within(3, 18);
    expect(received.length - once.size, 'doubled').to.be.within(1, 15);
  });

  it('delay: later events pass the delayed one', async () => {
    organization().webhooks.faults.add({ kind: 'delay', ms: 60_000 });
    await create('Late', 'Early');
    expect(await names()).to.deep.equal(['Early']);
    fixture.sandbox.clock.advance(60_000);
    expect(await names()).to.deep.equal(['Early', 'Late']);
  });

  it('reorder: the event is sent after the next one', async () => {
    organization().webhooks.faults.add({ kind: 'reorder' });
    await create('Second', 'First');
    expect(await names()).to.deep.equal(['First', 'Second']);
  });

  it('events that wait together are sent in an order of the seed', async () => {
    const sent = Array.from({ length: 8 }, (_, index) => `Row ${index}`);
    organization().jobs.pause();
    await create(...sent);
    expect(fixture.receiver.received).to.have.length(0);
    organization().jobs.resume();
    const received = await names();
    expect([...received].sort()).to.deep.equal(sent);
    expect(received).not.to.deep.equal(sent);
  });

  it('control route: adds a fault, and refuses one of an unknown kind', async () => {
    const post = (body: object) =>
      fetch(`${organization().origin}/__sandbox/webhook-faults`, {
        method: 'POST',
        body: JSON.stringify(body),
      });
    expect((await post({ kind: 'drop', table: 'contact' })).status).to.equal(204);
    await create('Lost');
    expect(await names()).to.deep.equal([]);
    const refused = await post({ kind: 'explode' });
    expect(refused.status).to.equal(400);
    expect(((await refused.json()) as { error: { path: string } }).error.path).to.equal('/kind');
  });
});
