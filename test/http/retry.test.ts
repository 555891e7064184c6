import { getEventListeners } from 'node:events';
import { expect } from 'chai';
import { ConnectorError } from '../../src/errors/connector-error.ts';
import { Secret } from '../../src/model/secret.ts';
import type { TokenSource } from '../../src/model/token.ts';
import { createHttpFixture, type ScriptedResponse, sampleRequests } from './fixture.ts';

const ok: ScriptedResponse = { status: 200, body: { done: true } };
const busy = (seconds: string | number, headers = {}): ScriptedResponse => ({
  status: 429,
  headers: { 'retry-after': String(seconds), ...headers },
});
const reset: ScriptedResponse = { fails: 'ECONNRESET' };
const refused: ScriptedResponse = { fails: 'ECONNREFUSED' };
const writes = ['update', 'create', 'delete'] as const;

describe('http: throttling', () => {
  for (const [name, call] of Object.entries(sampleRequests)) {
    it(`a 429 is waited out and sent again, for ${name}`, async () => {
      const stage = createHttpFixture([busy(3), busy(2), ok]);
      const answer = await stage.send(call);
      expect(answer).to.include({ status: 200, attempts: 3, ambiguous: false });
    });
  }

  it('Retry-After in seconds is never undercut', async () => {
    const stage = createHttpFixture([busy(7), ok]);
    await stage.send();
    expect(stage.clock.slept[0]).to.be.within(7_000, 7_350);
  });

  it('Retry-After as a date is read by the server’s clock, however wrong ours is', async () => {
    const stage = createHttpFixture([
      busy('Wed, 01 Jul 2026 12:00:30 GMT', { date: 'Wed, 01 Jul 2026 12:00:00 GMT' }),
      ok,
    ]);
    await stage.send();
    expect(stage.clock.slept[0]).to.be.within(30_000, 31_000);
  });

  it('a Retry-After that does not fit into the budget fails at once and says when to come back', async () => {
    const stage = createHttpFixture([busy(300)]);
    const error = await stage.error(sampleRequests.once);
    expect(error.code).to.equal('THROTTLED');
    expect(error.details.retryAfterMs).to.equal(300_000);
    expect(stage.clock.slept).to.deep.equal([]);
    expect(stage.sent).to.have.length(1);
  });

  it('without Retry-After the waits double', async () => {
    const stage = createHttpFixture([{ status: 429 }, { status: 429 }, { status: 429 }, ok]);
    await stage.send();
    const seconds = stage.clock.slept.map((ms) => Math.round(ms / 1000));
    expect(seconds).to.deep.equal([1, 2, 4]);
  });

  it('429s do not use up the attempts, only the budget', async () => {
    const stage = createHttpFixture([...Array<ScriptedResponse>(9).fill(busy(5)), ok]);
    expect((await stage.send()).attempts).to.equal(10);
    const endless = createHttpFixture([busy(0)]);
    expect((await endless.error()).code).to.equal('THROTTLED');
    expect(endless.sent.length).to.be.below(100);
  });

  it('a 503 with Retry-After was refused before execution, so any method goes again', async () => {
    const stage = createHttpFixture([{ status: 503, headers: { 'retry-after': '4' } }, ok]);
    expect(await stage.send(sampleRequests.once)).to.include({ status: 200, attempts: 2, ambiguous: false });
    expect(stage.clock.slept[0]).to.be.at.least(4_000);
  });
});

describe('http: ambiguous failures', () => {
  const ambiguous: Record<string, ScriptedResponse> = {
    'a reset': reset,
    'a broken body': { breaks: 200 },
    'a timeout': { hangs: 'listens' },
    'a body that does not go on': { hangs: 'in-body' },
    'a timeout of a sender that is deaf to signals': { hangs: 'deaf' },
    'a 502': { status: 502 },
    'a 503 without Retry-After': { status: 503 },
    'a 504': { status: 504 },
  };
  for (const [name, act] of Object.entries(ambiguous)) {
    it(`a POST is never sent again after ${name}`, async () => {
      const stage = createHttpFixture([act, ok]);
      const error = await stage
        .send(sampleRequests.once)
        .catch((thrown: unknown) => thrown as ConnectorError);
      if (!(error instanceof ConnectorError)) expect.fail('an open outcome is thrown, not answered');
      expect(error).to.include({ code: 'REQUEST_OUTCOME_UNKNOWN', retryable: false });
      expect(error.advice).to.match(/look at the row/i);
      expect(stage.sent).to.have.length(1);
    });

    for (const write of writes) {
      it(`${write} is sent again after ${name}, and the answer says that it was ambiguous`, async () => {
        const stage = createHttpFixture([act, ok]);
        expect(await stage.send(sampleRequests[write])).to.include({ attempts: 2, ambiguous: true });
      });
    }
  }

  it('every attempt carries the same request id and body', async () => {
    const stage = createHttpFixture([reset, reset, ok]);
    await stage.send(sampleRequests.create);
    expect(new Set(stage.sent.map(({ headers }) => headers['x-ms-client-request-id']))).to.have.property(
      'size',
      1,
    );
    expect(new Set(stage.sent.map(({ body }) => body))).to.have.property('size', 1);
  });

  it('a 412 after an ambiguous attempt is answered, not thrown, so that it can be settled', async () => {
    const stage = createHttpFixture([
      reset,
      { status: 412, body: { error: { code: '', message: 'exists' } } },
    ]);
    const answer = await stage.send(sampleRequests.create);
    expect(answer).to.include({ status: 412, ambiguous: true });
    expect(answer.error?.code).to.equal('DUPLICATE');
  });

  it('a clear no stays what it is, also after an ambiguous attempt', async () => {
    const stage = createHttpFixture([reset, { status: 403 }]);
    expect((await stage.error(sampleRequests.create)).code).to.equal('ACCESS_DENIED');
  });

  it('a create that ends without an answer is unknown, an update is only unreachable', async () => {
    expect((await createHttpFixture([reset]).error(sampleRequests.create)).code).to.equal(
      'REQUEST_OUTCOME_UNKNOWN',
    );
    expect((await createHttpFixture([reset, refused]).error(sampleRequests.create)).code).to.equal(
      'REQUEST_OUTCOME_UNKNOWN',
    );
    expect((await createHttpFixture([reset, busy(600)]).error(sampleRequests.create)).code).to.equal(
      'REQUEST_OUTCOME_UNKNOWN',
    );
    expect((await createHttpFixture([reset]).error(sampleRequests.update)).code).to.equal('NETWORK');
    expect((await createHttpFixture([{ status: 502 }]).error(sampleRequests.update)).code).to.equal(
      'UNAVAILABLE',
    );
  });

  it('gives up after the attempts of the manifest', async () => {
    const stage = createHttpFixture([reset]);
    expect(await stage.error()).to.include({ code: 'NETWORK', retryable: true });
    expect(stage.sent).to.have.length(4);
  });

  it('a timeout is called a timeout', async () => {
    const stage = createHttpFixture([{ hangs: 'listens' }]);
    expect((await stage.error()).code).to.equal('TIMEOUT');
    expect(stage.sent, 'no attempt starts after the budget').to.have.length(2);
  });
});

describe('http: failures before anything was sent', () => {
  for (const code of ['ECONNREFUSED', 'ENOTFOUND', 'EAI_AGAIN', 'CERT_HAS_EXPIRED']) {
    it(`a POST is tried again after ${code}, and fails as NETWORK`, async () => {
      const stage = createHttpFixture([{ fails: code }, ok]);
      expect(await stage.send(sampleRequests.once)).to.include({ attempts: 2, ambiguous: false });
      expect((await createHttpFixture([{ fails: code }]).error(sampleRequests.once)).code).to.equal(
        'NETWORK',
      );
    });
  }

  it('a certificate that cannot be trusted names the remedy', async () => {
    const error = await createHttpFixture([{ fails: 'DEPTH_ZERO_SELF_SIGNED_CERT' }]).error();
    expect(error.advice).to.match(/NODE_EXTRA_CA_CERTS/);
  });

  it('the code is found in the causes of an error, as other senders hide it', async () => {
    const send = async () => {
      throw new TypeError('fetch failed', { cause: new AggregateError([{ code: 'ECONNREFUSED' }]) });
    };
    const stage = createHttpFixture([]);
    const world = { send, clock: stage.clock, random: () => 0, log: () => {} };
    const error = await createHttpFixture([], { services: world }).error(sampleRequests.once);
    expect(error.message).to.match(/ECONNREFUSED.*nothing was sent/);
  });
});

describe('http: no token to be had', () => {
  const failing = (times: number, ...fault: ConstructorParameters<typeof ConnectorError>) => {
    let left = times;
    const tokens: TokenSource = {
      async getToken() {
        if (left-- > 0) throw new ConnectorError(...fault);
        return { token: new Secret('token'), expiresAt: Infinity };
      },
    };
    return tokens;
  };

  for (const code of ['NETWORK', 'TIMEOUT', 'UNAVAILABLE'] as const) {
    it(`${code} of the authority is waited out, also for a POST: nothing was sent`, async () => {
      const stage = createHttpFixture([ok], { tokens: failing(2, code, 'No luck.') });
      expect(await stage.send(sampleRequests.once)).to.include({
        status: 200,
        attempts: 1,
        ambiguous: false,
      });
      expect(stage.clock.slept).to.have.length(2);
    });

    it(`${code} of the authority that stays keeps its name`, async () => {
      const stage = createHttpFixture([ok], { tokens: failing(Infinity, code, 'No luck.') });
      const error = await stage.error(sampleRequests.once);
      expect([error.code, error.message]).to.deep.equal([code, 'No luck.']);
      expect(stage.clock.slept).to.have.length(3);
      expect(stage.sent).to.deep.equal([]);
    });
  }

  it('an authority that asks for patience gets it', async () => {
    const stage = createHttpFixture([ok], {
      tokens: failing(1, 'THROTTLED', 'Slow down.', { retryAfterMs: 9000 }),
    });
    await stage.send(sampleRequests.once);
    expect(stage.clock.slept[0]).to.be.within(9_000, 9_450);
  });

  it('patience beyond the budget fails at once and says when to come back', async () => {
    const tokens = failing(1, 'THROTTLED', 'Slow down.', { retryAfterMs: 600_000 });
    const stage = createHttpFixture([ok], { tokens });
    const error = await stage.error(sampleRequests.once);
    expect(error.code).to.equal('THROTTLED');
    expect(error.details.retryAfterMs).to.equal(600_000);
    expect(stage.clock.slept).to.deep.equal([]);
  });

  it('a sign-in that has ended is not asked for again', async () => {
    const stage = createHttpFixture([ok], { tokens: failing(1, 'RECONNECT_NEEDED', 'Over.') });
    expect((await stage.error()).code).to.equal('RECONNECT_NEEDED');
    expect(stage.clock.slept).to.deep.equal([]);
  });

  it('a token that could not be renewed after a 401 is asked for again', async () => {
    const asked: boolean[] = [];
    const tokens: TokenSource = {
      async getToken({ rejectedToken } = {}) {
        asked.push(rejectedToken !== undefined);
        if (asked.length === 2) throw new ConnectorError('UNAVAILABLE', 'Not now.');
        return { token: new Secret(`token ${asked.length}`), expiresAt: Infinity };
      },
    };
    const stage = createHttpFixture([{ status: 401 }, { status: 401 }, ok], { tokens });
    expect((await stage.send()).status).to.equal(200);
    expect(asked).to.deep.equal([false, true, false, true]);
  });

  it('a write that may have been carried out stays unknown, whatever becomes of the token', async () => {
    let asked = 0;
    const tokens: TokenSource = {
      async getToken() {
        asked += 1;
        if (asked > 1) throw new ConnectorError('UNAVAILABLE', 'Not now.');
        return { token: new Secret('token'), expiresAt: Infinity };
      },
    };
    const stage = createHttpFixture([reset], { tokens });
    expect((await stage.error(sampleRequests.create)).code).to.equal('REQUEST_OUTCOME_UNKNOWN');
  });
});

describe('http: backoff and its reserve', () => {
  it('backs off exponentially with full jitter', async () => {
    const stage = createHttpFixture([reset, reset, reset, ok]);
    await stage.send();
    expect(stage.clock.slept).to.deep.equal([250, 500, 1000]);
  });

  it('in an outage a connection adds at most ten per cent load', async () => {
    const stage = createHttpFixture([{ status: 503 }]);
    for (let n = 0; n < 600; n++) await stage.error();
    expect(stage.sent.length - 600).to.be.at.most(60);
    expect(stage.sent.length - 600).to.be.at.least(50);
  });

  it('waits for 429 draw nothing from the reserve', async () => {
    const stage = createHttpFixture([...Array<ScriptedResponse>(70).fill(busy(0)), reset, ok]);
    expect((await stage.send()).attempts).to.equal(72);
  });

  it('in good times every tenth call earns one repeat', async () => {
    let broken = true;
    const stage = createHttpFixture([() => (broken ? { status: 503 } : ok)]);
    for (let n = 0; n < 60; n++) await stage.error();
    broken = false;
    for (let n = 0; n < 10; n++) await stage.send();
    broken = true;
    const before = stage.sent.length;
    for (let n = 0; n < 3; n++) await stage.error();
    expect(stage.sent.length - before).to.be.within(4, 5);
  });

  it('after the outage the reserve grows again', async () => {
    let broken = true;
    const stage = createHttpFixture([() => (broken ? { status: 503 } : ok)]);
    for (let n = 0; n < 100; n++) await stage.error();
    broken = false;
    for (let n = 0; n < 50; n++) await stage.send();
    broken = true;
    const before = stage.sent.length;
    await stage.error();
    expect(stage.sent.length - before).to.equal(4);
  });
});

describe('http: aborting', () => {
  it('an aborted signal sends nothing', async () => {
    const stage = createHttpFixture([ok]);
    const error = await stage.error({ signal: AbortSignal.abort() });
    expect(error.code).to.equal('ABORTED');
    expect(stage.sent).to.have.length(0);
    expect(stage.tokens).to.have.length(0);
  });

  it('an aborted read leaves nothing to look at', async () => {
    const controller = new AbortController();
    const stage = createHttpFixture([
      () => {
        setImmediate(() => controller.abort());
        return { hangs: 'listens' };
      },
    ]);
    expect((await stage.error({ signal: controller.signal })).advice).to.equal('Nothing to do.');
  });

  it('a call leaves no timer and no listener behind', async () => {
    const { signal } = new AbortController();
    const stage = createHttpFixture([reset, busy(1), { breaks: 200 }, ok]);
    await stage.send({ signal });
    expect(stage.clock.sleeping()).to.equal(0);
    expect(getEventListeners(signal, 'abort')).to.have.length(0);
  });

  const stuck = {
    'the sender is deaf to signals': 'deaf',
    'no header has come': 'listens',
    'the body is half read': 'in-body',
  } as const;
  for (const [when, hangs] of Object.entries(stuck)) {
    it(`the caller can abort while ${when}, and learns that the work may be done`, async () => {
      const controller = new AbortController();
      const stage = createHttpFixture([
        () => {
          setImmediate(() => controller.abort());
          return { hangs };
        },
      ]);
      const error = await stage.error({ ...sampleRequests.once, signal: controller.signal });
      expect(error.code).to.equal('ABORTED');
      expect(error.advice).to.match(/may have been carried out/);
      expect(stage.sent).to.have.length(1);
    });
  }

  it('the caller can abort a wait, and nothing more is sent', async () => {
    const controller = new AbortController();
    const { clock } = createHttpFixture([]);
    let sent = 0;
    const world = {
      send: async () => ({ status: 429, headers: { 'retry-after': String(sent++) }, body: empty() }),
      clock: { ...clock, sleep: (_: number, signal?: AbortSignal) => whenAborted(signal) },
      random: () => 0,
      log: () => setImmediate(() => controller.abort()),
    };
    const error = await createHttpFixture([], { services: world }).error({ signal: controller.signal });
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
