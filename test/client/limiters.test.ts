import { expect } from 'chai';
import { createLimiters } from '../../src/client/limiters.ts';
import { createMemoryStore } from '../../src/client/memory-store.ts';
import { Secret } from '../../src/model/secret.ts';
import type { TokenSource } from '../../src/model/token.ts';
import { createFakeClock } from '../support/fake-clock.ts';

const origin = 'https://contoso.crm.dynamics.com';
const deadline = Date.UTC(2027, 0, 1);

describe('createLimiters', () => {
  let ids = 0;
  const world = () => ({
    clock: createFakeClock(),
    store: createMemoryStore(),
    uuid: () => `limiter-${++ids}`,
  });

  it('connections of one user to one organization have the same limiter', async () => {
    const limiters = createLimiters(world());
    const find = (claims: object, where = origin) =>
      limiters.forConnection(where, tokens(jwt(claims)))({ deadline });
    const rosa = await find({ oid: 'rosa' });
    expect(await find({ oid: 'rosa', appid: 'another app' })).to.equal(rosa);
    expect(await find({ oid: 'emil' })).not.to.equal(rosa);
    expect(await find({ oid: 'rosa' }, 'https://fabrikam.crm.dynamics.com')).not.to.equal(rosa);
    expect(await find({ appid: 'app' })).to.equal(await find({ appid: 'app' }));
  });

  it('connections of one user with limits of their own have limiters that share the budget', async () => {
    const { store, ...rest } = world();
    const limiters = createLimiters({ ...rest, store }, { maxRequests: 100 });
    const find = (limits?: object) =>
      limiters.forConnection(origin, tokens(jwt({ oid: 'rosa' })), limits)({ deadline });
    const [all, some] = [await find(), await find({ maxRequests: 10 })];
    expect(some).not.to.equal(all);
    expect(await find({ maxRequests: 10 })).to.equal(some);
    for (const limiter of [all, some]) (await limiter.acquire({ deadline }))();
    expect(await store.keys('')).to.deep.equal([`rate-limit/${origin}/rosa`]);
  });

  it('gives a connection without a user in its token its own limiter, and stores no row', async () => {
    const { store, ...rest } = world();
    const limiters = createLimiters({ ...rest, store });
    const [one, two] = [tokens('opaque'), tokens('opaque')].map((t) => limiters.forConnection(origin, t));
    expect(await one!({ deadline })).to.equal(await one!({ deadline }));
    expect(await one!({ deadline })).not.to.equal(await two!({ deadline }));
    await (await one!({ deadline })).acquire({ deadline });
    expect(await store.keys('')).to.deep.equal([]);
  });

  it('stores one row per user, without secrets', async () => {
    const { store, ...rest } = world();
    const token = jwt({ oid: 'rosa' });
    const find = createLimiters({ ...rest, store }).forConnection(origin, tokens(token));
    (await (await find({ deadline })).acquire({ deadline }))();
    expect(await store.keys('')).to.deep.equal([`rate-limit/${origin}/rosa`]);
    expect((await store.get(`rate-limit/${origin}/rosa`))?.value).not.to.include(token);
  });

  it('asks for a token once for a connection', async () => {
    let asked = 0;
    const find = createLimiters(world()).forConnection(
      origin,
      tokens(jwt({ oid: 'rosa' }), () => asked++),
    );
    await find({ deadline });
    await find({ deadline });
    expect(asked).to.equal(1);
  });
});

function tokens(text: string, asked: () => void = () => {}): TokenSource {
  return {
    async getToken() {
      asked();
      return { token: new Secret(text), expiresAt: Number.POSITIVE_INFINITY };
    },
  };
}

function jwt(claims: object): string {
  return `e30.${Buffer.from(JSON.stringify(claims)).toString('base64url')}.signature`;
}
