import { existsSync, globSync, readFileSync } from 'node:fs';
import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { extname, join } from 'node:path';
import { expect } from 'chai';
import type { Browser, Page } from 'playwright-core';
import { expectAccessible, findBrowser, launchBrowser } from '../../test/support/browser.ts';

const folder = join(import.meta.dirname, '../.vitepress/dist');
const executablePath = findBrowser();

/** What a newcomer types, and the page that must be found first. */
const questions: readonly (readonly [string, RegExp])[] = [
  ['install n8n', /\/start\/n8n\.html/],
  ['node-red palette', /\/start\/node-red\.html/],
  ['claude mcp', /\/start\/mcp\.html/],
  ['power automate', /\/start\/power-platform\.html/],
  ['app registration redirect URI', /\/(guides\/connections|start\/program|start\/n8n)\.html/],
  ['webhook signature', /\/guides\/(worker|service)\.html/],
  ['dead letters', /\/guides\/(worker|service)\.html/],
  ['case.resolve', /\/actions\/case\.resolve\.html/],
  ['REQUEST_OUTCOME_UNKNOWN', /\/reference\/errors\.html/],
  ['extends connector.yaml', /\/guides\/extend\.html/],
  ['how do I create a case', /\/actions\/case\.create\.html/],
  ['when a case is created', /\/triggers\/case\.created\.html/],
  ['assign a case to a queue', /\/actions\/(case|queue)\b.*\.html/],
  ['delete a contact', /\/actions\/contact\.delete\.html/],
  ['bulk import contacts', /\/actions\/contact\.(create|upsert)-many\.html/],
  ['mirror duckdb', /\/guides\/mirror\.html/],
];

const types: Readonly<Record<string, string>> = {
  '.html': 'text/html; charset=utf-8',
  '.js': 'text/javascript',
  '.css': 'text/css',
  '.json': 'application/json',
  '.svg': 'image/svg+xml',
  '.png': 'image/png',
  '.woff2': 'font/woff2',
};

(existsSync(folder) && executablePath !== undefined ? describe : describe.skip)(
  'the documentation site (needs Chromium and `npm run docs:site`)',
  () => {
    let server: Server;
    let browser: Browser;
    let page: Page;
    let origin: string;
    const foreign: string[] = [];
    const failures: string[] = [];

    before(async () => {
      server = createServer((request, response) => {
        const path = decodeURIComponent(new URL(request.url ?? '/', 'http://site').pathname);
        const file = join(folder, path.endsWith('/') ? `${path}index.html` : path);
        if (!file.startsWith(folder) || !existsSync(file)) return void response.writeHead(404).end();
        response.setHeader('content-type', types[extname(file)] ?? 'application/octet-stream');
        response.end(readFileSync(file));
      });
      await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
      origin = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
      browser = await launchBrowser(executablePath ?? '');
      page = await browser.newPage();
      page.setDefaultTimeout(120_000);
      page.on('request', (request) => {
        if (!request.url().startsWith(origin) && !request.url().startsWith('data:'))
          foreign.push(request.url());
      });
      page.on('pageerror', (error) => failures.push(String(error)));
    });
    after(async () => {
      await browser.close();
      await new Promise((resolve) => server.close(resolve));
    });

    for (const [question, expected] of questions) {
      it(`finds the right page first for "${question}"`, async () => {
        await page.goto(`${origin}/start/`);
        await page.locator('.VPNavBarSearch button').first().click();
        await page.locator('.search-input').fill(question);
        const first = page.locator('.results .result').first();
        await first.waitFor();
        // The list is searched again with each letter.
        await page.waitForTimeout(500);
        expect(await first.getAttribute('href')).to.match(expected);
      });
    }

    for (const path of [
      '/',
      '/start/',
      '/start/program.html',
      '/actions/',
      '/actions/case.create.html',
      '/triggers/case.created.html',
      '/reference/manifest.html',
      '/guides/architecture.html',
    ]) {
      it(`${path} can be used by everybody, in light and in dark`, async () => {
        await page.goto(`${origin}${path}`);
        await page.waitForLoadState('networkidle');
        await expectAccessible(page);
      });
    }

    it('shows the placeholders of templates as they are written', () => {
      const text = readFileSync(join(folder, 'reference/manifest.html'), 'utf8').replace(/<[^>]+>/g, '');
      expect(text.match(/\{\{input/g)?.length ?? 0).to.be.at.least(5);
    });

    it('has a page for every action and trigger of the YAML files', () => {
      const pages = globSync('{actions,triggers}/*.html', { cwd: folder });
      expect(pages.length).to.be.at.least(300);
    });

    it('asks no other server for anything, and has no error in its scripts', () => {
      expect(foreign).to.deep.equal([]);
      expect(failures).to.deep.equal([]);
    });
  },
);
