import { once } from 'node:events';
import { mkdtempSync, rmSync } from 'node:fs';
import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect } from 'chai';
import { openSqliteWorkerStore, type WorkerStore } from 'dynamics365-connector-worker';
import { expectAccessible } from '../../../../test/support/browser.ts';
import { type ConsoleFixture, openConsole } from './console-page.ts';

/** A webhook of a customer, which refuses events until it is repaired. */
interface Receiver {
  readonly url: string;
  readonly received: readonly { readonly id: string; readonly status: number }[];
  isBroken: boolean;
  close(): void;
}

async function openReceiver(): Promise<Receiver> {
  const received: { id: string; status: number }[] = [];
  const receiver = { isBroken: true };
  const server: Server = createServer((request, response) => {
    const status = receiver.isBroken ? 400 : 204;
    received.push({ id: String(request.headers['webhook-id']), status });
    request.resume();
    response.writeHead(status).end();
  });
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  const url = `http://127.0.0.1:${(server.address() as AddressInfo).port}/hook`;
  return Object.assign(receiver, { url, received, close: () => void server.close() });
}

/**
 * The five attempts of a refused event take ten minutes; here each one follows at once. The status is recorded by
 * `recordMinutes`.
 */
function withoutDelays(store: WorkerStore): WorkerStore {
  return {
    ...store,
    recordStatus: async () => {},
    reject: (delivery, rejection) => store.reject(delivery, { ...rejection, retryInMs: 0 }),
  };
}

/** Records the status as if each of these minutes before a time were now. */
async function recordMinutes(file: string, start: number, minutes: readonly number[]): Promise<void> {
  for (const minute of minutes) {
    const store = openSqliteWorkerStore(file, { clock: { now: () => start - minute * 60_000 } });
    await store.recordStatus();
    await store.close();
  }
}

describe('console: operate', () => {
  let fixture: ConsoleFixture;
  let receiver: Receiver;
  let folder: string;
  let store: WorkerStore;
  const start = Date.now();
  before(async function () {
    folder = mkdtempSync(join(tmpdir(), 'd365-operate-'));
    store = openSqliteWorkerStore(join(folder, 'worker.sqlite'));
    const opened = await openConsole({ service: { workerStore: withoutDelays(store) } });
    if (opened === undefined) return this.skip();
    fixture = opened;
    receiver = await openReceiver();
  });
  after(async () => {
    receiver?.close();
    await fixture?.close();
    await store.close();
    rmSync(folder, { recursive: true });
  });

  it('a broken webhook is named, repaired and replayed, and its event arrives once', async () => {
    const { page, sandbox } = fixture;
    await fixture.goTo('/subscriptions/new');
    await page.getByLabel('Trigger').selectOption('account.created');
    await page.getByLabel('Webhook').fill(receiver.url);
    await page.getByLabel('Poll every').fill('1s');
    await page.keyboard.press('Control+Enter');
    await page.getByText(/whsec_/).waitFor();
    await page.getByRole('link', { name: 'Open it' }).click();
    await page.getByText(/, last .* ago/).waitFor();
    await recordMinutes(join(folder, 'worker.sqlite'), start, [4, 3, 2, 1]);
    sandbox.organization.seed({ accounts: [{ name: 'Fabrikam' }] });

    await fixture.goTo('/subscriptions');
    const attention = page.getByRole('region', { name: 'Needs attention' });
    await attention.getByText('1 dead letter').waitFor();
    await expectAccessible(page);
    await attention.getByRole('link').click();
    const letter = page.getByRole('article', { name: /Dead letter/ });
    await letter.getByText('The webhook answered 400.').waitFor();
    await letter.getByText('Fabrikam').waitFor();
    await fixture.takePicture('dead-letter');
    await expectAccessible(page);

    receiver.isBroken = false;
    await letter.getByRole('button', { name: 'Replay', exact: true }).click();
    await page.getByText('1 delivered, 0 waiting, 0 dead').waitFor();
    await page.getByText('There are none.').waitFor();
    const delivered = receiver.received.filter(({ status }) => status === 204);
    expect(delivered).to.have.length(1);
    expect(new Set(receiver.received.map(({ id }) => id)).size).to.equal(1);
    expect(receiver.received.length - delivered.length).to.equal(5);
    const event = page
      .getByRole('list', { name: 'Events' })
      .getByRole('button', { name: /delivered .*Fabrikam/ });
    await event.click();
    await page
      .getByLabel(/^Payload of event/)
      .getByText('Fabrikam')
      .waitFor();
  });

  it('throughput and lateness of the last hours are a chart, and the same numbers a table', async () => {
    const { page } = fixture;
    await recordMinutes(join(folder, 'worker.sqlite'), start, [0]);
    await page.reload();
    await page.locator('canvas').waitFor();
    await page.getByText('The same as numbers').click();
    const rows = page.getByRole('table', { name: /by minute/ }).getByRole('row');
    expect(await rows.count()).to.equal(5);
    const delivered = await rows.locator('td:nth-of-type(1)').allTextContents();
    expect(delivered).to.deep.equal(['1', '0', '0', '0']);
    await expectAccessible(page);
  });

  it('a subscription is paused, resumed, sent to another address, and deleted after a question', async () => {
    const { page } = fixture;
    await fixture.goTo('/subscriptions');
    await page.getByRole('link', { name: 'account.created', exact: true }).click();
    await page.getByRole('button', { name: 'Pause' }).click();
    await page.getByText('A user paused it.').waitFor();
    await page.getByRole('button', { name: 'Resume' }).click();
    await page.locator('dd .state', { hasText: 'active' }).waitFor();
    await page.getByLabel('Webhook').fill(`${receiver.url}/moved`);
    await page.getByRole('button', { name: 'Save the address' }).click();
    await page.getByRole('button', { name: 'Save the address' }).and(page.locator(':disabled')).waitFor();
    await page.getByRole('button', { name: 'Delete' }).click();
    await page.getByRole('button', { name: 'Delete for ever' }).click();
    await page.getByText('There are none here.').waitFor();
  });

  it('an address that the operator does not allow is refused with the reason', async () => {
    const { page } = fixture;
    await fixture.goTo('/subscriptions/new');
    await page.getByLabel('Webhook').fill('https://10.0.0.1/hook');
    await page.keyboard.press('Control+Enter');
    await page.getByRole('alert').getByText('TARGET_REFUSED').waitFor();
    await expectAccessible(page);
    expect(fixture.pageErrors).to.deep.equal([]);
  });
});
