import { once } from 'node:events';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import { expect } from 'chai';
import { startCli } from './run-cli.ts';

describe('d365: console', () => {
  it('serves its pages behind the link that it prints, and stops in order', async () => {
    const folder = await mkdtemp(join(tmpdir(), 'd365-console-'));
    const child = await startCli(['console', '--port', '0', '--json'], { folder });
    child.stderr.resume();
    const [line] = (await once(createInterface(child.stdout), 'line')) as [string];
    const { url, console: link } = JSON.parse(line) as { readonly url: string; readonly console: string };
    const opened = await fetch(link, { redirect: 'manual' });
    const cookie = (opened.headers.get('set-cookie') ?? '').split(';')[0] ?? '';
    const page = await (await fetch(`${url}/console/connections`, { headers: { cookie } })).text();
    const [, script = ''] = /src="(\/console\/assets\/main-\w+\.js)"/.exec(page) ?? [];
    const program = await fetch(`${url}${script}`);
    expect([program.status, program.headers.get('content-type')]).to.deep.equal([
      200,
      'text/javascript; charset=utf-8',
    ]);
    expect((await fetch(`${url}/console/connections`)).status).to.equal(401);
    child.kill('SIGTERM');
    expect(await once(child, 'exit')).to.deep.equal([0, null]);
    await rm(folder, { recursive: true });
  });
});
