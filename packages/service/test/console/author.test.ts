import { spawn } from 'node:child_process';
import { mkdirSync, mkdtempSync, readFileSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect } from 'chai';
import { checkManifest, type JsonObject } from 'dynamics365-connector';
import { scaffoldConnector } from 'dynamics365-connector/authoring';
import type { AuthorOptions } from '../../src/index.ts';
import { openService, type ServiceFixture } from '../fixture.ts';
import { openSession } from './open-console.ts';

const escalate = `title: Escalate account
description: Says in the description of an account why it matters.
input:
  required: [id, reason]
  properties:
    id: { $ref: account#id }
    reason: { title: Reason, type: string, maxLength: 200 }
request:
  update: account
  id: "{{input.id}}"
  values: { description: "{{input.reason}}" }
`;

describe('console: author routes', () => {
  let fixture: ServiceFixture;
  let cookie: string;
  let folder: string;
  let outside: string;
  const author = (): AuthorOptions => ({
    folder,
    // Every message comes back as it is.
    startLanguageServer() {
      const echo = spawn(process.execPath, ['-e', 'process.stdin.pipe(process.stdout)']);
      return { input: echo.stdin, output: echo.stdout, stop: () => void echo.kill() };
    },
    compile: () => checkManifest({ manifest: folder }),
    close() {},
  });
  before(async () => {
    outside = mkdtempSync(join(tmpdir(), 'd365-outside-'));
    folder = join(outside, 'contoso-service');
    mkdirSync(join(folder, 'actions'), { recursive: true });
    for (const [file, text] of scaffoldConnector('contoso-service', '0.1.0'))
      writeFileSync(join(folder, file), text);
    writeFileSync(join(folder, 'actions/account.escalate.yaml'), escalate);
    writeFileSync(join(outside, 'secret.yaml'), 'secret');
    fixture = await openService({ service: { console: { author: author() } } });
    cookie = await openSession(fixture.service);
  });
  after(async () => {
    await fixture.close();
    rmSync(outside, { recursive: true });
  });

  const send = async (path: string, body?: object, method = body === undefined ? 'GET' : 'POST') => {
    const response = await fetch(`${fixture.service.url}/console/api/author${path}`, {
      method,
      headers: { cookie },
      body: body && JSON.stringify(body),
    });
    const text = await response.text();
    return { status: response.status, body: (text === '' ? {} : JSON.parse(text)) as JsonObject };
  };
  const fileAt = (file: string) => `/files/${encodeURIComponent(file)}`;

  it('no file outside of the folder is read or written, by any spelling or link', async () => {
    const link = join(folder, 'actions/account.link.yaml');
    symlinkSync(join(outside, 'secret.yaml'), link);
    const names = [
      ...['../secret.yaml', 'actions/../../secret.yaml', '/etc/passwd', 'actions/account.link.yaml'],
      ...[
        'package.json',
        'node_modules/x.yaml',
        'actions/.hidden.yaml',
        'actions\\..\\x.yaml',
        'actions/\0.yaml',
      ],
    ];
    for (const name of names) {
      expect((await send(fileAt(name))).status, name).to.equal(404);
      const written = await send(fileAt(name), { text: 'x', hash: 'x' }, 'PUT');
      expect(written.status, name).to.equal(404);
    }
    expect(readFileSync(join(outside, 'secret.yaml'), 'utf8')).to.equal('secret');
    rmSync(link);
    expect((await send('/files', { kind: 'action', name: 'case.../../x' })).status).to.equal(422);
  });

  it('a file that another program has changed is not overwritten', async () => {
    const file = 'connector.yaml';
    const { hash, text } = (await send(fileAt(file))).body;
    const other = `${text}# changed\n`;
    writeFileSync(join(folder, file), other);
    const { status, body } = await send(fileAt(file), { text: 'mine', hash }, 'PUT');
    expect([status, body.code]).to.deep.equal([412, 'CONFLICT']);
    expect(readFileSync(join(folder, file), 'utf8')).to.equal(other);
  });

  it('an action is run on a connection, and the run becomes a contract test that passes', async () => {
    const created = (await fixture.run('account.create', { name: 'Fabrikam' })).body.output as JsonObject;
    const input = { id: created.id!, reason: 'A customer of Contoso' };
    const run = (await send('/runs', { action: 'account.escalate', connection: 'contoso', input })).body;
    expect(run.output).to.include({ description: 'A customer of Contoso' });
    expect(JSON.stringify(run)).to.not.match(/Bearer|authorization/i);
    const recorded = await send(`/runs/${run.id}/test`, { name: 'says why' });
    expect(recorded.status, JSON.stringify(recorded.body)).to.equal(201);
    expect(recorded.body.text).to.contain('says why').and.not.contain(created.id);
    const { results } = (await send('/tests', { pattern: 'account.escalate' })).body as unknown as {
      results: { name: string; failures: unknown[] }[];
    };
    expect(results.map(({ name }) => name)).to.include('says why');
    expect(results.flatMap(({ failures }) => failures)).to.deep.equal([]);
  });

  it('an error of the organization is the answer of a run, and a wrong request is refused', async () => {
    const missing = { id: '2a8f6a3e-6f0c-4b6e-9f0e-6f1f6a3e2b10', reason: 'x' };
    const run = await send('/runs', { action: 'account.escalate', connection: 'contoso', input: missing });
    expect((run.body.problem as JsonObject).code).to.equal('NOT_FOUND');
    const cases = [
      ['/runs', { action: 'account.escalat', connection: 'contoso' }, 'OPERATION_UNKNOWN'],
      ['/runs', { action: 'account.escalate', connection: 'none' }, 'CONNECTION_INVALID'],
      ['/runs', { connection: 'contoso' }, 'INPUT_INVALID'],
      ['/runs/none/test', { name: 'x' }, 'NOT_FOUND'],
      ['/files', { kind: 'poem', name: 'case.x' }, 'INPUT_INVALID'],
      ['/files', { kind: 'action', name: 'account.escalate' }, 'INPUT_INVALID'],
      ['/tables', { connection: 'contoso', table: 'new_nothing' }, 'INPUT_INVALID'],
    ] as const;
    for (const [path, body, code] of cases) {
      const answer = await send(path, body);
      expect(answer.body.code, `${path} ${JSON.stringify(body)}`).to.equal(code);
    }
  });

  it('files with errors are named, and work again when they are corrected', async () => {
    const file = 'actions/account.escalate.yaml';
    const { hash, text } = (await send(fileAt(file))).body;
    const broken = (await send(fileAt(file), { text: 'title: [', hash }, 'PUT')).body;
    const refused = await send('/operations?search=escalate');
    expect(refused.status).to.equal(422);
    expect(refused.body.code).to.equal('MANIFEST_INVALID');
    await send(fileAt(file), { text, hash: broken.hash }, 'PUT');
    const { operations } = (await send('/operations?search=escalate%20account')).body;
    expect((operations as JsonObject[])[0]).to.include({ id: 'account.escalate', from: null, file });
  });

  it('messages of any length and alphabet reach the language server and come back', async () => {
    const response = await fetch(`${fixture.service.url}/console/api/author/language`, {
      headers: { cookie },
    });
    const events = response.body!.pipeThrough(new TextDecoderStream()).getReader();
    let text = '';
    const readUntil = async (pattern: RegExp): Promise<RegExpExecArray> => {
      for (;;) {
        const found = pattern.exec(text);
        if (found !== null) return found;
        text += (await events.read()).value ?? '';
      }
    };
    const [, id] = await readUntil(/event: session\ndata: ([\w-]+)\n/);
    const message = { jsonrpc: '2.0', method: 'x', params: 'ü€😀'.repeat(20_000) };
    for (let count = 0; count < 3; count++) {
      expect((await send(`/language/${id}`, message)).status).to.equal(204);
    }
    await readUntil(/(?:data: \{[^\n]*\n\n){3}/);
    const received = [...text.matchAll(/data: (\{.*\})\n/g)].map(([, data]) => JSON.parse(data!));
    expect(received).to.deep.equal([message, message, message]);
    await events.cancel();
    expect((await send('/language/none', message)).body.code).to.equal('SESSION_UNKNOWN');
  });

  it('does not exist where other machines reach the service, and without a session', async () => {
    const without = await fetch(`${fixture.service.url}/console/api/author/files`);
    expect(without.status).to.equal(401);
    const open = await openService({
      service: { console: { author: author() }, url: 'https://connect.example.com' },
    });
    try {
      const headers = { cookie: '', host: 'connect.example.com' };
      const link = (open.service.createConsoleLink() ?? '').replace(open.service.url, open.service.listening);
      const opened = await fetch(link, { redirect: 'manual' });
      headers.cookie = (opened.headers.get('set-cookie') ?? '').split(';')[0] ?? '';
      expect(opened.headers.get('set-cookie')).to.contain('Secure');
      const call = (path: string) => fetch(`${open.service.listening}/console/api${path}`, { headers });
      expect(await (await call('/about')).json()).to.deep.equal({});
      expect((await call('/author/files')).status).to.equal(404);
    } finally {
      await open.close();
    }
  });
});
