import { expect } from 'chai';
import type { JsonObject } from 'dynamics365-connector';
import { findBrowser } from '../../../../../test/support/browser.ts';
import { openSandboxClient, type SandboxClient } from '../../../../../test/support/sandbox-client.ts';
import { credentialDataFor } from '../support/credential-store.ts';
import { credentialType, packageName } from '../support/load-package.ts';
import { type N8nEditor, openN8nEditor } from '../support/n8n-editor.ts';
import { type N8nServer, startN8n } from '../support/n8n-server.ts';
import { prepareUserFolder, type UserFolder } from '../support/user-folder.ts';

/** Skipped where there is no Chromium. `UPDATE_CAPTURES=1` saves pictures in docs/pictures. */
describe("n8n's editor in a browser (needs Chromium)", () => {
  let fixture: SandboxClient;
  let folder: UserFolder;
  let server: N8nServer;
  let editor: N8nEditor;
  let credentialId: string;
  before(async function () {
    const browser = findBrowser();
    if (browser === undefined) return this.skip();
    folder = await prepareUserFolder(packageName);
    const redirectUri = `http://127.0.0.1:${folder.env.N8N_PORT}/rest/oauth2-credential/callback`;
    fixture = await openSandboxClient({
      apps: [{ name: 'n8n', secrets: ['a secret'], redirectUris: [redirectUri] }],
    });
    await fixture.client.run('account.create', { name: 'Fabrikam, Inc.', number: 'A-4711' });
    server = await startN8n(folder);
    const data = { ...credentialDataFor(fixture.sandbox), grantType: 'pkce' };
    const credential = { name: 'Contoso', type: credentialType, data };
    ({ id: credentialId } = (await server.rest('POST', 'credentials', credential)) as { id: string });
    editor = await openN8nEditor(browser, server);
  });
  after(async () => {
    await editor?.close();
    await server?.stop();
    folder?.remove();
    await fixture?.close();
  });

  const title = () => editor.find('parameter-input-title').locator('input');
  const execute = () => editor.find('node-execute-button').first().click();
  const listCases = async () => (await fixture.client.run('case.list', {})).output as JsonObject[];

  it('a person signs in with Connect, on the page of the authority', async () => {
    const { user } = fixture.sandbox;
    const { page } = editor;
    await editor.goTo(`/home/credentials/${credentialId}`);
    const signInPage = await editor.catchWindow(() =>
      page.getByRole('button', { name: 'Connect', exact: true }).click(),
    );
    await signInPage.locator('input[name=username]').fill(user.name);
    await signInPage.locator('input[name=password]').fill(user.password);
    await signInPage.locator('[type=submit]').first().click();
    await page.getByText('Account connected').waitFor();
    await editor.takePicture('credential');
  });

  it('the panel finds the node by "ticket" and offers its actions', async () => {
    const { page } = editor;
    await editor.goTo('/workflow/new');
    await editor.find('canvas-add-button').click();
    await page.getByText('Trigger manually').first().click();
    await editor.find('canvas-handle-plus').first().click();
    await editor.find('node-creator-search-bar').fill('ticket');
    const found = page.getByText('Dynamics 365 Customer Service', { exact: true }).first();
    await found.waitFor();
    await editor.takePicture('search');
    await found.click();
    await page.getByText('Create a case', { exact: true }).click();
    await title().waitFor();
  });

  it('names the required fields that are empty instead of starting the workflow', async () => {
    await execute();
    const message = editor.page.getByText('Workflow execution cannot start').locator('..');
    await message.waitFor();
    expect(await message.innerText())
      .to.include('Parameter "Title" is required')
      .and.include('Parameter "Customer" is required');
    expect(await listCases()).to.deep.equal([]);
  });

  it('finds a customer by number, and shows the error of a wrong field with what to do', async () => {
    const { page } = editor;
    await title().fill('x'.repeat(201));
    await editor.find('resource-locator-customer').click();
    await editor.find('rlc-search').fill('A-47');
    await page.getByText('Fabrikam, Inc. (Account').first().click();
    await execute();
    await editor.find('node-error-message').waitFor();
    expect(await editor.find('node-error-message').innerText()).to.include(
      '/title: must have at most 200 characters',
    );
    expect(await editor.find('node-error-description').innerText())
      .to.include('Correct all listed issues')
      .and.include('INPUT_INVALID');
    await editor.takePicture('error');
    expect(await listCases()).to.deep.equal([]);
  });

  it('creates the case from the corrected form, as the person who signed in', async () => {
    const { organization, user } = fixture.sandbox;
    await title().fill('Printer on fire');
    await execute();
    await editor.find('output-panel').getByText('CAS-').first().waitFor();
    await editor.takePicture('action');
    const cases = await listCases();
    expect(cases.map((row) => row.title)).to.deep.equal(['Printer on fire']);
    expect(cases[0]).to.have.nested.property('createdBy.id', organization.findSystemUserId(user));
    expect(cases[0]).to.have.nested.property('customer.name', 'Fabrikam, Inc.');
  });
});
