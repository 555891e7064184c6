import { mkdirSync } from 'node:fs';
import { join } from 'node:path';
import type { Browser, BrowserContext, Locator, Page } from 'playwright-core';
import { launchBrowser } from '../../../../../test/support/browser.ts';
import { paths } from '../../../scripts/paths.ts';
import type { N8nServer } from './n8n-server.ts';

const pictures = join(paths.root, 'docs/pictures');

/** n8n's editor in a browser, with the owner signed in. */
export interface N8nEditor {
  readonly page: Page;
  /** An element by the id that n8n's own tests use. */
  find(testId: string): Locator;
  goTo(path: string): Promise<void>;
  /** The window that the editor opens while `act` runs. */
  catchWindow(act: () => Promise<void>): Promise<Page>;
  /** With `UPDATE_CAPTURES=1`, saves a picture of the page in docs/pictures. */
  takePicture(name: string): Promise<void>;
  close(): Promise<void>;
}

/** Opens the editor of a server. */
export async function openN8nEditor(executable: string, { url, cookie }: N8nServer): Promise<N8nEditor> {
  const browser: Browser = await launchBrowser(executable);
  const context: BrowserContext = await browser.newContext({ viewport: { width: 1280, height: 900 } });
  // A slow machine is no failure: the limit of the test counts.
  context.setDefaultTimeout(0);
  const [name = '', value = ''] = cookie.split('=');
  await context.addCookies([{ name, value, url }]);
  const page = await context.newPage();
  return {
    page,
    find: (testId) => page.locator(`[data-test-id="${testId}"]`),
    goTo: async (path) => void (await page.goto(`${url}${path}`)),
    async catchWindow(act) {
      const [opened] = await Promise.all([context.waitForEvent('page'), act()]);
      return opened;
    },
    async takePicture(picture) {
      if (process.env.UPDATE_CAPTURES === undefined) return;
      // Animations of the editor.
      await page.waitForTimeout(1000);
      mkdirSync(pictures, { recursive: true });
      await page.screenshot({ path: join(pictures, `n8n-${picture}.png`) });
    },
    close: () => browser.close(),
  };
}
