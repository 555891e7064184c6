import { readFileSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import { expect } from 'chai';
import { createSandbox, type Sandbox } from 'dynamics365-connector-sandbox';
import { runProgram } from './run-program.ts';
import { smallConnector, writeFiles } from './small-connector.ts';

const customer = `x-table: { name: account, entitySet: accounts, key: accountid, primaryName: name, plural: Customers }
title: Customer
description: A customer.
required: [name]
properties:
  id: { title: Id, type: string, format: uuid, x-column: accountid, readOnly: true }
  name: { title: Name, type: string, maxLength: 160, x-column: name }
  phone: { title: Phone, type: string, maxLength: 50, x-column: telephone1 }
  rating: { title: Rating, x-column: accountratingcode, x-choices: { normal: 1 } }
  version: { title: Version, type: string, x-type: bigint, x-column: versionnumber, readOnly: true }
operations: [create]
`;

const add = `title: Add customer
description: Creates a customer.
input: { columns: writable }
request: { create: customer, values: "{{input}}" }
# The tests of this file.
tests:
  - { name: a name is needed, input: {}, fails: { code: INPUT_INVALID } } # by hand
`;

const rename = `title: Rename customer
description: Reads a customer and writes it.
input:
  required: [id]
  properties: { id: { $ref: customer#id } }
steps:
  - { name: old, action: customer.read, input: { id: "{{input.id}}" } }
  - { action: customer.write, input: { id: { from: old }, name: "New {{steps.old.name}}" } }
`;

const read = `title: Read customer
description: Reads a customer.
input: { required: [id], properties: { id: { $ref: customer#id } } }
request: { get: customer, id: "{{input.id}}" }
`;

const write = `title: Write customer
description: Changes a customer.
input: { columns: writable, required: [id], properties: { id: { $ref: customer#id } } }
request: { update: customer, id: "{{input.id}}", values: "{{input}}" }
`;

describe('d365 record', () => {
  let sandbox: Sandbox;
  let folder: string;
  let own: string;
  before(async () => {
    sandbox = await createSandbox({ organizations: [{ name: 'contoso', data: 'sample' }] });
    folder = writeFiles({
      ...smallConnector,
      'own/schemas/tables/customer.yaml': customer,
      'own/actions/customer.add.yaml': add,
      'own/actions/customer.read.yaml': read,
      'own/actions/customer.write.yaml': write,
      'own/actions/customer.rename.yaml': rename,
    });
    own = join(folder, 'own');
    const { app, authority, discovery, organization } = sandbox;
    const endpoints = ['--authority', authority.url, '--discovery', discovery.url];
    const credential = ['--app', '--client-id', app.clientId, '--tenant', authority.tenantId];
    const connected = await runProgram(
      ['connect', 'me', '--org', organization.origin, ...credential, ...endpoints],
      { folder, env: { D365_CLIENT_SECRET: app.secrets[0]!.value } },
    );
    expect(connected.exitCode, connected.stderr).to.equal(0);
  });
  after(async () => {
    rmSync(folder, { recursive: true });
    await sandbox.close();
  });
  const record = (...args: readonly string[]) =>
    runProgram(['record', ...args, '--manifest', own, '--connection', 'me'], { folder });
  const textOf = (file: string) => readFileSync(join(own, file), 'utf8');
  const runTests = (pattern: string) => runProgram(['test', pattern, '--manifest', own]);

  it('adds the call as a test that passes, without what is personal', async () => {
    const set = [
      '--set',
      'name=Fabrikam of Ann Nguyen',
      '--set',
      'phone=+49 30 901820',
      '--set',
      'rating=normal',
    ];
    const { exitCode, stdout, stderr } = await record('customer.add', ...set);
    expect(exitCode, stderr).to.equal(0);
    expect(stdout).to.contain('actions/customer.add.yaml: "customer.add succeeds" added');
    expect(stderr).to.contain('Read the test before you commit it');
    const text = textOf('actions/customer.add.yaml');
    expect(text.startsWith(add.trimEnd())).to.equal(true);
    expect(text).not.to.match(/Fabrikam|Nguyen|901820/);
    expect(text).not.to.contain(new URL(sandbox.organization.origin).host);
    expect(text).to.contain('input: { name: text 1, phone:').and.to.contain('rating: normal');
    expect(text).to.contain('path: /accounts(00000000-0000-4000-8000-');
    const tested = await runTests('customer.add');
    expect(tested.exitCode, tested.stdout).to.equal(0);
    expect(tested.stderr).to.contain('0 failed');
  });

  it('records several requests with the condition on the version, and in a file without tests', async () => {
    const { organization, user } = sandbox;
    const actor = { userId: organization.findSystemUserId(user)! };
    const { id } = organization.store.insert('account', { name: 'Litware' }, actor);
    const { exitCode, stderr } = await record(
      'customer.rename',
      '--set',
      `id=${id}`,
      '--name',
      'writes the name',
    );
    expect(exitCode, stderr).to.equal(0);
    const text = textOf('actions/customer.rename.yaml');
    expect(text).to.contain('if-match: W/').and.to.contain('- name: writes the name');
    expect((await runTests('customer.rename')).exitCode).to.equal(0);
  });

  it('records an error of the organization', async () => {
    const missing = 'id=2a8f6a3e-6f0c-4b6e-9f0e-6f1f6a3e2b10';
    expect((await record('customer.read', '--set', missing)).exitCode).to.equal(0);
    expect(textOf('actions/customer.read.yaml')).to.contain('fails: { code: NOT_FOUND }');
    expect((await runTests('customer.read')).exitCode).to.equal(0);
  });

  it('changes nothing for an input that is not sent, and for an action of the base', async () => {
    const before = textOf('actions/customer.add.yaml');
    expect((await record('customer.add')).exitCode).to.equal(2);
    expect(textOf('actions/customer.add.yaml')).to.equal(before);
    const base = await record('visit.create', '--set', 'name=x');
    expect(base.stderr).to.contain('visit.create is an action of small-base');
  });
});
