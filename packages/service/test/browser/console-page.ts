import { mkdirSync } from 'node:fs';
import { join } from 'node:path';
import type { Browser, Page } from 'playwright-core';
import { findBrowser, launchBrowser } from '../../../../test/support/browser.ts';
import { type FixtureOptions, openService, type ServiceFixture } from '../fixture.ts';

const pictures = join(import.meta.dirname, '../../../../docs/pictures');

/** A console in a browser, and what happened in it that must not happen. */
export interface ConsoleFixture extends ServiceFixture {
  readonly page: Page;
  /** Addresses of other origins that the page asked for. */
  readonly foreignRequests: readonly string[];
  /** Errors of scripts, and what the policy of the page refused. */
  readonly pageErrors: readonly string[];
  goTo(path: string): Promise<void>;
  /** Saves a picture for the documents, with UPDATE_CAPTURES=1. */
  takePicture(name: string): Promise<void>;
}

/** Starts a service with a sandbox, and opens its console in Chromium; undefined without Chromium. */
export async function openConsole(options: FixtureOptions = {}): Promise<ConsoleFixture | undefined> {
  const executable = findBrowser();
  if (executable === undefined) return undefined;
  const fixture = await openService({ ...options, service: { console: {}, ...options.service } });
  const browser = await launchBrowser(executable);
  const page = await browser.newPage({ viewport: { width: 1280, height: 800 } });
  page.setDefaultTimeout(60_000);
  const { foreignRequests, pageErrors } = watchPage(page, fixture.service.url);
  await page.goto(fixture.service.createConsoleLink() ?? '');
  await page.getByRole('navigation', { name: 'Pages' }).waitFor();
  return {
    ...fixture,
    ...{ page, foreignRequests, pageErrors },
    async goTo(path) {
      await page.goto(`${fixture.service.url}/console${path}`);
      await page.getByRole('heading', { level: 1 }).waitFor();
    },
    async takePicture(name) {
      if (process.env.UPDATE_CAPTURES === undefined) return;
      mkdirSync(pictures, { recursive: true });
      await page.screenshot({ path: join(pictures, `console-${name}.png`) });
    },
    close: () => closeAll(fixture, browser),
  };
}

async function closeAll(fixture: ServiceFixture, browser: Browser): Promise<void> {
  await browser.close();
  await fixture.close();
}

function watchPage(page: Page, origin: string) {
  const [foreignRequests, pageErrors]: [string[], string[]] = [[], []];
  page.on('request', (request) => {
    const isOwn = request.url().startsWith(origin) || request.url().startsWith('data:');
    if (!isOwn) foreignRequests.push(request.url());
  });
  page.on('pageerror', (error) => void pageErrors.push(error.message));
  page.on('console', (message) => {
    if (/Content Security Policy/.test(message.text())) pageErrors.push(message.text());
  });
  return { foreignRequests, pageErrors };
}
