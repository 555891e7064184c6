import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { describeSignInAttacks } from '../../../test/support/sign-in-attacks.ts';
import { createConnectionNode, deploy, prepareUserFolder, startNodeRed } from './node-red-process.ts';

describeSignInAttacks('a connection of Node-RED', {
  sandbox: {
    apps: [
      {
        name: 'flows',
        secrets: ['a client secret'],
        redirectUris: ['http://127.0.0.1/dynamics365/callback'],
      },
    ],
  },
  async open({ sandbox, authority }) {
    const folder = mkdtempSync(join(tmpdir(), 'd365-attacks-'));
    prepareUserFolder(folder, { authority });
    const red = await startNodeRed(folder);
    const base = createConnectionNode(sandbox);
    const credentials = {
      clientSecret: sandbox.app.clientSecret ?? '',
      tokenKey: Buffer.alloc(32, 'key').toString('base64'),
    };
    // Node-RED starts a connection that a node uses.
    await deploy(red, [
      { id: 'tab', type: 'tab', label: 'Cases' },
      { ...base, id: 'user-connection', signIn: 'user', credentials },
      {
        id: 'count',
        z: 'tab',
        type: 'dynamics365-action',
        connection: 'user-connection',
        action: 'case.count',
        wires: [[]],
      },
    ]);
    const route = `${red.url}dynamics365/connections/user-connection/sign-in`;
    return {
      async start() {
        const started = await fetch(route, {
          method: 'POST',
          headers: { 'content-type': 'application/json' },
          body: JSON.stringify({ redirectUri: `${red.url}dynamics365/callback` }),
        });
        const answer = await started.text();
        if (!started.ok) throw new Error(answer);
        const { url } = JSON.parse(answer) as { readonly url: string };
        const [cookie = ''] = started.headers.get('set-cookie')?.split(';') ?? [];
        return {
          url,
          async deliver(callback, browser = 'own') {
            const page = await fetch(callback, { headers: browser === 'own' ? { cookie } : {} });
            return (await page.text()).includes('Signed in as');
          },
        };
      },
      async isSignedIn() {
        const { account } = (await (await fetch(route)).json()) as { readonly account: unknown };
        return account !== null;
      },
      async close() {
        await red.stop();
        rmSync(folder, { recursive: true, force: true, maxRetries: 5 });
      },
    };
  },
});
