import { expect } from 'chai';
import type { JsonObject } from 'dynamics365-connector';
import { openService, type ServiceFixture } from './fixture.ts';

describe('service: actions', () => {
  let fixture: ServiceFixture;
  let limited: ServiceFixture | undefined;
  before(async () => {
    fixture = await openService();
  });
  after(async () => {
    await limited?.close();
    await fixture.close();
  });

  const create = async (name: string) => {
    const { body, status, text } = await fixture.run('account.create', { name });
    expect(status, text).to.equal(200);
    return (body.output as { readonly id: string }).id;
  };

  it('runs an action and answers with its output and meta', async () => {
    const id = await create('Fabrikam');
    const { status, body, headers } = await fixture.run('account.get', { id });
    expect(status).to.equal(200);
    expect(body.output).to.include({ id, name: 'Fabrikam' });
    expect(body.meta).to.have.property('attempts', 1);
    expect(headers.get('request-id')).to.match(/^[0-9a-f-]{36}$/);
  });

  it('describes errors as problems with code, category and advice', async () => {
    const cases: readonly (readonly [path: string, body: unknown, status: number, code: string])[] = [
      ['/v1/connections/contoso/actions/account.craete', {}, 404, 'OPERATION_UNKNOWN'],
      ['/v1/connections/contoso/actions/account.create', { nmae: 'x' }, 422, 'INPUT_INVALID'],
      ['/v1/connections/contoso/actions/account.get', { id: crypto.randomUUID() }, 404, 'NOT_FOUND'],
      ['/v1/connections/fabrikam/actions/account.create', {}, 404, 'CONNECTION_UNKNOWN'],
      ['/v1/connections/contoso/actions/account.create', '{"name":', 400, 'BODY_INVALID'],
      ['/v1/connections/contoso/actions/account.create', '[]', 400, 'BODY_INVALID'],
      ['/v1/nothing', {}, 404, 'PATH_UNKNOWN'],
    ];
    for (const [path, body, status, code] of cases) {
      const answer = await fixture.call(path, { body });
      expect(answer.headers.get('content-type'), path).to.equal('application/problem+json');
      expect(answer.body, path).to.include({ status, code });
      expect(answer.body.advice, path).to.be.a('string').that.is.not.empty;
      expect(answer.body.instance).to.equal(`urn:uuid:${answer.headers.get('request-id')}`);
    }
  });

  it('answers 401 without a key, with a wrong key and with a revoked key', async () => {
    const revoked = await fixture.createKey();
    const { id } = (await fixture.service.keys.list()).at(-1)!;
    await fixture.service.keys.revoke(id);
    for (const key of ['', 'x', `d365_${'a'.repeat(43)}`, revoked, 'x'.repeat(10_000)]) {
      const { status, body, headers } = await fixture.call('/v1/actions', { key });
      expect(status).to.equal(401);
      expect(body.code).to.equal('KEY_INVALID');
      expect(headers.get('www-authenticate')).to.contain('Bearer');
    }
  });

  it('asks for the scope that follows from the effects of the action', async () => {
    const key = await fixture.createKey({ scopes: ['actions:read'] });
    const run = (action: string) =>
      fixture.call(`/v1/connections/contoso/actions/${action}`, { key, body: {} });
    expect((await run('account.list')).status).to.equal(200);
    for (const action of ['account.create', 'account.delete', 'case.resolve'])
      expect((await run(action)).body, action).to.include({ status: 403, code: 'SCOPE_MISSING' });
  });

  it('fails with 412 if the row has another version than If-Match', async () => {
    const id = await create('Version');
    const { body } = await fixture.run('account.get', { id });
    const { version } = body.output as { readonly version: string };
    const headers = { 'if-match': `W/"${version}"` };
    expect((await fixture.run('account.update', { id, name: 'Second' }, headers)).status).to.equal(200);
    const answer = await fixture.run('account.update', { id, name: 'Third' }, headers);
    expect(answer.body).to.include({ status: 412, code: 'CONFLICT' });
  });

  it('streams a list as JSON Lines', async () => {
    await create('Streamed 1');
    await create('Streamed 2');
    const headers = { accept: 'application/x-ndjson' };
    const { status, text } = await fixture.run('account.list', { search: 'Streamed' }, headers);
    expect(status, text).to.equal(200);
    const names = text
      .trim()
      .split('\n')
      .map((line) => (JSON.parse(line) as JsonObject).name);
    expect(names).to.have.members(['Streamed 1', 'Streamed 2']);
    const wrong = await fixture.run('account.list', { serach: 'x' }, headers);
    expect(wrong.body).to.include({ status: 422, code: 'INPUT_INVALID' });
  });

  it('refuses a foreign Host, a foreign Origin and a body that is too large', async () => {
    limited = await openService({ service: { maxBodyBytes: 1000 } });
    const { key } = limited;
    const { hostname, port } = new URL(limited.service.listening);
    const { request } = await import('node:http');
    const statusFor = (headers: Readonly<Record<string, string>>) =>
      new Promise<number | undefined>((resolve, reject) => {
        request({
          hostname,
          port,
          path: '/v1/actions',
          headers: { authorization: `Bearer ${key}`, ...headers },
        })
          .on('response', ({ statusCode }) => resolve(statusCode))
          .on('error', reject)
          .end();
      });
    expect(await statusFor({ host: 'evil.example' })).to.equal(421);
    expect(await statusFor({ origin: 'https://evil.example' })).to.equal(403);
    expect(await statusFor({})).to.equal(200);
    const answer = await limited.run('account.create', { name: 'x'.repeat(2000) });
    expect(answer.body).to.include({ status: 413, code: 'BODY_TOO_LARGE' });
  });
});

describe('service: Idempotency-Key', () => {
  let fixture: ServiceFixture;
  before(async () => {
    fixture = await openService();
  });
  after(() => fixture.close());

  const countOf = async (name: string) => {
    const { body } = await fixture.run('account.list', { search: name });
    return (body.output as readonly unknown[]).length;
  };

  it('runs a write once and repeats its answer', async () => {
    const headers = { 'idempotency-key': 'order-1' };
    const first = await fixture.run('account.create', { name: 'Once' }, headers);
    const second = await fixture.run('account.create', { name: 'Once' }, headers);
    expect(second.text).to.equal(first.text);
    expect(second.headers.get('idempotent-replayed')).to.equal('true');
    expect(await countOf('Once')).to.equal(1);
  });

  it('runs it once when the same request arrives several times at once', async () => {
    const headers = { 'idempotency-key': '"order-2"' };
    const answers = await Promise.all(
      [1, 2, 3, 4].map(() => fixture.run('account.create', { name: 'Raced' }, headers)),
    );
    expect(answers.map(({ status }) => status)).to.include(200);
    for (const { status, headers: sent } of answers.filter((each) => each.status !== 200)) {
      expect(status).to.equal(409);
      expect(Number(sent.get('retry-after'))).to.be.at.least(1);
    }
    expect(await countOf('Raced')).to.equal(1);
  });

  it('refuses the key for another body, and another key owner does not meet it', async () => {
    const headers = { 'idempotency-key': 'order-3' };
    await fixture.run('account.create', { name: 'Mine' }, headers);
    const reused = await fixture.run('account.create', { name: 'Other' }, headers);
    expect(reused.body).to.include({ status: 422, code: 'IDEMPOTENCY_KEY_REUSED' });
    const key = await fixture.createKey();
    const path = '/v1/connections/contoso/actions/account.create';
    const other = await fixture.call(path, { key, headers, body: { name: 'Other' } });
    expect(other.status).to.equal(200);
    expect(other.headers.has('idempotent-replayed')).to.equal(false);
  });

  it('keeps the answer of a refused write, and not that of a wrong input', async () => {
    const headers = { 'idempotency-key': 'order-4' };
    const id = crypto.randomUUID();
    const first = await fixture.run('account.update', { id, name: 'x' }, headers);
    expect(first.body).to.include({ status: 404, code: 'NOT_FOUND' });
    const second = await fixture.run('account.update', { id, name: 'x' }, headers);
    expect(second.headers.get('idempotent-replayed')).to.equal('true');
    expect(second.text).to.equal(first.text);
    const wrong = { 'idempotency-key': 'order-5' };
    await fixture.run('account.create', { nmae: 'x' }, wrong);
    const right = await fixture.run('account.create', { name: 'Right' }, wrong);
    expect(right.status).to.equal(200);
  });

  it('refuses a key that is empty or has control characters', async () => {
    for (const value of ['""', 'a b', 'x'.repeat(256)]) {
      const answer = await fixture.run('account.create', { name: 'x' }, { 'idempotency-key': value });
      expect(answer.body).to.include({ status: 400, code: 'IDEMPOTENCY_KEY_INVALID' });
    }
  });
});
