import { type ChildProcess, execFileSync, spawn, spawnSync } from 'node:child_process';
import { once } from 'node:events';
import { existsSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { request as httpsRequest } from 'node:https';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { expect } from 'chai';
import { createClient } from 'dynamics365-connector/host';
import type { WebhookRequest } from 'dynamics365-connector-sandbox';
import { findFreePort } from '../../../../test/support/free-port.ts';
import { openPushedWorker, type PushedWorker } from './fixture.ts';

const example = readFileSync(join(import.meta.dirname, '../../../../examples/push/nginx.conf'), 'utf8');
const nginx = ['/usr/sbin/nginx', '/usr/local/sbin/nginx', '/opt/homebrew/bin/nginx'].find(existsSync);
const canMakeCertificate = spawnSync('openssl', ['version']).status === 0;

/** Runs examples/push/nginx.conf with another port and certificate, and with the port of the receiver. */
describe('worker: webhooks through nginx, with the example of its configuration', () => {
  let folder: string;
  let port: number;
  let worker: PushedWorker;
  let running: ChildProcess;

  const post = (path: string, { method = 'POST', headers = {}, body = '{}', signal }: PostOptions = {}) =>
    new Promise<number>((resolve, reject) => {
      const address = { host: '127.0.0.1', port, servername: 'hooks.example.com', rejectUnauthorized: false };
      const length = { 'content-length': Buffer.byteLength(body) };
      const options = { ...address, path, method, headers: { ...headers, ...length }, signal };
      const request = httpsRequest(options, (response) => {
        response.resume();
        resolve(response.statusCode ?? 0);
      });
      request.on('error', reject);
      request.end(body);
    });
  /** The webhooks of the sandbox go to nginx, as those of Dataverse to the public address. */
  const send = async ({ url, ...request }: WebhookRequest) => {
    const { pathname, search } = new URL(url);
    sentUrls.push(url);
    return { status: await post(pathname + search, request) };
  };
  const sentUrls: string[] = [];

  before(async function () {
    if (nginx === undefined || !canMakeCertificate) {
      console.log('    skipped: nginx or openssl is not installed');
      return this.skip();
    }
    folder = mkdtempSync(join(tmpdir(), 'd365-nginx-'));
    port = await findFreePort();
    const publicUrl = 'https://hooks.example.com/d365';
    worker = await openPushedWorker({
      subscriptions: [{ id: 'created', trigger: 'contact.created' }],
      publicUrl,
      sandbox: { webhooks: { send } },
    });
    running = await startNginx(nginx, folder, { port, receiver: worker.server.url });
    while ((await post('/', { method: 'GET' }).catch(() => 0)) === 0) await sleep(50);
    await worker.waitFor(async () => {
      const { state, push } = await worker.status('created');
      return state === 'active' && push !== undefined;
    });
  });
  after(async () => {
    if (running !== undefined) {
      const ended = once(running, 'exit');
      running.kill('SIGTERM');
      await ended;
    }
    await worker?.close();
    if (folder !== undefined) rmSync(folder, { recursive: true });
  });

  it('deliver a new row without a poll on schedule', async () => {
    await createClient(worker.connection).run('contact.create', { lastName: 'Lind' });
    await worker.waitFor(() => worker.delivered.length === 1);
    expect(sentUrls).to.have.length(1);
    expect((await worker.status('created')).push).to.include({ lost: 0 });
  });

  it('are refused with another key, another path or another method, or if they are too long', async () => {
    const path = new URL(sentUrls[0]!).pathname;
    expect(await post(`${path}?code=wrong`)).to.equal(401);
    expect(await post('/d365/unknown?code=wrong')).to.be.within(401, 404);
    expect(await post('/other')).to.equal(404);
    expect(await post(path, { method: 'GET' })).to.equal(403);
    expect(await post(path, { body: 'x'.repeat(300_000) })).to.equal(413);
  });

  it('get 502, which Dataverse repeats once, while the receiver is away; no log has the key', async () => {
    await worker.server.close();
    const { pathname, search } = new URL(sentUrls[0]!);
    expect(await post(pathname + search)).to.equal(502);
    const key = new URL(sentUrls[0]!).searchParams.get('code')!;
    expect(key.length).to.be.at.least(32);
    const logs = readdirSync(folder).filter((name) => name.endsWith('.log'));
    for (const name of logs) expect(readFileSync(join(folder, name), 'utf8')).not.to.include(key);
  });
});

interface PostOptions extends Partial<Pick<WebhookRequest, 'headers' | 'body' | 'signal'>> {
  readonly method?: string;
}

async function startNginx(
  command: string,
  folder: string,
  { port, receiver }: { readonly port: number; readonly receiver: string },
): Promise<ChildProcess> {
  const [key, certificate] = [join(folder, 'key.pem'), join(folder, 'certificate.pem')];
  const subject = ['-subj', '/CN=hooks.example.com', '-days', '2', '-nodes'];
  execFileSync(
    'openssl',
    ['req', '-x509', '-newkey', 'rsa:2048', ...subject, '-keyout', key, '-out', certificate],
    {
      stdio: 'ignore',
    },
  );
  const server = example
    .replace('listen 443 ssl', `listen 127.0.0.1:${port} ssl`)
    .replace(/ssl_certificate \S+;/, `ssl_certificate ${certificate};`)
    .replace(/ssl_certificate_key \S+;/, `ssl_certificate_key ${key};`)
    .replace('http://127.0.0.1:9465', receiver);
  const temporary = ['client_body', 'proxy', 'fastcgi', 'uwsgi', 'scgi']
    .map((name) => `${name}_temp_path ${folder}/${name};`)
    .join('\n');
  const main = `daemon off; worker_processes 1; pid ${folder}/nginx.pid; error_log ${folder}/error.log info;
events {}
http { access_log ${folder}/access.log; ${temporary}
${server} }`;
  writeFileSync(join(folder, 'nginx.conf'), main);
  return spawn(command, ['-p', folder, '-c', join(folder, 'nginx.conf')], { stdio: 'inherit' });
}
