import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect } from 'chai';
import type { JsonObject } from 'dynamics365-connector';
import { runtimeOf } from 'dynamics365-connector/host';
import type { Browser, Page } from 'playwright-core';
import { findBarriers, findBrowser, launchBrowser } from '../../../../test/support/browser.ts';
import { openSandboxClient, type SandboxClient } from '../../../../test/support/sandbox-client.ts';
import {
  createConnectionNode,
  deploy,
  type NodeRedProcess,
  prepareUserFolder,
  startNodeRed,
} from '../node-red-process.ts';

const pictures = join(import.meta.dirname, '../../../../docs/pictures');

/** `npm run test:browser`: the editor in a browser. `UPDATE_CAPTURES=1` saves its screenshots in docs/pictures. */
describe('Node-RED forms', () => {
  let fixture: SandboxClient;
  let folder: string;
  let red: NodeRedProcess;
  let browser: Browser;
  let page: Page;

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

  before(async function () {
    const chromium = findBrowser();
    if (chromium === undefined) return this.skip();
    fixture = await openSandboxClient({
      apps: [
        { name: 'flows', secrets: ['a secret'], redirectUris: ['http://127.0.0.1/dynamics365/callback'] },
      ],
    });
    folder = mkdtempSync(join(tmpdir(), 'd365-browser-'));
    prepareUserFolder(folder, fixture.sandbox);
    red = await startNodeRed(folder);
    await deploy(red, flows());
    browser = await launchBrowser(chromium);
    page = await browser.newPage({ viewport: { width: 1280, height: 900 } });
    // A slow machine is no failure: the limit of the test counts.
    page.setDefaultTimeout(0);
    await page.goto(red.url);
    await page.waitForFunction("window.RED && RED.nodes && RED.nodes.node('action')");
  });
  after(async () => {
    await browser?.close();
    await red?.stop();
    await fixture?.close();
    if (folder !== undefined) rmSync(folder, { recursive: true, force: true, maxRetries: 5 });
  });

  const open = async (id: string) => {
    await page.evaluate(`RED.editor.edit(RED.nodes.node('${id}'))`);
    await page.waitForFunction("document.querySelectorAll('.d365-fields input[data-name]').length > 0");
  };
  /** Presses Deploy, and confirms what the editor asks: nodes that were deleted, or are not used. */
  const deployInEditor = async () => {
    await page.evaluate("document.querySelector('#red-ui-header-button-deploy').click()");
    await page.waitForFunction(
      "!RED.nodes.dirty() || ($('.red-ui-notification button.primary').trigger('click'), false)",
    );
  };
  const picture = async (name: string) => {
    if (process.env.UPDATE_CAPTURES === undefined) return;
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
    await page.waitForFunction("document.querySelector('.d365-fields') === null");
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
    await page.waitForFunction("document.querySelector('.d365-fields')");
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
    await page.waitForFunction("document.querySelectorAll('.d365-fields input[data-name=title]').length > 0");
    await page.evaluate('$.getJSON = getJSON, null');
    expect(await fields())
      .to.include('title')
      .and.not.include('orderBy');
    await save();
    expect(await page.evaluate("RED.nodes.node('action').values")).to.deep.equal(values);
  });

  it('change with the selected action', async () => {
    await open('action');
    await page.evaluate("$('#node-input-action').val('case.reopen').trigger('change'), null");
    const { input } = runtimeOf(fixture.connector).definition.actions['case.reopen']!;
    const names = Object.keys(input.properties as JsonObject);
    await page.waitForFunction(
      `document.querySelectorAll('.d365-fields input[data-name]').length === ${names.length}`,
    );
    expect(await fields()).to.have.members(names);
    await save();
    expect(await page.evaluate("RED.nodes.node('action').action")).to.equal('case.reopen');
  });

  it('show the params of a trigger', async () => {
    await open('trigger');
    const { properties = {} } = runtimeOf(fixture.connector).definition.triggers['email.received']!.input as {
      properties?: JsonObject;
    };
    expect((await fields()).sort()).to.deep.equal(Object.keys(properties).sort());
    await picture('trigger');
    await save();
  });

  it('find an action by the words that people use', async () => {
    await open('action');
    const search = async (text: string) => {
      await page.evaluate(`{
        const input = $('#node-input-action');
        input.val(${JSON.stringify(text)}).trigger($.Event('keyup', { keyCode: 65 }));
        null
      }`);
      await page.waitForFunction("document.querySelectorAll('.d365-option').length > 0");
      return await page.evaluate<string[]>(
        "[...document.querySelectorAll('.d365-option')].map((each) => each.firstChild.textContent)",
      );
    };
    expect((await search('close ticket')).slice(0, 3)).to.include('Resolve case');
    await picture('search');
    await page.evaluate("$('.red-ui-autoComplete-container').remove(), null");
    await page.evaluate("$('#node-input-action').val('case.create').trigger('change'), null");
    await page.waitForFunction("document.querySelectorAll('.d365-fields input[data-name=title]').length > 0");
    await save();
  });

  it('suggest rows of the organization, with a second line, and keep the chosen one', async () => {
    const { output } = await fixture.client.run('account.create', {
      name: 'Fabrikam, Inc.',
      number: 'A-4711',
    });
    const value = `account/${(output as JsonObject).id}`;
    await open('action');
    const found = await page.evaluate<{ value: string; text: string }[]>(`new Promise((done) => {
      const input = $('.d365-fields input[data-name=customer]');
      input.typedInput('type', 'lookup');
      const { autoComplete } = input.data('noderedTypedInput').typeMap.lookup;
      autoComplete('A-47', (options) => done(options.map(({ value, label }) => ({ value, text: label.text() }))));
    })`);
    expect(found).to.deep.equal([{ value, text: 'Fabrikam, Inc.Account \u00b7 A-4711' }]);
    await page.evaluate(`$('.d365-fields input[data-name=customer]').typedInput('value', '${value}'), null`);
    await picture('action');
    await save();
    const label = 'Fabrikam, Inc. \u00b7 Account \u00b7 A-4711';
    expect(await page.evaluate("RED.nodes.node('action').values.customer")).to.deep.equal({
      type: 'lookup',
      value,
      label,
    });
  });

  it('name the required fields without a value before a deployment', async () => {
    await page.evaluate(`{
      const node = RED.nodes.node('action');
      node.values = {};
      RED.editor.validateNode(node);
      null
    }`);
    const state = await page.evaluate<{ valid: boolean; validationErrors: string[] }>(
      "(({ valid, validationErrors }) => ({ valid, validationErrors }))(RED.nodes.node('action'))",
    );
    expect(state.valid).to.equal(false);
    expect(state.validationErrors.join()).to.match(/Required: Title, Customer/);
    await page.evaluate(`{
      const node = RED.nodes.node('action');
      node.values = ${JSON.stringify(values)};
      RED.editor.validateNode(node);
      null
    }`);
    expect(await page.evaluate("RED.nodes.node('action').valid")).to.equal(true);
  });

  it('offer the call options that apply to the action, and keep the chosen ones', async () => {
    const optionNames = () =>
      page.evaluate<string[]>(
        "[...document.querySelectorAll('.d365-options input[data-name]')].map((each) => each.dataset.name)",
      );
    const choose = async (id: string) => {
      await page.evaluate(`$('#node-input-action').val('${id}').trigger('change'), null`);
      await page.waitForFunction(
        `$('.d365-fields').data('id') === '${id}' && !$('.d365-fields').data('stored')`,
      );
    };
    await open('action');
    await choose('case.get');
    expect(await optionNames()).to.deep.equal(['asUser']);
    await choose('case.update');
    expect(await optionNames()).to.include.members([
      'asUser',
      'ifVersion',
      'detectDuplicates',
      'bypassFlows',
    ]);
    await choose('case.create');
    expect(await optionNames()).to.not.include('ifVersion');
    const [user] = fixture.sandbox.users;
    const [found] = await page.evaluate<{ value: string; text: string }[]>(`new Promise((done) => {
      $('.d365-options-row').prop('open', true);
      const input = $('.d365-options input[data-name=asUser]');
      input.typedInput('type', 'row');
      const { autoComplete } = input.data('noderedTypedInput').typeMap.row;
      autoComplete('${user!.name}', (options) => done(options.map(({ value, label }) => ({ value, text: label.text() }))));
    })`);
    expect(found!.value).to.equal(user!.objectId);
    await page.evaluate(
      `$('.d365-options input[data-name=asUser]').typedInput('value', '${found!.value}'), null`,
    );
    await page.evaluate("$('.d365-options input[data-name=bypassFlows]').typedInput('type', 'bool'), null");
    await page.evaluate("document.querySelector('.d365-options-row').scrollIntoView(), null");
    await picture('options');
    await save();
    const options = await page.evaluate<JsonObject>("RED.nodes.node('action').options");
    expect(options).to.have.nested.property('asUser.value', user!.objectId);
    expect(options).to.have.deep.property('bypassFlows', { type: 'bool', value: 'true' });
    expect(await page.evaluate("RED.nodes.node('action').values")).to.deep.include({ title: values.title });
    await open('action');
    expect(await page.evaluate("$('.d365-options input[data-name=asUser]').typedInput('value')")).to.equal(
      user!.objectId,
    );
    await save();
    expect(await page.evaluate("RED.nodes.node('action').options")).to.deep.equal(options);
  });

  it('name a call option without a value before a deployment', async () => {
    const validate = (options: JsonObject) =>
      page.evaluate<string[]>(`{
        const node = RED.nodes.node('action');
        node.options = ${JSON.stringify(options)};
        RED.editor.validateNode(node);
        node.validationErrors
      }`);
    expect((await validate({ asUser: { type: 'row', value: '' } })).join()).to.include(
      'Options of the call without a value: asUser',
    );
    expect(await validate({})).to.deep.equal([]);
  });

  it('have no barriers for people who use a keyboard or a screen reader', async () => {
    // Without the fields that Node-RED adds to keep a browser from filling in passwords.
    const form = '#dialog-form .form-row, #dialog-form .d365-about, #dialog-form details';
    await open('action');
    await page.evaluate("$('.d365-options-row').prop('open', true), null");
    expect(await findBarriers(page, form)).to.deep.equal([]);
    await save();
    await open('trigger');
    expect(await findBarriers(page, form)).to.deep.equal([]);
    await save();
  });

  it('show what the chosen action takes and answers', async () => {
    await open('action');
    const about = await page.evaluate<string>("document.querySelector('.d365-about').textContent");
    expect(about)
      .to.match(/Creates one case/)
      .and.match(/Output: The case\./)
      .and.match(/INPUT_INVALID/);
    await save();
  });

  it('are found in the palette by ticket, case, crm, dataverse and email', async () => {
    for (const word of ['ticket', 'case', 'crm', 'dataverse', 'email', 'dynamics']) {
      const shown = await page.evaluate<string[]>(`new Promise((done) => {
        $('#red-ui-palette-search input').val('${word}').trigger('keyup');
        setTimeout(() => done([...document.querySelectorAll('.red-ui-palette-node')]
          .filter((each) => each.style.display !== 'none').map((each) => each.dataset.paletteType)), 600);
      })`);
      expect(shown, word).to.include.members(['dynamics365-action', 'dynamics365-trigger']);
    }
    await picture('palette');
    await page.evaluate("$('#red-ui-palette-search input').val('').trigger('keyup'), null");
  });

  it('import a flow as the editor exports it, deploy it, and run it', async () => {
    const { output } = await fixture.client.run('account.create', { name: 'Imported' });
    const exported: JsonObject[] = [
      { id: 'tab2', type: 'tab', label: 'Imported' },
      {
        id: 'in1',
        type: 'inject',
        z: 'tab2',
        once: true,
        onceDelay: 0.1,
        payload: 'By hand',
        payloadType: 'str',
        x: 120,
        y: 80,
        wires: [['act1']],
      },
      {
        id: 'act1',
        ...common,
        z: 'tab2',
        type: 'dynamics365-action',
        action: 'case.create',
        usePayload: false,
        values: {
          title: { type: 'msg', value: 'payload' },
          customer: { type: 'lookup', value: `account/${(output as JsonObject).id}`, label: 'Imported' },
          priority: { type: 'choice', value: 'high' },
        },
        x: 320,
        y: 80,
        wires: [[]],
      },
    ];
    await page.evaluate(
      `RED.view.importNodes(${JSON.stringify(JSON.stringify(exported))}, { generateIds: false, addFlow: false }), null`,
    );
    await page.waitForFunction("RED.nodes.node('act1')");
    expect(await page.evaluate("RED.nodes.node('act1').valid")).to.equal(true);
    const text = await page.evaluate<string>(
      "JSON.stringify(RED.nodes.createExportableNodeSet([RED.nodes.node('act1')]))",
    );
    expect(JSON.parse(text)[0]).to.deep.include({ type: 'dynamics365-action', values: exported[2]!.values! });
    await deployInEditor();
    await page.waitForFunction(
      "(RED.nodes.node('act1').status || {}).text && RED.nodes.node('act1').status.text.includes('done at')",
    );
    const { output: cases } = await fixture.client.run('case.list', { search: 'By hand' });
    expect(cases).to.have.length(1);
    await page.evaluate("RED.workspaces.show('tab2'), $('.red-ui-notification').remove(), null");
    await picture('flow');
  });

  it('test the connection and show who it signs in as', async () => {
    await page.evaluate("RED.editor.editConfig('', 'dynamics365-connection', 'connection')");
    await page.waitForFunction("document.querySelector('.d365-test')");
    await page.evaluate("document.querySelector('.d365-test').click()");
    await page.waitForFunction("$('.d365-tested').text().startsWith('Connected to')");
    await page.evaluate("document.querySelector('#node-config-dialog-cancel').click()");
    await page.waitForFunction("document.querySelector('.d365-test') === null");
  });

  it('sign in a user and show the account', async () => {
    await page.evaluate("RED.editor.editConfig('', 'dynamics365-connection', 'connection')");
    await page.waitForFunction("document.querySelector('.d365-sign-in')");
    await page.evaluate("$('#node-config-input-signIn').val('user').trigger('change'), null");
    await page.evaluate("document.querySelector('#node-config-dialog-ok').click()");
    await page.waitForFunction("document.querySelector('.d365-sign-in') === null");
    expect(await page.evaluate("RED.nodes.node('connection').signIn")).to.equal('user');
    await deployInEditor();

    // The nodes have failed meanwhile, and the sidebar says what to do; one click shows the text to its end.
    await page.waitForFunction(
      "$('.red-ui-debug-msg').text().includes('No user has signed in to this connection. Sign in again')",
    );
    await page.evaluate("RED.editor.editConfig('', 'dynamics365-connection', 'connection')");
    await page.waitForFunction("$('.d365-account').text() === 'No user has signed in'");
    // Replaces the window that the editor opens, to read its URL.
    await page.evaluate(
      'window.open = () => ({ location: { replace: (url) => { window.openedUrl = url } }, close() {} })',
    );
    await page.evaluate("document.querySelector('.d365-sign-in').click()");
    await page.waitForFunction('window.openedUrl');
    const callback = await fixture.sandbox.signInAutomatically(
      await page.evaluate<string>('window.openedUrl'),
    );
    await page.evaluate(`new Promise((done) => {
      const frame = document.createElement('iframe');
      frame.onload = done;
      frame.src = ${JSON.stringify(callback)};
      document.body.append(frame);
    })`);
    await page.waitForFunction("$('.d365-account').text().startsWith('Signed in as')");
    await picture('connection');
    expect(await page.evaluate("$('.d365-account').text()")).to.equal(
      `Signed in as ${fixture.sandbox.user.name}`,
    );
    expect(await page.evaluate("$('.d365-redirect').val()")).to.equal(`${red.url}dynamics365/callback`);
  });
});
