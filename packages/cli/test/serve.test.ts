import { once } from 'node:events';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import { expect } from 'chai';
import type { JsonObject } from 'dynamics365-connector';
import { runCli, startCli } from './run-cli.ts';

describe('d365: serve', () => {
  let folder: string;
  before(async () => {
    folder = await mkdtemp(join(tmpdir(), 'd365-serve-'));
  });
  after(() => rm(folder, { recursive: true }));

  const d365 = (line: string) => runCli(line.split(' '), { folder });

  it('serves a sandbox in an empty folder, prints one key and a link of the console, and stops in order', async () => {
    const child = await startCli(['serve', '--sandbox', '--console', '--port', '0', '--json'], { folder });
    child.stderr.resume();
    const [line] = (await once(createInterface(child.stdout), 'line')) as [string];
    const { url, key, console: link } = JSON.parse(line) as Record<'url' | 'key' | 'console', string>;
    expect((await fetch(link, { redirect: 'manual' })).status).to.equal(303);
    const headers = { authorization: `Bearer ${key}` };
    const read = async (path: string, body?: string) =>
      (await (
        await fetch(`${url}${path}`, { headers, method: body ? 'POST' : 'GET', body })
      ).json()) as JsonObject;
    const { connections } = await read('/v1/connections');
    expect((connections as JsonObject[]).map(({ name }) => name)).to.deep.equal(['sandbox']);
    const { output } = await read('/v1/connections/sandbox/actions/account.list', '{"limit":1}');
    expect(output).to.have.length(1);
    child.kill('SIGTERM');
    expect(await once(child, 'exit')).to.deep.equal([0, null]);
  });

  it('keys are created with scopes, listed without the key, and revoked', async () => {
    const created = await d365(
      'keys create --name helpdesk --scopes actions:read,triggers --connections acme-* --json',
    );
    const { key, id, scopes } = JSON.parse(created.stdout) as { key: string; id: string; scopes: string[] };
    expect(key).to.match(/^d365_[\w-]{43}$/);
    expect(scopes).to.deep.equal(['actions:read', 'triggers']);
    const list = await d365('keys list');
    expect(list.stdout).to.contain(id).and.contain('helpdesk').and.contain('acme-*').and.not.contain(key);
    expect((await d365(`keys revoke ${id}`)).exitCode).to.equal(0);
    expect((await d365('keys list')).stdout).to.not.contain(id);
    const again = await d365(`keys revoke ${id}`);
    expect(again.exitCode).to.not.equal(0);
  });

  it('names a retention that is not a time, or that may not be zero', async () => {
    for (const flag of ['--keep-delivered 7', '--keep-dead-letters 0s', '--keep-answers 0s']) {
      const { exitCode, stderr } = await d365(`serve --port 0 ${flag}`);
      expect(exitCode).to.equal(8);
      expect(stderr).to.contain(flag.split(' ')[0]).and.contain('Write it as 30m, 12h or 7d');
    }
  });

  it('keys names a wrong scope and a wrong action', async () => {
    expect((await d365('keys create --scopes action:read')).stderr).to.contain('actions:read');
    expect((await d365('keys crate')).stderr).to.contain('create, list and revoke');
  });
});
