import { expect } from 'chai';
import { createWebhookFixture, type WebhookFixture } from './fixture.ts';

describe('synchronous webhooks', () => {
  let fixture: WebhookFixture;

  before(async () => {
    fixture = await createWebhookFixture();
    await fixture.addStep('Create', 'contact', { mode: 0 });
    await fixture.addStep('Update', 'contact', { mode: 0, stage: 20 });
  });
  beforeEach(() => {
    fixture.receiver.received.length = 0;
    fixture.receiver.statuses.length = 0;
  });
  after(() => fixture.close());

  const lastNames = async () =>
    (await fixture.get('contacts?$select=lastname')).json.value.map(
      ({ lastname }: { lastname: string }) => lastname,
    );

  it('the request succeeds after the webhook, which knows the id of the row', async () => {
    const id = await fixture.create('contacts', { lastname: 'Lind' });
    const [request] = fixture.receiver.received;
    expect(request?.context).to.include({
      Mode: 0,
      IsInTransaction: true,
      PrimaryEntityId: id,
      Stage: 40,
    });
    expect((await fixture.get(`contacts(${id})`)).json.lastname).to.equal('Lind');
  });

  it('a failed webhook fails the request, and nothing is written', async () => {
    fixture.receiver.statuses.push(500);
    const before = await lastNames();
    const { status, json } = await fixture.send('POST', 'contacts', { lastname: 'Refused' });
    expect([status, json.error.code]).to.deep.equal([400, '0x80050201']);
    expect(await lastNames()).to.deep.equal(before);
  });

  it('the row is not visible to others before the webhook has responded', async () => {
    fixture.receiver.statuses.push(0);
    const request = fixture.send('POST', 'contacts', { lastname: 'Pending' });
    while (fixture.receiver.received.length === 0) await new Promise(setImmediate);
    expect(await lastNames()).not.to.include('Pending');
    fixture.sandbox.clock.advance(60_000);
    const { status, json } = await request;
    expect([status, json.error.code]).to.deep.equal([400, '0x80050202']);
  });

  it('a webhook before the operation can prevent it', async () => {
    const id = await fixture.create('contacts', { lastname: 'Lind' });
    fixture.receiver.statuses.push(403);
    expect((await fixture.send('PATCH', `contacts(${id})`, { lastname: 'Changed' })).status).to.equal(400);
    expect((await fixture.get(`contacts(${id})`)).json.lastname).to.equal('Lind');
  });

  it('in a batch, a failed webhook affects its part only, and no webhook is called twice', async () => {
    const part = (lastname: string) =>
      `--b\r\nContent-Type: application/http\r\n\r\nPOST contacts HTTP/1.1\r\nContent-Type: application/json\r\n\r\n{"lastname":"${lastname}"}\r\n`;
    fixture.receiver.statuses.push(200, 500, 200);
    const body = `${['First', 'Second', 'Third'].map(part).join('')}--b--\r\n`;
    const { status } = await fixture.send('POST', '$batch', body, {
      'Content-Type': 'multipart/mixed; boundary=b',
      Prefer: 'odata.continue-on-error',
    });
    expect(status).to.equal(200);
    expect(fixture.receiver.received).to.have.length(3);
    expect(await lastNames())
      .to.include.members(['First', 'Third'])
      .and.not.to.include('Second');
    for (const { context } of fixture.receiver.received.filter((_, index) => index !== 1))
      expect((await fixture.get(`contacts(${context.PrimaryEntityId})`)).status).to.equal(200);
  });
});
