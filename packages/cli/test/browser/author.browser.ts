import type { ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import { mkdirSync, mkdtempSync, readFileSync, realpathSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import { expect } from 'chai';
import { scaffoldConnector } from 'dynamics365-connector/authoring';
import type { Browser, Page } from 'playwright-core';
import { expectAccessible, findBrowser, launchBrowser } from '../../../../test/support/browser.ts';
import { startCli } from '../run-cli.ts';

const pictures = join(import.meta.dirname, '../../../../docs/pictures');

/** `d365 console` as a person starts it, with a connector of their own. */
describe('console: author', () => {
  let folder: string;
  let own: string;
  let child: ChildProcess;
  let browser: Browser;
  let page: Page;
  const errors: string[] = [];
  before(async function () {
    const executable = findBrowser();
    if (executable === undefined) return this.skip();
    folder = realpathSync(mkdtempSync(join(tmpdir(), 'd365-author-')));
    own = join(folder, 'contoso-service');
    mkdirSync(own);
    for (const [file, text] of scaffoldConnector('contoso-service', '0.1.0'))
      writeFileSync(join(own, file), text);
    const started = await startCli(['console', '--sandbox', '--port', '0', '--json', '--manifest', own], {
      folder,
    });
    child = started;
    started.stderr.resume();
    const [line] = (await once(createInterface(started.stdout), 'line')) as [string];
    browser = await launchBrowser(executable);
    page = await browser.newPage({ viewport: { width: 1440, height: 900 } });
    page.setDefaultTimeout(120_000);
    page.on('pageerror', (error) => void errors.push(error.message));
    await page.goto((JSON.parse(line) as { readonly console: string }).console);
    await page.getByRole('navigation', { name: 'Pages' }).waitFor();
  });
  after(async () => {
    await browser?.close();
    if (child !== undefined) {
      child.kill('SIGTERM');
      await once(child, 'exit');
    }
    if (folder !== undefined) rmSync(folder, { recursive: true });
  });

  const takePicture = async (name: string) => {
    if (process.env.UPDATE_CAPTURES === undefined) return;
    await page.screenshot({ path: join(pictures, `console-${name}.png`) });
  };
  /** Presses Tab until an element has the focus. */
  const tabTo = async (name: RegExp | string) => {
    for (let count = 0; count < 80; count++) {
      await page.keyboard.press('Tab');
      const focused = page.locator(':focus');
      const label = await focused.evaluate(
        // The types of a browser are not those of this file.
        (element) => {
          const { labels, textContent, ariaLabel } = element as unknown as {
            readonly labels?: Iterable<{ readonly textContent: string }>;
            readonly textContent: string;
            readonly ariaLabel: string | null;
          };
          return ariaLabel ?? [...(labels ?? [])].map((each) => each.textContent).join(' ') + textContent;
        },
      );
      if (typeof name === 'string' ? label.includes(name) : name.test(label)) return;
    }
    throw new Error(`Tab does not reach ${name}.`);
  };

  it('an action is written, tried and tested from nothing, by keyboard only', async () => {
    const { keyboard } = page;
    await keyboard.press('g');
    await keyboard.press('a');
    await page.getByRole('heading', { name: 'Author', level: 1 }).waitFor();
    await tabTo('New file');
    await keyboard.press('Enter');
    await page.getByRole('heading', { name: 'New file', level: 1 }).waitFor();
    await tabTo(/^Name/);
    await keyboard.type('case.escalate');
    await keyboard.press('Enter');
    await page.getByRole('heading', { name: 'actions/case.escalate.yaml', level: 1 }).waitFor();
    await page.getByLabel('Request 1').getByText('PATCH').waitFor();

    await tabTo(/^YAML of/);
    await keyboard.press('Control+a');
    await keyboard.insertText(escalate.replace('priority: high', 'priorty: high'));
    await page.locator('.cm-lintRange-error').first().waitFor();
    await page.getByText('The files have errors').waitFor();
    await keyboard.press('Control+a');
    await keyboard.insertText(escalate);
    await page.getByLabel('Request 1').getByText('"prioritycode": 1').waitFor();
    await keyboard.press('Control+s');
    await page.getByText('saved', { exact: true }).waitFor();
    await takePicture('author');
    await expectAccessible(page);

    await keyboard.press('Escape');
    await tabTo(/^Input/);
    await keyboard.press('Control+a');
    const id = await newestCase();
    await keyboard.insertText(JSON.stringify({ id, reason: 'The customer is angry' }));
    await page.getByLabel('Request 1').getByText(id).waitFor();
    await keyboard.press('Control+Enter');
    await page.getByLabel('Output').getByText('"priority": "high"').waitFor();
    await tabTo('Save as contract test');
    await keyboard.press('Enter');
    await page.getByText(/^All \d+ tests pass$/).waitFor();
    await page.getByText('passes').first().waitFor();

    const text = readFileSync(join(own, 'actions/case.escalate.yaml'), 'utf8');
    expect(text).to.contain('case.escalate succeeds').and.contain('prioritycode: 1');
    expect(text).to.not.contain(id);
    expect(errors).to.deep.equal([]);
  });

  it('the editor completes what the grammar, the tables and the inputs have', async () => {
    mkdirSync(join(own, 'actions'), { recursive: true });
    writeFileSync(join(own, 'actions/case.hurry.yaml'), escalate);
    await page.goto(`${new URL(page.url()).origin}/console/author/files/actions%2Fcase.hurry.yaml`);
    // The language server has read the files when it answers.
    await page.getByLabel('Request 1').getByText('PATCH').waitFor();
    await page.getByRole('textbox', { name: /^YAML of/ }).click();
    await page.keyboard.press('Control+End');
    await page.keyboard.press('Control+Space');
    await page.getByRole('option', { name: /^keywords/ }).waitFor();
    await page.keyboard.press('Escape');
    await page.locator('.cm-line', { hasText: 'id: "{{input.id}}"' }).click();
    await page.keyboard.press('End');
    for (let count = 0; count < 'id}}"'.length; count++) await page.keyboard.press('Backspace');
    await page.keyboard.press('Control+Space');
    await page.getByRole('option', { name: /reason/ }).waitFor();
  });

  it('the catalog finds an action by everyday words, and shows and runs it', async () => {
    const { origin } = new URL(page.url());
    await page.goto(`${origin}/console/author?search=close%20a%20ticket`);
    const first = page.getByRole('list', { name: 'Operations' }).getByRole('link').first();
    await first.waitFor();
    expect(await first.textContent()).to.equal('case.resolve');
    await page.goto(`${origin}/console/author/operations/account.list`);
    await page.getByLabel('YAML of account.list').waitFor();
    await page.getByLabel('Input (JSON)').fill('{ "limit": 1 }');
    await page.getByRole('button', { name: 'Run', exact: true }).click();
    await page.getByLabel('Output').getByText('"number"').waitFor();
    await expectAccessible(page);
  });

  it('a table of the organization becomes a file', async () => {
    const { origin } = new URL(page.url());
    await page.goto(`${origin}/console/author/new`);
    await page.getByLabel('Table', { exact: true }).fill('letter');
    await page.getByRole('button', { name: 'Write its file' }).click();
    await page.getByRole('link', { name: /schemas\/tables\/letter/ }).waitFor();
    expect(readFileSync(join(own, 'schemas/tables/letter.yaml'), 'utf8')).to.contain('x-table');
    await expectAccessible(page);
  });

  /** The id of a case of the sandbox, from its REST route with the session of the page. */
  const newestCase = () =>
    page.evaluate<string>(
      `fetch('/v1/connections/sandbox/actions/case.list', { method: 'POST', body: '{"limit":1}' })
        .then((response) => response.json()).then(({ output }) => output[0].id)`,
    );
});

const escalate = `title: Escalate case
description: Raises the priority of a case and says why.
input:
  required: [id, reason]
  properties:
    id: { $ref: case#id }
    reason: { title: Reason, type: string, maxLength: 200 }
request:
  update: case
  id: "{{input.id}}"
  values: { priority: high, description: "{{input.reason}}" }
`;
