import { accessSync, constants, readFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { delimiter, join } from 'node:path';
import { expect } from 'chai';
import { type Browser, chromium, type Page } from 'playwright-core';

/**
 * The path of Chromium; undefined if there is none. The environment variable CHROMIUM names another one than those of
 * Debian (`apt install chromium` or `chromium-headless-shell`).
 */
export function findBrowser(): string | undefined {
  const { CHROMIUM, PATH = '' } = process.env;
  const names = CHROMIUM ? [CHROMIUM] : ['chromium', 'chromium-headless-shell'];
  const paths = names.flatMap((name) =>
    name.includes('/') ? [name] : PATH.split(delimiter).map((folder) => join(folder, name)),
  );
  return paths.find(isExecutable);
}

function isExecutable(path: string): boolean {
  try {
    accessSync(path, constants.X_OK);
    return true;
  } catch {
    return false;
  }
}

/** Starts a browser that does nothing on its own: no updates, no synchronization. */
export function launchBrowser(executablePath: string): Promise<Browser> {
  return chromium.launch({
    executablePath,
    timeout: 120_000,
    args: ['--headless', '--no-sandbox', '--disable-gpu', '--disable-background-networking'],
  });
}

const axeSource = readFileSync(createRequire(import.meta.url).resolve('axe-core/axe.min.js'), 'utf8');

interface AxeResult {
  readonly violations: readonly {
    readonly id: string;
    readonly nodes: readonly { readonly html: string }[];
  }[];
}

/** Finds what people with a screen reader, a keyboard or low vision cannot use, in light and in dark: WCAG 2.2 AA. */
export async function expectAccessible(page: Page): Promise<void> {
  for (const colorScheme of ['light', 'dark'] as const) {
    await page.emulateMedia({ colorScheme });
    expect(await findBarriers(page), `${page.url()} in ${colorScheme}`).to.deep.equal([]);
  }
  await page.emulateMedia({ colorScheme: 'light' });
}

/** The same in the elements of a selector, as the page looks now: `rule: the elements in HTML`. */
export async function findBarriers(page: Page, selector = ':root'): Promise<readonly string[]> {
  // Not as an element of the page, which its policy would refuse.
  await page.evaluate(axeSource);
  const { violations } = await page.evaluate<AxeResult>(
    `axe.run(${JSON.stringify(selector)}, { runOnly: ['wcag2a', 'wcag2aa', 'wcag21a', 'wcag21aa', 'wcag22aa', 'best-practice'] })`,
  );
  return violations.map(({ id, nodes }) => `${id}: ${nodes.map(({ html }) => html).join(' ')}`);
}
