import { expect } from 'chai';
import { LongText } from '../../src/model/long-text.ts';
import {
  basePath,
  caseUrl,
  createHttpFixture,
  describeBothWays,
  origin,
  type ScriptedResponse,
  sampleRequests,
} from './fixture.ts';

const ok: ScriptedResponse = { status: 200, body: { done: true } };

describeBothWays('pipeline: request', () => {
  it('has the headers that the Web API requires', async () => {
    const fixture = createHttpFixture([ok]);
    await fixture.send();
    expect(fixture.sent[0]!.headers).to.deep.equal({
      accept: 'application/json',
      'odata-version': '4.0',
      'odata-maxversion': '4.0',
      'if-none-match': 'null',
      'x-ms-client-request-id': 'our-request-id',
      authorization: 'Bearer token-1',
    });
    expect(fixture.sent[0]!.body).to.equal(undefined);
  });

  it('takes the caller’s headers, except for the request id and the token', async () => {
    const fixture = createHttpFixture([ok]);
    const headers = {
      'If-None-Match': 'W/"7"',
      Accept: 'application/xml',
      'X-MS-Client-Request-Id': 'another',
      Authorization: 'Bearer another',
    };
    await fixture.send({ headers });
    expect(fixture.sent[0]!.headers).to.include({
      'if-none-match': 'W/"7"',
      accept: 'application/xml',
      'x-ms-client-request-id': 'our-request-id',
      authorization: 'Bearer token-1',
    });
  });

  it('has If-None-Match: null only for GET', async () => {
    for (const call of [sampleRequests.update, sampleRequests.delete, sampleRequests.once]) {
      const fixture = createHttpFixture([ok]);
      await fixture.send(call);
      expect(fixture.sent[0]!.headers).to.not.have.property('if-none-match');
    }
  });

  it('has a JSON body, or unchanged text if it has its own content type', async () => {
    const fixture = createHttpFixture([ok]);
    await fixture.send({ ...sampleRequests.update, body: { title: 'Drucker „brennt“' } });
    expect(fixture.sent[0]!.body).to.equal('{"title":"Drucker „brennt“"}');
    expect(fixture.sent[0]!.headers['content-type']).to.equal('application/json; charset=utf-8');
    const headers = { 'Content-Type': 'multipart/mixed; boundary=b' };
    await fixture.send({ ...sampleRequests.once, headers, body: '--b--' });
    expect(fixture.sent[1]!.body).to.equal('--b--');
    await fixture.send({ ...sampleRequests.once, body: 'a string' });
    expect(fixture.sent[2]!.body).to.equal('"a string"');
  });

  it('has a multipart body as text, and a long one in UTF-8, in each attempt', async () => {
    const headers = { 'Content-Type': 'multipart/mixed; boundary=b' };
    const fixture = createHttpFixture([{ status: 429, headers: { 'retry-after': '1' } }, ok]);
    const text = 'Ärger 🖨️ '.repeat(20_000);
    await fixture.send({ ...sampleRequests.once, headers, multipart: LongText.join([text, text]) });
    await fixture.send({ ...sampleRequests.once, headers, multipart: LongText.join(['--b', '--']) });
    const bytes = new TextEncoder().encode(text + text);
    expect(fixture.sent.map(({ body }) => body)).to.deep.equal([bytes, bytes, '--b--']);
  });
});

describeBothWays('pipeline: tokens', () => {
  it('renews the token once after a 401 and sends the request again', async () => {
    const fixture = createHttpFixture([{ status: 401 }, ok]);
    expect(await fixture.send(sampleRequests.once)).to.include({
      status: 200,
      attempts: 2,
      ambiguous: false,
    });
    expect(fixture.tokens).to.deep.equal(['get', 'renew']);
    expect(fixture.sent.map(({ headers }) => headers.authorization)).to.deep.equal([
      'Bearer token-1',
      'Bearer token-2',
    ]);
  });

  it('does not renew the token a second time, also with other failures in between', async () => {
    const fixture = createHttpFixture([{ status: 401 }, { status: 401 }]);
    expect((await fixture.error()).code).to.equal('RECONNECT_NEEDED');
    expect(fixture.tokens).to.deep.equal(['get', 'renew']);
    const interrupted = createHttpFixture([{ status: 401 }, { fails: 'ECONNRESET' }, { status: 401 }, ok]);
    expect((await interrupted.error()).code).to.equal('RECONNECT_NEEDED');
    expect(interrupted.tokens).to.deep.equal(['get', 'renew', 'get']);
  });

  it('gets the token again after a wait', async () => {
    const fixture = createHttpFixture([{ status: 429, headers: { 'retry-after': '5' } }, ok]);
    await fixture.send();
    expect(fixture.tokens).to.deep.equal(['get', 'get']);
  });
});

describeBothWays('pipeline: response', () => {
  it('parses JSON in any chunks', async () => {
    const row = { title: 'Ärger mit dem Drücker — 漢字 🖨️', n: 1 };
    const response = await createHttpFixture([{ status: 200, headers: { etag: 'W/"1"' }, body: row }]).send();
    expect(response.body).to.deep.equal(row);
    expect(response.headers.etag).to.equal('W/"1"');
    expect(response).to.not.have.property('error');
  });

  it('has no body and no error for 204 and 304', async () => {
    for (const status of [204, 304]) {
      const response = await createHttpFixture([{ status }]).send();
      expect(response).to.include({ status, body: undefined });
      expect(response.error).to.equal(undefined);
    }
  });

  it('keeps plain text, XML and multipart as text', async () => {
    for (const type of ['text/plain', 'application/xml', 'multipart/mixed; boundary=b']) {
      const headers = { 'content-type': type };
      expect((await createHttpFixture([{ status: 200, headers, body: '42' }]).send()).body).to.equal('42');
    }
  });

  it('keeps a long multipart body in pieces, also that of a batch that stopped', async () => {
    const body = '--b\r\n漢字🖨️'.repeat(20_000);
    for (const status of [200, 400]) {
      const headers = { 'content-type': 'multipart/mixed; boundary=b' };
      const fixture = createHttpFixture([{ status, headers, body }]);
      expect(String((await fixture.send()).multipart)).to.equal(body);
      expect(fixture.logged.map(({ fields }) => fields?.chars)).to.deep.equal([body.length]);
    }
  });

  const page = '<!DOCTYPE html><title>Sign in</title><p>hidden</p>';
  it('throws RESPONSE_NOT_JSON for HTML with 200, without the text in the error', async () => {
    const headers = { 'content-type': 'text/html; charset=utf-8' };
    const error = await createHttpFixture([{ status: 200, headers, body: page }]).error();
    expect(error.code).to.equal('RESPONSE_NOT_JSON');
    expect(error.details).to.include({ operation: 'case.get', requestId: 'our-request-id', status: 200 });
    expect(JSON.stringify(error)).to.not.contain('hidden');
  });

  it('throws RESPONSE_NOT_JSON for HTML with 400, 403 or 404', async () => {
    for (const status of [400, 403, 404]) {
      const fixture = createHttpFixture([{ status, headers: { 'content-type': 'text/html' }, body: page }]);
      expect((await fixture.error()).code).to.equal('RESPONSE_NOT_JSON');
    }
    const kept = { 401: 'RECONNECT_NEEDED', 408: 'TIMEOUT', 429: 'THROTTLED', 502: 'UNAVAILABLE' };
    for (const [status, code] of Object.entries(kept)) {
      const scripted = { status: Number(status), headers: { 'content-type': 'text/html' }, body: page };
      expect((await createHttpFixture([scripted]).error()).code).to.equal(code);
    }
  });

  it('throws RESPONSE_NOT_JSON for incomplete JSON', async () => {
    expect((await createHttpFixture([{ status: 200, body: '{"value":[' }]).error()).code).to.equal(
      'RESPONSE_NOT_JSON',
    );
  });

  it('returns ORIGIN_REFUSED for a redirect and does not follow it', async () => {
    const location = 'https://login.example/authorize?session=hidden';
    const fixture = createHttpFixture([{ status: 302, headers: { location } }]);
    const error = await fixture.error();
    expect(error.code).to.equal('ORIGIN_REFUSED');
    expect(error.message).to.contain('https://login.example;').and.not.contain('hidden');
    expect(error.advice).to.match(/environment URL/);
    expect(fixture.sent).to.have.length(1);
  });

  it('sends each request with its own id and the headers of its method, if all have one object of headers', async () => {
    const fixture = createHttpFixture([ok, ok, ok]);
    const headers = { Prefer: 'odata.maxpagesize=5' };
    await fixture.send({ method: 'GET', headers, requestId: 'first' });
    await fixture.send({ method: 'PATCH', headers, requestId: 'second', body: { title: 'x' } });
    await fixture.send({ method: 'DELETE', headers, requestId: 'third', body: undefined });
    const names = ['prefer', 'x-ms-client-request-id', 'if-none-match', 'content-type'];
    const [size, type] = ['odata.maxpagesize=5', 'application/json; charset=utf-8'];
    expect(fixture.sent.map((request) => names.map((name) => request.headers[name]))).to.deep.equal([
      [size, 'first', 'null', undefined],
      [size, 'second', undefined, type],
      [size, 'third', undefined, undefined],
    ]);
  });

  it('throws RESPONSE_TOO_LARGE above the maximum size and stops reading', async () => {
    let read = 0;
    async function* endless() {
      for (; ; read++) yield new Uint8Array(100);
    }
    const { clock } = createHttpFixture([]);
    const services = {
      send: async () => ({ status: 200, headers: {}, body: endless() }),
      clock,
      random: () => 0,
      log: () => {},
    };
    const error = await createHttpFixture([], { services, maxBytes: 1_000 }).error();
    expect(error.code).to.equal('RESPONSE_TOO_LARGE');
    expect(read).to.equal(10);
  });
});

describeBothWays('pipeline: log lines', () => {
  const secrets = ['token-1', 'token-2', 'canary-filter', 'canary-body', 'cafe', 'canary-user', 'boom'];
  const url = `${caseUrl}?$filter=emailaddress1 eq 'canary-filter'`;
  const scripts: Record<string, readonly ScriptedResponse[]> = {
    success: [{ status: 200, body: { title: 'canary-body' } }],
    'a rejected token': [
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
    'a token in the server’s message': [
      { status: 400, body: { error: { message: 'got eyJhbGciOi.eyJzdWIi.sig-canary-user' } } },
    ],
    HTML: [{ status: 200, headers: { 'content-type': 'text/html' }, body: '<html>canary-body' }],
    'a redirect': [
      { status: 302, headers: { location: 'https://canary-user:x@login.example/?canary-filter' } },
    ],
    'a reset': [{ fails: 'ECONNRESET' }],
    'a refused connection': [{ fails: 'ECONNREFUSED' }],
    'a broken body': [{ breaks: 200 }],
    'a timeout': [{ hangs: 'obeys-signal' }],
    'a body above the maximum size': [{ status: 200, body: 'canary-body'.repeat(1000) }],
  };
  for (const [outcomeName, script] of Object.entries(scripts)) {
    it(`contain no secret and no value after ${outcomeName}, and neither does the error`, async () => {
      for (const request of Object.values(sampleRequests)) {
        const fixture = createHttpFixture(script, { maxBytes: 5_000 });
        const body = 'body' in request ? { description: 'canary-body' } : undefined;
        const outcome = await fixture
          .send({ ...request, url, body })
          .then(({ error }) => error)
          .catch((error: Error) => error);
        const visible = [
          JSON.stringify(fixture.logged),
          outcome && JSON.stringify(outcome) + outcome.message + outcome.stack,
        ].join();
        for (const secret of secrets) expect(visible).to.not.contain(secret);
        expect(fixture.logged.length).to.be.greaterThan(0);
      }
    });
  }

  it('name operation, request id, path, attempt, status and duration', async () => {
    const fixture = createHttpFixture([{ status: 429, headers: { 'retry-after': '2' } }, ok]);
    await fixture.send({ url });
    expect(fixture.logged).to.deep.equal([
      line('warn', { status: 429, chars: 0, attempt: 1 }),
      {
        level: 'info',
        event: 'http.wait',
        fields: { operation: 'case.get', requestId: 'our-request-id', attempt: 1, waitMs: 2050, status: 429 },
      },
      line('debug', { status: 200, chars: 13, attempt: 2 }),
    ]);
  });

  it('name the length of a long list, which is parsed in parts', async () => {
    const body = { value: Array.from({ length: 3_000 }, (_, n) => ({ n, title: `${'x'.repeat(60)}ä` })) };
    const fixture = createHttpFixture([{ status: 200, body }]);
    expect((await fixture.send({ url })).body).to.deep.equal(body);
    expect(fixture.logged).to.deep.equal([
      line('debug', { status: 200, chars: JSON.stringify(body).length, attempt: 1 }),
    ]);
  });

  it('name the error code of an attempt without response', async () => {
    const fixture = createHttpFixture([{ hangs: 'obeys-signal' }, { fails: 'ECONNRESET' }, ok]);
    await fixture.send();
    const codes = fixture.logged.map(({ fields }) => fields.code).filter(Boolean);
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

describeBothWays('pipeline: edge cases', () => {
  it('rethrows an unexpected error of a token source unchanged', async () => {
    const bug = new TypeError('x is not a function');
    const tokens = { getToken: () => Promise.reject(bug) };
    const thrown = await createHttpFixture([ok], { tokens })
      .send()
      .catch((error: unknown) => error);
    expect(thrown).to.equal(bug);
  });

  it('accepts a base path that ends with a slash', async () => {
    const fixture = createHttpFixture([ok], { basePath: `${basePath}/` });
    await fixture.send({ url: `${origin}${basePath}/WhoAmI` });
    expect(fixture.sent).to.have.length(1);
  });
});
