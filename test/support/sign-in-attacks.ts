import { expect } from 'chai';
import { createSandbox, type Sandbox, type SandboxOptions } from 'dynamics365-connector-sandbox';
import { openTamperingAuthority, type TamperingAuthority } from './tampering-authority.ts';

/** A sign-in that a browser has started. */
export interface StartedSignIn {
  /** The page of the authority that the browser is sent to. */
  readonly url: string;
  /** Opens a callback URL, in the browser that started or in another one. Returns whether it signed a user in. */
  deliver(callback: string, browser?: 'own' | 'another'): Promise<boolean>;
}

/** A way to sign a user in: the loopback listener of the command line, the pages of a host. */
export interface SignInPath {
  start(): Promise<StartedSignIn>;
  /** Whether the host has the tokens of a user. */
  isSignedIn(): Promise<boolean>;
  close(): Promise<void>;
}

export interface SignInPathOptions {
  readonly sandbox: SandboxOptions;
  /** Opens the host. Its authority is `authority`, which can lie. */
  open(parts: { readonly sandbox: Sandbox; readonly authority: TamperingAuthority }): Promise<SignInPath>;
}

/** What an attacker has: their own sign-in at the same app, and its callback. */
interface Attack {
  readonly right: URL;
  readonly attacker: URL;
}

/** The URL that the browser of the user is sent to, instead of `right`. */
const callbackAttacks: Readonly<Record<string, (attack: Attack) => URL>> = {
  'a missing state': ({ right }) => change(right, (query) => query.delete('state')),
  'an empty state': ({ right }) => change(right, (query) => query.set('state', '')),
  'an unknown state': ({ right }) => change(right, (query) => query.set('state', 'x'.repeat(43))),
  'two states': ({ right }) => change(right, (query) => query.append('state', 'x'.repeat(43))),
  'the callback of an attacker (login CSRF)': ({ right, attacker }) =>
    new URL(attacker.search, `${right.origin}${right.pathname}`),
  'the code of an attacker (code injection)': ({ right, attacker }) =>
    change(right, (query) => query.set('code', attacker.searchParams.get('code') ?? '')),
  'two codes': ({ right, attacker }) =>
    change(right, (query) => query.append('code', attacker.searchParams.get('code') ?? '')),
  'no code': ({ right }) => change(right, (query) => query.delete('code')),
  'an id token in the URL (downgrade to the implicit flow)': ({ right }) =>
    change(right, (query) => query.set('id_token', 'x.y.z')),
  'the issuer of another authority (mix-up)': ({ right }) =>
    change(right, (query) => query.set('iss', 'https://login.evil.example/v2.0')),
};

const otherGuid = 'dddddddd-dddd-4ddd-8ddd-dddddddddddd';
/** What the authority says in the id token of an otherwise right sign-in. */
const tokenAttacks: Readonly<Record<string, Readonly<Record<string, unknown>>>> = {
  'another issuer': { iss: 'https://login.evil.example/v2.0' },
  'another audience': { aud: otherGuid },
  'another tenant': { tid: otherGuid },
  'another nonce': { nonce: 'x'.repeat(43) },
  'an expiry in the past': { exp: 1_700_000_000 },
};

function change(url: URL, edit: (query: URLSearchParams) => void): URL {
  const changed = new URL(url);
  edit(changed.searchParams);
  return changed;
}

/** The attacks of RFC 9700 on a sign-in, through a host: none signs anybody in, and the right callback does, once. */
export function describeSignInAttacks(name: string, { sandbox: options, open }: SignInPathOptions): void {
  describe(`sign-in attacks: ${name}`, () => {
    let sandbox: Sandbox;
    let authority: TamperingAuthority;
    let path: SignInPath;
    before(async () => {
      sandbox = await createSandbox({
        organizations: [{ name: 'contoso', data: 'empty' }],
        users: [{ name: 'rosa@contoso.example' }, { name: 'mallory@contoso.example' }],
        ...options,
      });
      authority = await openTamperingAuthority(sandbox.authority.url);
      path = await open({ sandbox, authority });
    });
    after(async () => {
      await path?.close();
      authority?.close();
      await sandbox?.close();
    });
    beforeEach(() => {
      authority.claims = {};
    });

    async function begin(user = sandbox.user) {
      const started = await path.start();
      const page = authority.toSandbox(started.url);
      return { ...started, callback: new URL(await sandbox.signInAutomatically(page, user)) };
    }

    for (const [attack, toUrl] of Object.entries(callbackAttacks)) {
      it(`refuses ${attack}`, async () => {
        // The attacker comes first: a host may keep the newest sign-in of a connection only.
        const other = await begin(sandbox.users[1]);
        const victim = await begin();
        const url = toUrl({ right: victim.callback, attacker: other.callback });
        expect(await victim.deliver(url.href)).to.equal(false);
        expect(await path.isSignedIn()).to.equal(false);
      });
    }

    it('refuses the callback of a user in another browser', async () => {
      const { callback, deliver } = await begin();
      expect(await deliver(callback.href, 'another')).to.equal(false);
      expect(await path.isSignedIn()).to.equal(false);
    });

    for (const [attack, claims] of Object.entries(tokenAttacks)) {
      it(`refuses an id token with ${attack}`, async () => {
        const { callback, deliver } = await begin();
        authority.claims = claims;
        const asked = authority.tokenRequests;
        expect(await deliver(callback.href)).to.equal(false);
        expect(authority.tokenRequests, 'requests for tokens').to.equal(asked + 1);
        expect(await path.isSignedIn()).to.equal(false);
      });
    }

    it('signs in with the right callback, and not again with a replayed one', async () => {
      const { callback, deliver } = await begin();
      expect(await deliver(callback.href)).to.equal(true);
      expect(await path.isSignedIn()).to.equal(true);
      const asked = authority.tokenRequests;
      expect(await deliver(callback.href)).to.equal(false);
      expect(authority.tokenRequests, 'requests for tokens').to.equal(asked);
    });
  });
}
