import { describeSignInAttacks } from '../../../test/support/sign-in-attacks.ts';
import { openServiceFor } from './fixture.ts';

describeSignInAttacks('a Connect link of the service', {
  sandbox: {
    apps: [{ name: 'service', secrets: ['a~secret'], redirectUris: ['http://127.0.0.1/oauth/callback'] }],
  },
  async open({ sandbox, authority }) {
    const { clientId, clientSecret = '' } = sandbox.app;
    const app = { clientId, clientSecret };
    const { call, connections, close } = await openServiceFor(sandbox, {
      service: { app, localAuthority: authority.url },
    });
    return {
      async start() {
        const body = { connection: 'acme', orgUrl: sandbox.organization.origin };
        const created = await call('/v1/connect-sessions', { body });
        const { pathname } = new URL(String(created.body.connectLink));
        const { headers } = await call(pathname, { method: 'POST', key: '' });
        const [cookie = ''] = headers.get('set-cookie')?.split(';') ?? [];
        return {
          url: headers.get('location') ?? '',
          async deliver(callback, browser = 'own') {
            const { pathname: path, search } = new URL(callback);
            const page = await call(`${path}${search}`, {
              key: '',
              headers: browser === 'own' ? { cookie } : {},
            });
            return page.status < 400;
          },
        };
      },
      isSignedIn: async () => (await connections.find('acme')) !== undefined,
      close,
    };
  },
});
