import { expect } from 'chai';
import { expectAccessible } from '../../../../test/support/browser.ts';
import { type ConsoleFixture, openConsole } from './console-page.ts';

/** The most that a page may load before it can be used, with gzip. */
const maxFirstLoadBytes = 200_000;

/** `npm run test:browser`: the console in Chromium. `UPDATE_CAPTURES=1` saves its pictures in docs/pictures. */
describe('console: pages', () => {
  let fixture: ConsoleFixture;
  before(async function () {
    const opened = await openConsole();
    if (opened === undefined) return this.skip();
    fixture = opened;
  });
  after(() => fixture?.close());

  const pages = ['/connections', '/subscriptions', '/subscriptions/new', '/sandbox/contoso'];

  it('a page that cannot be loaded says so, and how to go on', async () => {
    const { page } = fixture;
    await page.context().setOffline(true);
    await page.getByRole('link', { name: 'Sandbox' }).click();
    await page.getByRole('heading', { name: 'The page cannot be loaded' }).waitFor();
    await page.getByText('Start it again: d365 console.').first().waitFor();
    await page.context().setOffline(false);
  });

  it('every page is accessible in light and dark, and none asks another address for anything', async () => {
    for (const path of pages) {
      await fixture.goTo(path);
      await fixture.page.waitForLoadState('networkidle');
      await expectAccessible(fixture.page);
    }
    expect(fixture.foreignRequests).to.deep.equal([]);
    expect(fixture.pageErrors).to.deep.equal([]);
  });

  it('the first load of every page is at most 200 KB', async () => {
    const client = await fixture.page.context().newCDPSession(fixture.page);
    await client.send('Network.enable');
    await client.send('Network.setCacheDisabled', { cacheDisabled: true });
    let bytes = 0;
    client.on('Network.loadingFinished', ({ encodedDataLength }) => {
      bytes += encodedDataLength;
    });
    for (const path of pages) {
      bytes = 0;
      await fixture.goTo(path);
      await fixture.page.waitForLoadState('networkidle');
      expect(bytes, path).to.be.greaterThan(10_000).and.at.most(maxFirstLoadBytes);
    }
    await client.detach();
  });

  it('a link of a page goes to it without loading the program again, and back returns', async () => {
    await fixture.goTo('/connections');
    await fixture.page.evaluate('window.isSameProgram = true');
    await fixture.page.getByRole('link', { name: 'Subscriptions' }).click();
    await fixture.page.waitForURL('**/console/subscriptions');
    await fixture.page.goBack();
    await fixture.page.getByRole('heading', { name: 'Connections', level: 1 }).waitFor();
    expect(await fixture.page.evaluate('window.isSameProgram')).to.equal(true);
  });

  it('shortcuts go to pages and move in lists, help lists them, and single keys can be switched off', async () => {
    const { page } = fixture;
    await fixture.goTo('/subscriptions');
    await page.keyboard.press('g');
    await page.keyboard.press('c');
    await page.getByRole('heading', { name: 'Connections', level: 1 }).waitFor();
    await page.getByRole('button', { name: 'Check contoso' }).waitFor();
    await page.keyboard.press('j');
    await page.keyboard.press('Enter');
    await page.getByText('works', { exact: true }).waitFor();
    await page.keyboard.press('?');
    await page.getByRole('dialog', { name: 'Keyboard' }).waitFor();
    await page.getByRole('checkbox', { name: 'Single keys are shortcuts' }).uncheck();
    await page.keyboard.press('Escape');
    await page.getByRole('dialog').waitFor({ state: 'hidden' });
    await page.keyboard.press('?');
    expect(await page.getByRole('dialog').isVisible()).to.equal(false);
    await page.evaluate('localStorage.clear()');
  });

  it('what a screen shows is copied as a command, as curl and as TypeScript', async () => {
    const { page } = fixture;
    await page.context().grantPermissions(['clipboard-read', 'clipboard-write']);
    await fixture.goTo('/connections');
    for (const [form, text] of [
      ['d365', 'd365 check-connection contoso'],
      ['curl', '/v1/connections/contoso/check'],
      ['TypeScript', 'openConnectionStore'],
    ] as const) {
      await page.getByRole('button', { name: form, exact: true }).click();
      await page.getByText('Copied.').waitFor();
      expect(await page.evaluate('navigator.clipboard.readText()'), form).to.contain(text);
    }
  });
});
