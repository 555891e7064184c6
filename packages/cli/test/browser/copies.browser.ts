import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { chmodSync, mkdirSync, mkdtempSync, realpathSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { delimiter, join } from 'node:path';
import { createInterface } from 'node:readline';
import { DatabaseSync } from 'node:sqlite';
import { expect } from 'chai';
import type { JsonObject } from 'dynamics365-connector';
import { scaffoldConnector } from 'dynamics365-connector/authoring';
import type { Browser, Page } from 'playwright-core';
import { expectAccessible, findBrowser, launchBrowser } from '../../../../test/support/browser.ts';
import { cliCommand, cliEnvironment, startCli } from '../run-cli.ts';

const mirrorFile = `
connection: { saved: sandbox }
target: { sqlite: ./crm.sqlite }
tables: { account: { columns: [name] } }
every: 1s
`;

/** `d365 serve --console` with a mirror and a connector of their own, and a folder in which a person tries what was copied. */
describe('console: of a service with a mirror', () => {
  let folder: string;
  let service: { readonly url: string; readonly key: string; readonly console: string };
  let child: ChildProcess;
  let browser: Browser;
  let page: Page;
  const errors: string[] = [];
  before(async function () {
    const executable = findBrowser();
    if (executable === undefined) return this.skip();
    folder = realpathSync(mkdtempSync(join(tmpdir(), 'd365-copies-')));
    const own = join(folder, 'contoso-service');
    mkdirSync(own);
    for (const [file, text] of scaffoldConnector('contoso-service', '0.1.0'))
      writeFileSync(join(own, file), text);
    writeFileSync(join(folder, 'mirror.yaml'), mirrorFile);
    const args = ['serve', '--sandbox', '--console', '--port', '0', '--json', '--manifest', own];
    const started = await startCli([...args, '--mirror', join(folder, 'mirror.yaml')], { folder });
    child = started;
    started.stderr.resume();
    const [line] = (await once(createInterface(started.stdout), 'line')) as [string];
    service = JSON.parse(line);
    await installCommands();
    browser = await launchBrowser(executable);
    page = await browser.newPage({ viewport: { width: 1440, height: 900 } });
    page.setDefaultTimeout(120_000);
    page.on('pageerror', (error) => void errors.push(error.message));
    await page.goto(service.console);
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

  /** `d365` and `npx dynamics365-connector-cli` for a shell, and the packages for programs. */
  async function installCommands(): Promise<void> {
    const { command, args } = await cliCommand([]);
    mkdirSync(join(folder, 'bin'));
    const start = [command, ...args].map((each) => `'${each}'`).join(' ');
    for (const [name, script] of [
      ['d365', `exec ${start} "$@"`],
      ['npx', `shift\nexec ${start} "$@"`],
    ] as const) {
      writeFileSync(join(folder, 'bin', name), `#!/bin/sh\n${script}\n`);
      chmodSync(join(folder, 'bin', name), 0o755);
    }
    symlinkSync(join(import.meta.dirname, '../../../../node_modules'), join(folder, 'node_modules'));
  }

  const call = async (path: string, body?: object) => {
    const headers = { authorization: `Bearer ${service.key}` };
    const method = body === undefined ? 'GET' : 'POST';
    const response = await fetch(`${service.url}${path}`, {
      headers,
      method,
      body: body && JSON.stringify(body),
    });
    return (await response.json()) as JsonObject;
  };
  const goTo = async (path: string) => {
    await page.goto(`${service.url}/console${path}`);
    await page.getByRole('heading', { level: 1 }).waitFor();
  };
  /** The screens, and what is entered before something is copied. */
  const screens = async (): Promise<readonly (readonly [path: string, fill?: () => Promise<unknown>])[]> => {
    const subscription = { connection: 'sandbox', trigger: 'case.created', url: 'http://127.0.0.1:9/hook' };
    const { id } = await call('/v1/subscriptions', subscription);
    const created = await call('/v1/connections/sandbox/actions/account.create', { name: "O'Brien & Söhne" });
    const { id: account } = created.output as JsonObject;
    const sandbox = '/sandbox/sandbox';
    return [
      ['/connections'],
      ['/subscriptions'],
      ['/subscriptions/new', () => page.getByLabel('Webhook').fill('http://127.0.0.1:9/hook')],
      [`/subscriptions/${id}`],
      ['/mirror'],
      ['/sandbox'],
      [sandbox],
      [`${sandbox}/rows/account`],
      [`${sandbox}/rows/account/${account}`],
      [
        `${sandbox}/requests?search=/accounts`,
        () =>
          page
            .getByRole('button', { name: /GET .*\/accounts/ })
            .first()
            .click(),
      ],
      ['/author'],
      ['/author/new', () => page.getByLabel('Table', { exact: true }).fill('subject')],
      ['/author/operations/case.list'],
      [`${sandbox}/faults`],
    ];
  };

  /** The texts of all copies of a screen. */
  const copy = async (path: string): Promise<readonly Copied[]> => {
    const copied: Copied[] = [];
    const bars = page.getByRole('region', { name: /^Copy / });
    await bars.first().waitFor();
    for (const bar of await bars.all()) {
      for (const form of ['d365', 'curl', 'TypeScript'] as const) {
        await bar.getByRole('button', { name: form, exact: true }).click();
        const text = (await bar.locator('pre').textContent()) ?? '';
        // The service of this test has another port than the one that the screen names.
        copied.push({ path, form, text: text.replace('http://127.0.0.1:9470', service.url) });
      }
    }
    return copied;
  };

  /** Runs what was copied. What would not end by itself is stopped after its first output. */
  const run = async (command: string, args: readonly string[], isEndless = false): Promise<string> => {
    const { connections } = await call('/v1/connections');
    const [{ orgUrl } = {}] = connections as JsonObject[];
    const env = {
      ...cliEnvironment(folder),
      PATH: [join(folder, 'bin'), process.env.PATH].join(delimiter),
      ...{ KEY: service.key, ORG_URL: String(orgUrl) },
    };
    const running = spawn(command, args, { cwd: folder, env, detached: true });
    let text = '';
    const stop = () => isEndless && process.kill(-Number(running.pid), 'SIGTERM');
    for (const stream of [running.stdout, running.stderr]) {
      stream.once('data', stop);
      stream.on('data', (chunk) => {
        text += chunk;
      });
    }
    running.stdin.end();
    const [code] = await once(running, 'close');
    return isEndless || code === 0 ? text : `exit code ${code}: ${text}`;
  };

  it('the page of the mirror shows its tables, finds a forged row, and is accessible', async () => {
    await goTo('/mirror');
    await page.locator('tr', { hasText: 'account' }).getByText('follow', { exact: true }).waitFor();
    await expectAccessible(page);
    const database = new DatabaseSync(join(folder, 'crm.sqlite'), { timeout: 60_000 });
    database.exec("UPDATE account SET name = 'Forged' WHERE rowid = (SELECT min(rowid) FROM account)");
    database.close();
    await page.getByRole('button', { name: 'Compare with the organization' }).focus();
    await page.keyboard.press('Enter');
    await page
      .getByRole('status')
      .getByText(/account: \d+ rows compared, 0 missing, 0 extra, 1 wrong/)
      .waitFor();
    await expectAccessible(page);
    expect(errors).to.deep.equal([]);
  });

  it('what every screen copies runs: in a terminal, with curl, and as a program', async function () {
    this.timeout(900_000);
    const copies: Copied[] = [];
    for (const [path, fill] of await screens()) {
      await goTo(path);
      await fill?.();
      copies.push(...(await copy(path)));
    }
    const distinct = new Map(copies.map((each) => [withoutComments(each.text), each]));
    const failed: string[] = [];
    const isProgram = ({ form }: Copied) => form === 'TypeScript';
    // Programs print what commands write.
    const programs = [...distinct.values()].filter(isProgram).map(({ text }, at) => {
      const file = join(folder, `program-${at}.ts`);
      writeFileSync(file, text);
      return file;
    });
    // One process, because the packages take long to load.
    const all = join(folder, 'programs.ts');
    writeFileSync(
      all,
      `${programs.map((file) => `await import('${file}');`).join('\n')}\nprocess.exit(0);\n`,
    );
    const options = ['--conditions=development', '--disable-warning=ExperimentalWarning'];
    const printed = await run(process.execPath, [...options, all]);
    // The error is at the end.
    if (hasFailed(printed)) failed.push(`programs: ${printed.slice(-2000)}`);
    for (const { path, text } of [...distinct.values()].filter((each) => !isProgram(each))) {
      const output = await run('sh', ['-ec', text], endless.test(text));
      if (hasFailed(output)) failed.push(`${path}\n${text}\n${output}`);
    }
    expect(failed.join('\n\n')).to.equal('');
    expect(programs.length).to.be.greaterThan(12);
    expect(errors).to.deep.equal([]);
  });
});

interface Copied {
  readonly path: string;
  readonly form: 'd365' | 'curl' | 'TypeScript';
  readonly text: string;
}

const endless = /^(?:d365 sandbox|npx .* sandbox)|--watch|d365 worker --config/m;
const withoutComments = (text: string) => text.replace(/^#.*\n/gm, '');
const hasFailed = (output: string) => /^exit code |^error |"code":"[A-Z_]+"/m.test(output);
