import { expect } from 'chai';
import {
  basePath,
  caseUrl,
  createHttpFixture,
  origin,
  type ScriptedResponse,
  sampleRequests,
} from './fixture.ts';

const ok: ScriptedResponse = { status: 200, body: { done: true } };

describe('http: what is sent', () => {
  it('every request is identified as the Web API asks', async () => {
    const stage = createHttpFixture([ok]);
    await stage.send();
    expect(stage.sent[0]!.headers).to.deep.equal({
      accept: 'application/json',
      'odata-version': '4.0',
      'odata-maxversion': '4.0',
      'if-none-match': 'null',
      'x-ms-client-request-id': 'our-request-id',
      authorization: 'Bearer token-1',
    });
    expect(stage.sent[0]!.body).to.equal(undefined);
  });

  it('the caller’s headers win, except for the request id and the token', async () => {
    const stage = createHttpFixture([ok]);
    const headers = {
      'If-None-Match': 'W/"7"',
      Accept: 'application/xml',
      'X-MS-Client-Request-Id': 'another',
      Authorization: 'Bearer another',
    };
    await stage.send({ headers });
    expect(stage.sent[0]!.headers).to.include({
      'if-none-match': 'W/"7"',
      accept: 'application/xml',
      'x-ms-client-request-id': 'our-request-id',
      authorization: 'Bearer token-1',
    });
  });

  it('If-None-Match: null goes with GET alone', async () => {
    for (const call of [sampleRequests.update, sampleRequests.delete, sampleRequests.once]) {
      const stage = createHttpFixture([ok]);
      await stage.send(call);
      expect(stage.sent[0]!.headers).to.not.have.property('if-none-match');
    }
  });

  it('a body is JSON; text with a content type of its own goes as it stands', async () => {
    const stage = createHttpFixture([ok]);
    await stage.send({ ...sampleRequests.update, body: { title: 'Drucker „brennt“' } });
    expect(stage.sent[0]!.body).to.equal('{"title":"Drucker „brennt“"}');
    expect(stage.sent[0]!.headers['content-type']).to.equal('application/json; charset=utf-8');
    const headers = { 'Content-Type': 'multipart/mixed; boundary=b' };
    await stage.send({ ...sampleRequests.once, headers, body: '--b--' });
    expect(stage.sent[1]!.body).to.equal('--b--');
    await stage.send({ ...sampleRequests.once, body: 'a string' });
    expect(stage.sent[2]!.body).to.equal('"a string"');
  });
});

describe('http: tokens', () => {
  it('a 401 buys one new token and one more try', async () => {
    const stage = createHttpFixture([{ status: 401 }, ok]);
    expect(await stage.send(sampleRequests.once)).to.include({ status: 200, attempts: 2, ambiguous: false });
    expect(stage.tokens).to.deep.equal(['get', 'renew']);
    expect(stage.sent.map(({ headers }) => headers.authorization)).to.deep.equal([
      'Bearer token-1',
      'Bearer token-2',
    ]);
  });

  it('and no second one, also when other failures lie in between', async () => {
    const stage = createHttpFixture([{ status: 401 }, { status: 401 }]);
    expect((await stage.error()).code).to.equal('RECONNECT_NEEDED');
    expect(stage.tokens).to.deep.equal(['get', 'renew']);
    const torn = createHttpFixture([{ status: 401 }, { fails: 'ECONNRESET' }, { status: 401 }, ok]);
    expect((await torn.error()).code).to.equal('RECONNECT_NEEDED');
    expect(torn.tokens).to.deep.equal(['get', 'renew', 'get']);
  });

  it('a wait takes a fresh look at the token', async () => {
    const stage = createHttpFixture([{ status: 429, headers: { 'retry-after': '5' } }, ok]);
    await stage.send();
    expect(stage.tokens).to.deep.equal(['get', 'get']);
  });
});

describe('http: what comes back', () => {
  it('JSON is parsed, whatever its chunks', async () => {
    const row = { title: 'Ärger mit dem Drücker — 漢字 🖨️', n: 1 };
    const answer = await createHttpFixture([{ status: 200, headers: { etag: 'W/"1"' }, body: row }]).send();
    expect(answer.body).to.deep.equal(row);
    expect(answer.headers.etag).to.equal('W/"1"');
    expect(answer).to.not.have.property('error');
  });

  it('204 and 304 have no body and no error', async () => {
    for (const status of [204, 304]) {
      const answer = await createHttpFixture([{ status }]).send();
      expect(answer).to.include({ status, body: undefined });
      expect(answer.error).to.equal(undefined);
    }
  });

  it('plain text, XML and multipart stay text', async () => {
    for (const type of ['text/plain', 'application/xml', 'multipart/mixed; boundary=b']) {
      const headers = { 'content-type': type };
      expect((await createHttpFixture([{ status: 200, headers, body: '42' }]).send()).body).to.equal('42');
    }
  });

  const page = '<!DOCTYPE html><title>Sign in</title><p>hidden</p>';
  it('HTML with 200 is RESPONSE_NOT_JSON, and its text stays out of the error', async () => {
    const headers = { 'content-type': 'text/html; charset=utf-8' };
    const error = await createHttpFixture([{ status: 200, headers, body: page }]).error();
    expect(error.code).to.equal('RESPONSE_NOT_JSON');
    expect(error.details).to.include({ operation: 'case.get', requestId: 'our-request-id', status: 200 });
    expect(JSON.stringify(error)).to.not.contain('hidden');
  });

  it('HTML with 403 or 404 is not mistaken for Dataverse’s own no', async () => {
    for (const status of [400, 403, 404]) {
      const stage = createHttpFixture([{ status, headers: { 'content-type': 'text/html' }, body: page }]);
      expect((await stage.error()).code).to.equal('RESPONSE_NOT_JSON');
    }
    const kept = { 401: 'RECONNECT_NEEDED', 408: 'TIMEOUT', 429: 'THROTTLED', 502: 'UNAVAILABLE' };
    for (const [status, code] of Object.entries(kept)) {
      const act = { status: Number(status), headers: { 'content-type': 'text/html' }, body: page };
      expect((await createHttpFixture([act]).error()).code).to.equal(code);
    }
  });

  it('cut-off JSON is not taken for data', async () => {
    expect((await createHttpFixture([{ status: 200, body: '{"value":[' }]).error()).code).to.equal(
      'RESPONSE_NOT_JSON',
    );
  });

  it('a redirect is not followed and is an error of its own', async () => {
    const location = 'https://login.example/authorize?session=hidden';
    const stage = createHttpFixture([{ status: 302, headers: { location } }]);
    const error = await stage.error();
    expect(error.code).to.equal('ORIGIN_REFUSED');
    expect(error.message).to.contain('https://login.example;').and.not.contain('hidden');
    expect(error.advice).to.match(/environment URL/);
    expect(stage.sent).to.have.length(1);
  });

  it('an answer above the cap is RESPONSE_TOO_LARGE and read no further', async () => {
    let read = 0;
    async function* endless() {
      for (; ; read++) yield new Uint8Array(100);
    }
    const { clock } = createHttpFixture([]);
    const world = {
      send: async () => ({ status: 200, headers: {}, body: endless() }),
      clock,
      random: () => 0,
      log: () => {},
    };
    const error = await createHttpFixture([], { services: world, maxBytes: 1_000 }).error();
    expect(error.code).to.equal('RESPONSE_TOO_LARGE');
    expect(read).to.equal(10);
  });
});

describe('http: what may be seen from outside', () => {
  const secrets = ['token-1', 'token-2', 'canary-filter', 'canary-body', 'cafe', 'canary-user', 'boom'];
  const url = `${caseUrl}?$filter=emailaddress1 eq 'canary-filter'`;
  const acts: Record<string, readonly ScriptedResponse[]> = {
    success: [{ status: 200, body: { title: 'canary-body' } }],
    'a refused token': [
      { status: 401 },
      { status: 401, headers: { 'www-authenticate': 'Bearer canary-user' } },
    ],
    'a missing privilege': [{ status: 403, body: { error: { code: '0x80040220', message: 'no' } } }],
    'a missing row': [{ status: 404, body: { error: { code: '', message: 'not here' } } }],
    throttling: [
      { status: 429, headers: { 'retry-after': '1' } },
      { status: 429, headers: { 'retry-after': '999' } },
    ],
    'a server error': [{ status: 500, body: { error: { message: 'Bearer token-1 was seen' } } }],
    'a token in the server’s words': [
      { status: 400, body: { error: { message: 'got eyJhbGciOi.eyJzdWIi.sig-canary-user' } } },
    ],
    HTML: [{ status: 200, headers: { 'content-type': 'text/html' }, body: '<html>canary-body' }],
    'a redirect': [
      { status: 302, headers: { location: 'https://canary-user:x@login.example/?canary-filter' } },
    ],
    'a reset': [{ fails: 'ECONNRESET' }],
    'a refused connection': [{ fails: 'ECONNREFUSED' }],
    'a broken body': [{ breaks: 200 }],
    'a timeout': [{ hangs: 'listens' }],
    'a body without end': [{ status: 200, body: 'canary-body'.repeat(1000) }],
  };
  for (const [path, script] of Object.entries(acts)) {
    it(`no secret and no value reaches the log or the error after ${path}`, async () => {
      for (const call of Object.values(sampleRequests)) {
        const stage = createHttpFixture(script, { maxBytes: 5_000 });
        const body = 'body' in call ? { description: 'canary-body' } : undefined;
        const outcome = await stage
          .send({ ...call, url, ...(body && { body }) })
          .then(({ error }) => error)
          .catch((error: Error) => error);
        const seen = [
          JSON.stringify(stage.logged),
          outcome && JSON.stringify(outcome) + outcome.message + outcome.stack,
        ].join();
        for (const secret of secrets) expect(seen).to.not.contain(secret);
        expect(stage.logged.length).to.be.greaterThan(0);
      }
    });
  }

  it('a line says which attempt of which call went where, how it ended and how long it took', async () => {
    const stage = createHttpFixture([{ status: 429, headers: { 'retry-after': '2' } }, ok]);
    await stage.send({ url });
    expect(stage.logged).to.deep.equal([
      line('warn', { status: 429, chars: 0, attempt: 1 }),
      {
        level: 'info',
        event: 'http.wait',
        fields: { operation: 'case.get', requestId: 'our-request-id', attempt: 1, waitMs: 2050, status: 429 },
      },
      line('debug', { status: 200, chars: 13, attempt: 2 }),
    ]);
  });

  it('a line names the code of an attempt that brought no answer', async () => {
    const stage = createHttpFixture([{ hangs: 'listens' }, { fails: 'ECONNRESET' }, ok]);
    await stage.send();
    const codes = stage.logged.map(({ fields }) => fields.code).filter(Boolean);
    expect(codes).to.deep.equal(['TIMEOUT', 'TIMEOUT', 'NETWORK', 'NETWORK']);
  });

  function line(level: string, fields: object) {
    const common = { operation: 'case.get', requestId: 'our-request-id', method: 'GET' };
    return {
      level,
      event: 'http.attempt',
      fields: { ...common, path: `${basePath}/incidents(…)`, ...fields, ms: 0 },
    };
  }
});

describe('http: what is not ours stays out', () => {
  it('a bug in a token source is not dressed up as an answer', async () => {
    const bug = new TypeError('x is not a function');
    const tokens = { getToken: () => Promise.reject(bug) };
    const thrown = await createHttpFixture([ok], { tokens })
      .send()
      .catch((error: unknown) => error);
    expect(thrown).to.equal(bug);
  });

  it('the path of the base URL may end in a slash', async () => {
    const stage = createHttpFixture([ok], { basePath: `${basePath}/` });
    await stage.send({ url: `${origin}${basePath}/WhoAmI` });
    expect(stage.sent).to.have.length(1);
  });
});
