import { once } from 'node:events';
import { createSignInPages } from '../../../examples/web-sign-in.ts';
import { runtimeOf } from '../../../src/client/connector.ts';
import { loadConnector, openVault } from '../../../src/index.ts';
import { openLoopbackRedirect } from '../../../src/node/loopback-redirect.ts';
import { findFreePort } from '../../support/free-port.ts';
import { describeSignInAttacks, type SignInPathOptions } from '../../support/sign-in-attacks.ts';
import { createMemoryKeys } from '../support/memory-keys.ts';

type Parts = Parameters<SignInPathOptions['open']>[0];

async function openUser({ sandbox, authority }: Parts) {
  const connector = await loadConnector();
  const vault = await openVault({ store: runtimeOf(connector).services.store, keys: createMemoryKeys() });
  const { clientId, clientSecret } = sandbox.app;
  const app = clientSecret === undefined ? { clientId } : { clientId, clientSecret };
  return {
    connector,
    user: { app, vault, connection: 'contoso' },
    settings: { orgUrl: sandbox.organization.origin, tenant: sandbox.authority.tenantId },
    options: { allowLoopback: true, localAuthority: authority.url },
    isSignedIn: async () => (await vault.read({ connection: 'contoso', field: 'tokens' })) !== undefined,
  };
}

describeSignInAttacks('a web server of your own (examples/web-sign-in.ts)', {
  sandbox: {},
  async open(parts) {
    const { connector, user, settings, options, isSignedIn } = await openUser(parts);
    const port = await findFreePort();
    const origin = `http://127.0.0.1:${port}`;
    const { app, vault } = user;
    const host = { app, vault, orgUrl: settings.orgUrl, origin, options };
    const pages = createSignInPages(connector, host).listen(port, '127.0.0.1');
    await once(pages, 'listening');
    return {
      async start() {
        const started = await fetch(`${origin}/connect`, { redirect: 'manual' });
        const [cookie = ''] = started.headers.get('set-cookie')?.split(';') ?? [];
        return {
          url: started.headers.get('location') ?? '',
          async deliver(callback, browser = 'own') {
            const headers = browser === 'own' ? { cookie } : {};
            return (await fetch(callback, { headers })).status === 200;
          },
        };
      },
      isSignedIn,
      async close() {
        pages.close();
      },
    };
  },
});

/** The listener takes any browser on this machine: the state, which only the terminal has shown, binds the sign-in. */
describeSignInAttacks('the listener of d365 connect', {
  sandbox: { apps: [{ name: 'public' }] },
  async open(parts) {
    const { connector, user, settings, options, isSignedIn } = await openUser(parts);
    const listeners = new Set<{ close(): void }>();
    return {
      async start() {
        const redirect = await openLoopbackRedirect();
        listeners.add(redirect);
        const session = connector.signIn(settings, user, options);
        const { url } = await session.start({ redirectUri: redirect.redirectUri });
        const state = new URL(url).searchParams.get('state') ?? '';
        const callback = redirect.waitFor({ state });
        return {
          url,
          async deliver(target, browser = 'own') {
            if (browser === 'another') return false;
            if ((await fetch(target)).status !== 200) return false;
            return await session.finish(await callback).then(
              () => true,
              () => false,
            );
          },
        };
      },
      isSignedIn,
      async close() {
        for (const listener of listeners) listener.close();
      },
    };
  },
});
