import { expect } from 'chai';
import type { Request } from 'playwright-core';
import { expectAccessible } from '../../../../test/support/browser.ts';
import { type ConsoleFixture, openConsole } from './console-page.ts';

describe('console: sandbox', () => {
  let fixture: ConsoleFixture;
  before(async function () {
    const opened = await openConsole({ sandbox: { organizations: [{ name: 'contoso', data: 'sample' }] } });
    if (opened === undefined) return this.skip();
    fixture = opened;
  });
  after(() => fixture?.close());

  /** What the polls that begin from now on answer. */
  const followPolls = () => {
    const answers: Promise<string>[] = [];
    const follow = (request: Request) => {
      if (!request.url().endsWith('/triggers/case.created/poll')) return;
      answers.push(request.response().then(async (response) => (await response?.text()) ?? ''));
    };
    fixture.page.on('request', follow);
    return { answers, stop: () => void fixture.page.off('request', follow) };
  };

  it('a case that is created by hand is reported by its trigger with the next poll', async () => {
    const { page } = fixture;
    await fixture.goTo('/sandbox');
    await page.getByRole('link', { name: 'case', exact: true }).click();
    await page.getByRole('row').nth(3).waitFor();
    await page.getByRole('link', { name: 'New case' }).click();
    await page.getByText('Listening').waitFor();
    await page.getByLabel('Title').fill('The grinder is too loud');
    await page.getByLabel('Customer').fill('Alpen');
    const list = await page.getByLabel('Customer').getAttribute('list');
    const found = page.locator(`[id="${list}"] option[value^="Alpen"]`).first();
    await found.waitFor({ state: 'attached' });
    const customer = await found.getAttribute('value');
    await page.getByLabel('Customer').fill(customer ?? '');
    await page.getByLabel('Priority', { exact: true }).selectOption('high');
    const created = page.waitForResponse((response) => response.url().endsWith('/actions/case.create'));
    await page.keyboard.press('Control+Enter');
    expect((await created).status()).to.equal(200);
    const polls = followPolls();
    await page.getByRole('list', { name: 'Events' }).getByText('The grinder is too loud').waitFor();
    polls.stop();
    // The next poll has it, and polls begin every second: it is seen within two seconds.
    const [next] = polls.answers;
    if (next !== undefined) expect(await next).to.contain('The grinder is too loud');
    await fixture.takePicture('sandbox');
    await expectAccessible(page);
  });

  it('a row is edited by hand, and what the organization refuses is said beside the form', async () => {
    const { page } = fixture;
    await page.getByRole('link', { name: 'Open it' }).click();
    await page.getByRole('heading', { name: /^case CAS-/ }).waitFor();
    await page.getByLabel('Priority', { exact: true }).selectOption('low');
    await page.getByRole('button', { name: 'Save' }).click();
    await page.getByText('The row is saved.').waitFor();
    await page.getByLabel('The row', { exact: true }).getByText('"priority": "low"').waitFor();
    await expectAccessible(page);
    await page.getByLabel('More fields').selectOption('serialNumber');
    await page.getByLabel('Serial number').fill('9'.repeat(101));
    await page.getByRole('button', { name: 'Save' }).click();
    await page.getByRole('alert').getByText('/serialNumber', { exact: true }).waitFor();
  });

  it('rows of a table without actions of its own are found with a filter, and created from JSON', async () => {
    const { page } = fixture;
    await fixture.goTo('/sandbox/contoso/rows/subject/new');
    await page.getByLabel('Columns (JSON)').fill('{ "title": "Grinders", "nonsense": 1 }');
    await page.keyboard.press('Control+Enter');
    await page.getByRole('alert').getByText('nonsense').first().waitFor();
    await page.getByLabel('Columns (JSON)').fill('{ "title": "Grinders" }');
    await page.keyboard.press('Control+Enter');
    await page.getByText('The row is created.').waitFor();
    await fixture.goTo('/sandbox/contoso/rows/subject?search=title%20eq%20%27Grinders%27');
    await page.getByRole('link', { name: 'Grinders' }).waitFor();
    expect(await page.getByRole('row').count()).to.equal(2);
  });

  it('a fault is injected, shown in the log of requests, and the clock moves', async () => {
    const { page } = fixture;
    await fixture.goTo('/sandbox/contoso/faults');
    await expectAccessible(page);
    await page.getByLabel('status', { exact: true }).fill('403');
    await page.getByLabel('Path contains').fill('/knowledgearticles');
    await page.getByRole('button', { name: 'Inject' }).click();
    await page.getByText('The fault waits for its request.').waitFor();
    await page.getByRole('button', { name: 'Move the clock forward' }).click();
    await page.getByText('The clock is moved').waitFor();
    await fixture.goTo('/sandbox/contoso/rows/knowledge-article');
    await page.getByRole('alert').waitFor();
    await fixture.goTo('/sandbox/contoso/requests?search=knowledgearticles');
    await page.getByRole('button', { name: /403 GET .*fault: status/ }).click();
    await page.getByLabel('Response', { exact: true }).waitFor();
    await fixture.takePicture('requests');
    await expectAccessible(page);
    expect(fixture.pageErrors).to.deep.equal([]);
    expect(fixture.foreignRequests).to.deep.equal([]);
  });
});
