import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect } from 'chai';
import type { JsonObject } from 'dynamics365-connector';
import { runtimeOf } from 'dynamics365-connector/host';
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

/** `npm run test:browser`: the editor in a browser; its screenshots are saved in docs/pictures. */
describe('Node-RED forms', function () {
  this.timeout(120_000);
  let fixture: SandboxClient;
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
    createConnectionNode(fixture.sandbox),
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
    fixture = await openSandboxClient({
      apps: [
        { name: 'flows', secrets: ['a secret'], redirectUris: ['http://127.0.0.1/dynamics365/callback'] },
      ],
    });
    folder = mkdtempSync(join(tmpdir(), 'd365-browser-'));
    prepareUserFolder(folder, fixture.sandbox);
    red = await startNodeRed(folder);
    await deploy(red, flows());
    page = await openPage(red.url);
    await page.waitFor("window.RED && RED.nodes && RED.nodes.node('action')");
  });
  after(async () => {
    await page?.close();
    await red?.stop();
    await fixture.close();
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

  it('show every input of an action, required ones first, and keep the values', async () => {
    await open('action');
    const { properties = {}, required = [] } = runtimeOf(fixture.connector).definition.actions['case.create']!
      .input as {
      properties?: JsonObject;
      required?: string[];
    };
    const shown = await fields();
    expect([...shown].sort()).to.deep.equal(Object.keys(properties).sort());
    expect(shown.slice(0, required.length).sort()).to.deep.equal([...required].sort());
    await save();
    expect(await page.evaluate("RED.nodes.node('action').values")).to.deep.equal(values);
  });

  it('keep the values when the form is closed before its fields have loaded', async () => {
    await page.evaluate('window.getJSON = $.getJSON, $.getJSON = () => {}');
    await page.evaluate("RED.editor.edit(RED.nodes.node('action'))");
    await page.waitFor("document.querySelector('.d365-fields')");
    await save();
    await page.evaluate('$.getJSON = getJSON, null');
    expect(await page.evaluate("RED.nodes.node('action').values")).to.deep.equal(values);
    expect(await page.evaluate("RED.nodes.node('action').action")).to.equal('case.create');
  });

  it('show the fields of the action that was selected last, whichever response arrives first', async () => {
    await open('action');
    await page.evaluate(`{
      const held = [];
      window.getJSON = $.getJSON;
      $.getJSON = (url, callback) => getJSON(url, (result) => {
        held.push(() => callback(result));
        if (held.length === 2) for (const release of held.reverse()) release();
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

  it('change with the selected action', async () => {
    await open('action');
    await page.evaluate("$('#node-input-action').val('case.reopen').trigger('change')");
    await page.waitFor("document.querySelectorAll('.d365-fields input[data-name]').length === 1");
    expect(await fields()).to.deep.equal(['id']);
    await save();
    expect(await page.evaluate("RED.nodes.node('action').action")).to.equal('case.reopen');
  });

  it('show the params of a trigger', async () => {
    await open('trigger');
    const { properties = {} } = runtimeOf(fixture.connector).definition.triggers['email.received']!.input as {
      properties?: JsonObject;
    };
    expect((await fields()).sort()).to.deep.equal(Object.keys(properties).sort());
    await save();
  });

  it('sign in a user and show the account', async () => {
    await page.evaluate("RED.editor.editConfig('', 'dynamics365-connection', 'connection')");
    await page.waitFor("document.querySelector('.d365-sign-in')");
    await page.evaluate("$('#node-config-input-signIn').val('user').trigger('change')");
    await page.evaluate("document.querySelector('#node-config-dialog-ok').click()");
    await page.waitFor("document.querySelector('.d365-sign-in') === null");
    expect(await page.evaluate("RED.nodes.node('connection').signIn")).to.equal('user');
    await page.evaluate("document.querySelector('#red-ui-header-button-deploy').click()");
    await page.waitFor('!RED.nodes.dirty()');

    await page.evaluate("RED.editor.editConfig('', 'dynamics365-connection', 'connection')");
    await page.waitFor("$('.d365-account').text() === 'No user has signed in'");
    // Replaces the window that the editor opens, to read its URL.
    await page.evaluate(
      'window.open = () => ({ location: { replace: (url) => { window.openedUrl = url } }, close() {} })',
    );
    await page.evaluate("document.querySelector('.d365-sign-in').click()");
    await page.waitFor('window.openedUrl');
    const callback = await fixture.sandbox.signInAutomatically(
      await page.evaluate<string>('window.openedUrl'),
    );
    await page.evaluate(`new Promise((done) => {
      const frame = document.createElement('iframe');
      frame.onload = done;
      frame.src = ${JSON.stringify(callback)};
      document.body.append(frame);
    })`);
    await page.waitFor("$('.d365-account').text().startsWith('Signed in as')");
    await picture('connection');
    expect(await page.evaluate("$('.d365-account').text()")).to.equal(
      `Signed in as ${fixture.sandbox.user.name}`,
    );
    expect(await page.evaluate("$('.d365-redirect').val()")).to.equal(`${red.url}dynamics365/callback`);
  });
});
