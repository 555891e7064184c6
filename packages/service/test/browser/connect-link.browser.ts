import { expect } from 'chai';
import type { Browser, Page } from 'playwright-core';
import { expectAccessible, findBrowser, launchBrowser } from '../../../../test/support/browser.ts';
import { openService, type ServiceFixture } from '../fixture.ts';

const clientSecret = 'the secret of a customer';

describe('service: a Connect link in a browser', () => {
  let fixture: ServiceFixture;
  let browser: Browser;
  before(async function () {
    const executable = findBrowser();
    if (executable === undefined) return this.skip();
    const redirectUris = ['http://127.0.0.1/oauth/callback'];
    fixture = await openService({
      sandbox: {
        organizations: [{ name: 'contoso', data: 'empty' }],
        apps: [{ name: 'customer', secrets: [clientSecret], redirectUris }],
      },
    });
    browser = await launchBrowser(executable);
  });
  after(async () => {
    await browser?.close();
    await fixture?.close();
  });

  const openPage = async () => {
    const page = await (await browser.newContext()).newPage();
    page.setDefaultTimeout(60_000);
    return page;
  };
  const createLink = async () => {
    const { body, status, text } = await fixture.call('/v1/connect-sessions', {
      body: {
        connection: 'acme',
        orgUrl: fixture.sandbox.organization.origin,
        appRegistration: { clientId: fixture.sandbox.app.clientId, clientSecret },
      },
    });
    expect(status, text).to.equal(201);
    return String(body.connectLink);
  };
  /** Presses the button of our page, and signs in on the page of the authority; `end` is the heading of the last page. */
  const signIn = async (page: Page, link: string, end: string) => {
    await page.goto(link);
    await expectAccessible(page);
    await page.getByRole('button', { name: 'Sign in with Microsoft' }).click();
    const { name, password } = fixture.sandbox.user;
    await page.getByLabel('User name').fill(name);
    await page.getByLabel('Password').fill(password);
    await page.getByRole('button', { name: 'Sign in' }).click();
    // An app that the administrator has approved for everybody asks no one.
    const accept = page.getByRole('button', { name: 'Accept' });
    await accept.or(page.getByRole('heading', { name: end })).waitFor();
    if (await accept.isVisible()) await accept.click();
    await page.getByRole('heading', { name: end }).waitFor();
  };

  it('signs a customer in with their own app registration, and says so', async () => {
    const page = await openPage();
    const link = await createLink();
    await signIn(page, link, 'Connected');
    expect(await page.textContent('main')).to.contain('acme');
    await expectAccessible(page);
    expect((await fixture.call('/v1/connections/acme')).body).to.include({ kind: 'user' });
    expect((await fixture.call('/v1/connections/acme/check', { method: 'POST' })).status).to.equal(200);
    await page.goto(link);
    await page.getByRole('heading', { name: 'This link cannot be used' }).waitFor();
  });
});
