import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect } from 'chai';
import type { JsonObject } from 'dynamics365-connector';
import { openSandboxClient, type SandboxClient } from '../../../../test/support/sandbox-client.ts';
import {
  createConnectionNode,
  deploy,
  type NodeRedProcess,
  prepareUserFolder,
  startNodeRed,
} from '../node-red-process.ts';
import { type BrowserPage, openPage } from './chromium.ts';

const pictures = join(import.meta.dirname, '../../../../docs/pictures');

/** `npm run test:browser`: the editor as people see it; pictures of it go to docs/pictures. */
describe('the forms of Node-RED', function () {
  this.timeout(120_000);
  let bench: SandboxClient;
  let folder: string;
  let red: NodeRedProcess;
  let page: BrowserPage;

  const values = {
    title: { type: 'msg', value: 'payload.subject' },
    customer: { type: 'json', value: '{"table":"account","id":"1f3d0c7a-5b1e-4c39-9d55-0a3c1c5d7e90"}' },
    priority: { type: 'choice', value: 'high' },
    escalated: { type: 'bool', value: 'true' },
  };
  const common = { z: 'tab', connection: 'connection', name: '' };
  const flows = (): JsonObject[] => [
    { id: 'tab', type: 'tab', label: 'Cases' },
    createConnectionNode(bench.sandbox),
    {
      id: 'trigger',
      ...common,
      type: 'dynamics365-trigger',
      trigger: 'email.received',
      values: {},
      everySeconds: '',
      from: '',
      x: 160,
      y: 80,
      wires: [['action']],
    },
    {
      id: 'action',
      ...common,
      type: 'dynamics365-action',
      action: 'case.create',
      usePayload: false,
      values,
      x: 380,
      y: 80,
      wires: [[]],
    },
  ];

  before(async () => {
    bench = await openSandboxClient({
      apps: [
        { name: 'flows', secrets: ['a secret'], redirectUris: ['http://127.0.0.1/dynamics365/callback'] },
      ],
    });
    folder = mkdtempSync(join(tmpdir(), 'd365-browser-'));
    prepareUserFolder(folder, bench.sandbox);
    red = await startNodeRed(folder);
    await deploy(red, flows());
    page = await openPage(red.url);
    await page.waitFor("window.RED && RED.nodes && RED.nodes.node('action')");
  });
  after(async () => {
    await page?.close();
    await red?.stop();
    await bench.close();
    rmSync(folder, { recursive: true, force: true, maxRetries: 5 });
  });

  const open = async (id: string) => {
    await page.evaluate(`RED.editor.edit(RED.nodes.node('${id}'))`);
    await page.waitFor("document.querySelectorAll('.d365-fields input[data-name]').length > 0");
    await picture(id);
  };
  const picture = async (name: string) => {
    await new Promise((next) => setTimeout(next, 500));
    mkdirSync(pictures, { recursive: true });
    writeFileSync(join(pictures, `node-red-${name}.png`), await page.screenshot());
  };
  const fields = () =>
    page.evaluate<string[]>(
      "[...document.querySelectorAll('.d365-fields input[data-name]')].map((each) => each.dataset.name)",
    );
  const save = async () => {
    await page.evaluate("document.querySelector('#node-dialog-ok').click()");
    await page.waitFor("document.querySelector('.d365-fields') === null");
  };

  it('show every input of an action, the needed ones first, and keep what was entered', async () => {
    await open('action');
    const { properties = {}, required = [] } = bench.connector.definition.actions['case.create']!.input as {
      properties?: JsonObject;
      required?: string[];
    };
    const shown = await fields();
    expect([...shown].sort()).to.deep.equal(Object.keys(properties).sort());
    expect(shown.slice(0, required.length).sort()).to.deep.equal([...required].sort());
    await save();
    expect(await page.evaluate("RED.nodes.node('action').values")).to.deep.equal(values);
  });

  it('lose nothing when they are closed before their fields are there', async () => {
    await page.evaluate('window.getJSON = $.getJSON, $.getJSON = () => {}');
    await page.evaluate("RED.editor.edit(RED.nodes.node('action'))");
    await page.waitFor("document.querySelector('.d365-fields')");
    await save();
    await page.evaluate('$.getJSON = getJSON, null');
    expect(await page.evaluate("RED.nodes.node('action').values")).to.deep.equal(values);
    expect(await page.evaluate("RED.nodes.node('action').action")).to.equal('case.create');
  });

  it('are those of the action that was chosen last, whichever answer comes first', async () => {
    await open('action');
    await page.evaluate(`{
      const held = [];
      window.getJSON = $.getJSON;
      $.getJSON = (url, use) => getJSON(url, (answer) => {
        held.push(() => use(answer));
        if (held.length === 2) for (const go of held.reverse()) go();
      });
      $('#node-input-action').val('case.list').trigger('change').val('case.create').trigger('change');
      null
    }`);
    await page.waitFor("document.querySelectorAll('.d365-fields input[data-name=title]').length > 0");
    await page.evaluate('$.getJSON = getJSON, null');
    expect(await fields())
      .to.include('title')
      .and.not.include('orderBy');
    await save();
    expect(await page.evaluate("RED.nodes.node('action').values")).to.deep.equal(values);
  });

  it('change with the action that is chosen', async () => {
    await open('action');
    await page.evaluate("$('#node-input-action').val('case.reopen').trigger('change')");
    await page.waitFor("document.querySelectorAll('.d365-fields input[data-name]').length === 1");
    expect(await fields()).to.deep.equal(['id']);
    await save();
    expect(await page.evaluate("RED.nodes.node('action').action")).to.equal('case.reopen');
  });

  it('show the params of a trigger', async () => {
    await open('trigger');
    const { properties = {} } = bench.connector.definition.triggers['email.received']!.input as {
      properties?: JsonObject;
    };
    expect((await fields()).sort()).to.deep.equal(Object.keys(properties).sort());
    await save();
  });

  it('let a person sign in, and show who it is', async () => {
    await page.evaluate("RED.editor.editConfig('', 'dynamics365-connection', 'connection')");
    await page.waitFor("document.querySelector('.d365-sign-in')");
    await page.evaluate("$('#node-config-input-signIn').val('user').trigger('change')");
    await page.evaluate("document.querySelector('#node-config-dialog-ok').click()");
    await page.waitFor("document.querySelector('.d365-sign-in') === null");
    expect(await page.evaluate("RED.nodes.node('connection').signIn")).to.equal('user');
    await page.evaluate("document.querySelector('#red-ui-header-button-deploy').click()");
    await page.waitFor('!RED.nodes.dirty()');

    await page.evaluate("RED.editor.editConfig('', 'dynamics365-connection', 'connection')");
    await page.waitFor("$('.d365-account').text() === 'Nobody has signed in'");
    // The window that the editor opens: its address is what a person would see.
    await page.evaluate(
      'window.open = () => ({ location: { replace: (url) => { window.asked = url } }, close() {} })',
    );
    await page.evaluate("document.querySelector('.d365-sign-in').click()");
    await page.waitFor('window.asked');
    const callback = await bench.sandbox.signInAutomatically(await page.evaluate<string>('window.asked'));
    await page.evaluate(`new Promise((done) => {
      const frame = document.createElement('iframe');
      frame.onload = done;
      frame.src = ${JSON.stringify(callback)};
      document.body.append(frame);
    })`);
    await page.waitFor("$('.d365-account').text().startsWith('Signed in as')");
    await picture('connection');
    expect(await page.evaluate("$('.d365-account').text()")).to.equal(
      `Signed in as ${bench.sandbox.user.name}`,
    );
    expect(await page.evaluate("$('.d365-redirect').val()")).to.equal(`${red.url}dynamics365/callback`);
  });
});
