import { getEventListeners } from 'node:events';
import { expect } from 'chai';
import { ConnectorError } from '../../src/errors/connector-error.ts';
import { Secret } from '../../src/model/secret.ts';
import type { TokenSource } from '../../src/model/token.ts';
import { createHttpFixture, describeBothWays, type ScriptedResponse, sampleRequests } from './fixture.ts';

const ok: ScriptedResponse = { status: 200, body: { done: true } };
const throttled = (seconds: string | number, headers = {}): ScriptedResponse => ({
  status: 429,
  headers: { 'retry-after': String(seconds), ...headers },
});
const reset: ScriptedResponse = { fails: 'ECONNRESET' };
const connectionRefused: ScriptedResponse = { fails: 'ECONNREFUSED' };
const writes = ['update', 'create', 'delete'] as const;

describeBothWays('retry policy: throttling', () => {
  for (const [name, request] of Object.entries(sampleRequests)) {
    it(`waits and sends the request again after a 429 (${name})`, async () => {
      const fixture = createHttpFixture([throttled(3), throttled(2), ok]);
      const response = await fixture.send(request);
      expect(response).to.include({ status: 200, attempts: 3, ambiguous: false });
    });
  }

  it('never waits less than Retry-After in seconds', async () => {
    const fixture = createHttpFixture([throttled(7), ok]);
    await fixture.send();
    expect(fixture.clock.slept[0]).to.be.within(7_000, 7_350);
  });

  it('compares a Retry-After date with the server’s clock', async () => {
    const fixture = createHttpFixture([
      throttled('Wed, 01 Jul 2026 12:00:30 GMT', { date: 'Wed, 01 Jul 2026 12:00:00 GMT' }),
      ok,
    ]);
    await fixture.send();
    expect(fixture.clock.slept[0]).to.be.within(30_000, 31_000);
  });

  it('reports a wait of five minutes at most, whatever Retry-After says', async () => {
    for (const value of ['99999999999', '86400', 'Fri, 31 Dec 9999 23:59:59 GMT']) {
      const headers = { 'retry-after': value, date: 'Thu, 01 Jan 2026 00:00:00 GMT' };
      const fixture = createHttpFixture([{ status: 429, headers }]);
      const error = await fixture.error(sampleRequests.once);
      expect(error.details.retryAfterMs, value).to.equal(300_000);
    }
  });

  it('fails at once, with retryAfterMs, when Retry-After exceeds the time budget', async () => {
    const fixture = createHttpFixture([throttled(300)]);
    const error = await fixture.error(sampleRequests.once);
    expect(error.code).to.equal('THROTTLED');
    expect(error.details.retryAfterMs).to.equal(300_000);
    expect(fixture.clock.slept).to.deep.equal([]);
    expect(fixture.sent).to.have.length(1);
  });

  it('doubles the wait after each 429 without Retry-After', async () => {
    const fixture = createHttpFixture([{ status: 429 }, { status: 429 }, { status: 429 }, ok]);
    await fixture.send();
    const seconds = fixture.clock.slept.map((ms) => Math.round(ms / 1000));
    expect(seconds).to.deep.equal([1, 2, 4]);
  });

  it('does not count a 429 as a failed attempt', async () => {
    const fixture = createHttpFixture([...Array<ScriptedResponse>(9).fill(throttled(5)), ok]);
    expect((await fixture.send()).attempts).to.equal(10);
    const endless = createHttpFixture([throttled(0)]);
    expect((await endless.error()).code).to.equal('THROTTLED');
    expect(endless.sent.length).to.be.below(100);
  });

  it('sends any method again after a 503 with Retry-After', async () => {
    const fixture = createHttpFixture([{ status: 503, headers: { 'retry-after': '4' } }, ok]);
    expect(await fixture.send(sampleRequests.once)).to.include({
      status: 200,
      attempts: 2,
      ambiguous: false,
    });
    expect(fixture.clock.slept[0]).to.be.at.least(4_000);
  });
});

describeBothWays('retry policy: ambiguous failures', () => {
  const ambiguous: Record<string, ScriptedResponse> = {
    'a reset': reset,
    'a broken body': { breaks: 200 },
    'a timeout': { hangs: 'obeys-signal' },
    'a timeout inside the body': { hangs: 'in-body' },
    'a timeout of a sender that ignores its signal': { hangs: 'ignores-signal' },
    'a 502': { status: 502 },
    'a 503 without Retry-After': { status: 503 },
    'a 504': { status: 504 },
  };
  for (const [name, failure] of Object.entries(ambiguous)) {
    it(`does not send a POST again after ${name}`, async () => {
      const fixture = createHttpFixture([failure, ok]);
      const error = await fixture
        .send(sampleRequests.once)
        .catch((thrown: unknown) => thrown as ConnectorError);
      if (!(error instanceof ConnectorError)) expect.fail('an unknown outcome is thrown, not returned');
      expect(error).to.include({ code: 'REQUEST_OUTCOME_UNKNOWN', retryable: false });
      expect(error.advice).to.match(/read the row/i);
      expect(fixture.sent).to.have.length(1);
    });

    for (const write of writes) {
      it(`sends ${write} again after ${name} and marks the response as ambiguous`, async () => {
        const fixture = createHttpFixture([failure, ok]);
        expect(await fixture.send(sampleRequests[write])).to.include({ attempts: 2, ambiguous: true });
      });
    }
  }

  it('sends the same request id and body with every attempt', async () => {
    const fixture = createHttpFixture([reset, reset, ok]);
    await fixture.send(sampleRequests.create);
    expect(new Set(fixture.sent.map(({ headers }) => headers['x-ms-client-request-id']))).to.have.property(
      'size',
      1,
    );
    expect(new Set(fixture.sent.map(({ body }) => body))).to.have.property('size', 1);
  });

  it('returns a 412 after an ambiguous attempt instead of throwing it', async () => {
    const fixture = createHttpFixture([
      reset,
      { status: 412, body: { error: { code: '', message: 'exists' } } },
    ]);
    const response = await fixture.send(sampleRequests.create);
    expect(response).to.include({ status: 412, ambiguous: true });
    expect(response.error?.code).to.equal('DUPLICATE');
  });

  it('keeps the code of a clear rejection after an ambiguous attempt', async () => {
    const fixture = createHttpFixture([reset, { status: 403 }]);
    expect((await fixture.error(sampleRequests.create)).code).to.equal('ACCESS_DENIED');
  });

  it('ends in REQUEST_OUTCOME_UNKNOWN for a create without response, and in NETWORK for an update', async () => {
    expect((await createHttpFixture([reset]).error(sampleRequests.create)).code).to.equal(
      'REQUEST_OUTCOME_UNKNOWN',
    );
    expect((await createHttpFixture([reset, connectionRefused]).error(sampleRequests.create)).code).to.equal(
      'REQUEST_OUTCOME_UNKNOWN',
    );
    expect((await createHttpFixture([reset, throttled(600)]).error(sampleRequests.create)).code).to.equal(
      'REQUEST_OUTCOME_UNKNOWN',
    );
    expect((await createHttpFixture([reset]).error(sampleRequests.update)).code).to.equal('NETWORK');
    expect((await createHttpFixture([{ status: 502 }]).error(sampleRequests.update)).code).to.equal(
      'UNAVAILABLE',
    );
  });

  it('stops after the configured number of attempts', async () => {
    const fixture = createHttpFixture([reset]);
    expect(await fixture.error()).to.include({ code: 'NETWORK', retryable: true });
    expect(fixture.sent).to.have.length(4);
  });

  it('ends in TIMEOUT when attempts time out', async () => {
    const fixture = createHttpFixture([{ hangs: 'obeys-signal' }]);
    expect((await fixture.error()).code).to.equal('TIMEOUT');
    expect(fixture.sent, 'no attempt starts after the budget').to.have.length(2);
  });
});

describeBothWays('retry policy: failures before the request was sent', () => {
  for (const code of ['ECONNREFUSED', 'ENOTFOUND', 'EAI_AGAIN', 'CERT_HAS_EXPIRED']) {
    it(`sends a POST again after ${code}, and ends in NETWORK`, async () => {
      const fixture = createHttpFixture([{ fails: code }, ok]);
      expect(await fixture.send(sampleRequests.once)).to.include({ attempts: 2, ambiguous: false });
      expect((await createHttpFixture([{ fails: code }]).error(sampleRequests.once)).code).to.equal(
        'NETWORK',
      );
    });
  }

  it('advises NODE_EXTRA_CA_CERTS for a certificate that is not trusted', async () => {
    const error = await createHttpFixture([{ fails: 'DEPTH_ZERO_SELF_SIGNED_CERT' }]).error();
    expect(error.advice).to.match(/NODE_EXTRA_CA_CERTS/);
  });

  it('finds the system’s error code in the causes of a sender’s error', async () => {
    const send = async () => {
      throw new TypeError('fetch failed', { cause: new AggregateError([{ code: 'ECONNREFUSED' }]) });
    };
    const fixture = createHttpFixture([]);
    const services = { send, clock: fixture.clock, random: () => 0, log: () => {} };
    const error = await createHttpFixture([], { services }).error(sampleRequests.once);
    expect(error.message).to.match(/ECONNREFUSED.*nothing was sent/);
  });
});

describeBothWays('retry policy: failures of the token source', () => {
  const failing = (times: number, ...error: ConstructorParameters<typeof ConnectorError>) => {
    let left = times;
    const tokens: TokenSource = {
      async getToken() {
        if (left-- > 0) throw new ConnectorError(...error);
        return { token: new Secret('token'), expiresAt: Infinity };
      },
    };
    return tokens;
  };

  for (const code of ['NETWORK', 'TIMEOUT', 'UNAVAILABLE'] as const) {
    it(`requests the token again after ${code}, also for a POST`, async () => {
      const fixture = createHttpFixture([ok], { tokens: failing(2, code, 'No token.') });
      expect(await fixture.send(sampleRequests.once)).to.include({
        status: 200,
        attempts: 1,
        ambiguous: false,
      });
      expect(fixture.clock.slept).to.have.length(2);
    });

    it(`ends in ${code} when every token request fails with it`, async () => {
      const fixture = createHttpFixture([ok], { tokens: failing(Infinity, code, 'No token.') });
      const error = await fixture.error(sampleRequests.once);
      expect([error.code, error.message]).to.deep.equal([code, 'No token.']);
      expect(fixture.clock.slept).to.have.length(3);
      expect(fixture.sent).to.deep.equal([]);
    });
  }

  it('waits as long as a throttled authority requests', async () => {
    const fixture = createHttpFixture([ok], {
      tokens: failing(1, 'THROTTLED', 'Slow down.', { retryAfterMs: 9000 }),
    });
    await fixture.send(sampleRequests.once);
    expect(fixture.clock.slept[0]).to.be.within(9_000, 9_450);
  });

  it('fails at once, with retryAfterMs, when the wait of the authority exceeds the time budget', async () => {
    const tokens = failing(1, 'THROTTLED', 'Slow down.', { retryAfterMs: 600_000 });
    const fixture = createHttpFixture([ok], { tokens });
    const error = await fixture.error(sampleRequests.once);
    expect(error.code).to.equal('THROTTLED');
    expect(error.details.retryAfterMs).to.equal(600_000);
    expect(fixture.clock.slept).to.deep.equal([]);
  });

  it('does not request a token again after RECONNECT_NEEDED', async () => {
    const fixture = createHttpFixture([ok], { tokens: failing(1, 'RECONNECT_NEEDED', 'Over.') });
    expect((await fixture.error()).code).to.equal('RECONNECT_NEEDED');
    expect(fixture.clock.slept).to.deep.equal([]);
  });

  it('requests a token again when its renewal after a 401 failed', async () => {
    const renewals: boolean[] = [];
    const tokens: TokenSource = {
      async getToken({ rejectedToken } = {}) {
        renewals.push(rejectedToken !== undefined);
        if (renewals.length === 2) throw new ConnectorError('UNAVAILABLE', 'Not now.');
        return { token: new Secret(`token ${renewals.length}`), expiresAt: Infinity };
      },
    };
    const fixture = createHttpFixture([{ status: 401 }, { status: 401 }, ok], { tokens });
    expect((await fixture.send()).status).to.equal(200);
    expect(renewals).to.deep.equal([false, true, false, true]);
  });

  it('ends in REQUEST_OUTCOME_UNKNOWN when the token of the retry fails after an ambiguous write', async () => {
    let tokenRequests = 0;
    const tokens: TokenSource = {
      async getToken() {
        tokenRequests += 1;
        if (tokenRequests > 1) throw new ConnectorError('UNAVAILABLE', 'Not now.');
        return { token: new Secret('token'), expiresAt: Infinity };
      },
    };
    const fixture = createHttpFixture([reset], { tokens });
    expect((await fixture.error(sampleRequests.create)).code).to.equal('REQUEST_OUTCOME_UNKNOWN');
  });
});

describeBothWays('retry policy: backoff and retry budget', () => {
  it('backs off exponentially with full jitter', async () => {
    const fixture = createHttpFixture([reset, reset, reset, ok]);
    await fixture.send();
    expect(fixture.clock.slept).to.deep.equal([250, 500, 1000]);
  });

  it('sends at most 10 % more requests in an outage', async () => {
    const fixture = createHttpFixture([{ status: 503 }]);
    for (let n = 0; n < 600; n++) await fixture.error();
    expect(fixture.sent.length - 600).to.be.at.most(60);
    expect(fixture.sent.length - 600).to.be.at.least(50);
  });

  it('does not take from the budget after a 429', async () => {
    const fixture = createHttpFixture([...Array<ScriptedResponse>(70).fill(throttled(0)), reset, ok]);
    expect((await fixture.send()).attempts).to.equal(72);
  });

  it('adds one retry for every ten successful calls', async () => {
    let broken = true;
    const fixture = createHttpFixture([() => (broken ? { status: 503 } : ok)]);
    for (let n = 0; n < 60; n++) await fixture.error();
    broken = false;
    for (let n = 0; n < 10; n++) await fixture.send();
    broken = true;
    const before = fixture.sent.length;
    for (let n = 0; n < 3; n++) await fixture.error();
    expect(fixture.sent.length - before).to.be.within(4, 5);
  });

  it('fills the budget again after an outage', async () => {
    let broken = true;
    const fixture = createHttpFixture([() => (broken ? { status: 503 } : ok)]);
    for (let n = 0; n < 100; n++) await fixture.error();
    broken = false;
    for (let n = 0; n < 50; n++) await fixture.send();
    broken = true;
    const before = fixture.sent.length;
    await fixture.error();
    expect(fixture.sent.length - before).to.equal(4);
  });
});

describeBothWays('retry policy: abort', () => {
  it('sends nothing when the signal is already aborted', async () => {
    const fixture = createHttpFixture([ok]);
    const error = await fixture.error({ signal: AbortSignal.abort() });
    expect(error.code).to.equal('ABORTED');
    expect(fixture.sent).to.have.length(0);
    expect(fixture.tokens).to.have.length(0);
  });

  it('gives no advice to look at a row after an aborted read', async () => {
    const controller = new AbortController();
    const fixture = createHttpFixture([
      () => {
        setImmediate(() => controller.abort());
        return { hangs: 'obeys-signal' };
      },
    ]);
    expect((await fixture.error({ signal: controller.signal })).advice).to.equal('No action is needed.');
  });

  it('leaves no timer and no listener after a call', async () => {
    const { signal } = new AbortController();
    const fixture = createHttpFixture([reset, throttled(1), { breaks: 200 }, ok]);
    await fixture.send({ signal });
    expect(fixture.clock.sleeping()).to.equal(0);
    expect(getEventListeners(signal, 'abort')).to.have.length(0);
  });

  const hangingAttempts = {
    'the sender ignores its signal': 'ignores-signal',
    'no header has arrived': 'obeys-signal',
    'half of the body has arrived': 'in-body',
  } as const;
  for (const [state, hangs] of Object.entries(hangingAttempts)) {
    it(`ends in ABORTED while ${state}, and says that the request may have been carried out`, async () => {
      const controller = new AbortController();
      const fixture = createHttpFixture([
        () => {
          setImmediate(() => controller.abort());
          return { hangs };
        },
      ]);
      const error = await fixture.error({ ...sampleRequests.once, signal: controller.signal });
      expect(error.code).to.equal('ABORTED');
      expect(error.advice).to.match(/may have been carried out/);
      expect(fixture.sent).to.have.length(1);
    });
  }

  it('ends in ABORTED while it waits, and sends nothing more', async () => {
    const controller = new AbortController();
    const { clock } = createHttpFixture([]);
    let sent = 0;
    const services = {
      send: async () => ({ status: 429, headers: { 'retry-after': String(sent++) }, body: empty() }),
      clock: { ...clock, sleep: (_: number, signal?: AbortSignal) => whenAborted(signal) },
      random: () => 0,
      log: () => setImmediate(() => controller.abort()),
    };
    const error = await createHttpFixture([], { services }).error({ signal: controller.signal });
    expect(error.code).to.equal('ABORTED');
    expect(sent).to.equal(1);
  });
});

async function* empty(): AsyncGenerator<Uint8Array> {}

function whenAborted(signal?: AbortSignal): Promise<void> {
  return new Promise((_, reject) => {
    signal?.addEventListener('abort', () => reject(signal.reason));
  });
}
