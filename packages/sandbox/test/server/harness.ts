import { connect } from 'node:net';
import type { Clock } from 'dynamics365-connector';
import { type ExchangeLog, RecordedExchanges } from '../../src/exchanges/exchange-log.ts';
import { createRequestFaultPlan, type FaultPlan } from '../../src/faults/fault-plan.ts';
import { parseFault } from '../../src/faults/parse-fault.ts';
import { createRequestLimiter, defaultLimits, type LimitSettings } from '../../src/limits/limiter.ts';
import { createSeededRandom } from '../../src/random.ts';
import { listen } from '../../src/server/listen.ts';
import { createOrganizationHandler } from '../../src/server/organization-handler.ts';
import type { WebApiRequest, WebApiResponse } from '../../src/web-api/types.ts';

/** A clock that only tests and `sleep` move. */
export interface TestClock extends Clock {
  advance(ms: number): void;
}

export function testClock(start = Date.UTC(2026, 0, 31, 8, 30)): TestClock {
  let time = start;
  return {
    now: () => time,
    advance(ms) {
      time += ms;
    },
    async sleep(ms) {
      time += ms;
    },
  };
}

/** The listener of an organization with a stub as Web API: requests are recorded, responses can be set. */
export interface HandlerHarness {
  readonly origin: string;
  readonly port: number;
  readonly clock: TestClock;
  readonly faults: FaultPlan;
  readonly exchanges: ExchangeLog;
  readonly limits: LimitSettings;
  /** Requests that reached the Web API. */
  readonly received: (WebApiRequest & { readonly lateMs: number | undefined })[];
  respond: (request: WebApiRequest) => WebApiResponse | Promise<WebApiResponse>;
  get(path?: string, headers?: Record<string, string>): Promise<Response>;
  /** Sends raw bytes and returns what was received until the connection ended or was idle for `quietMs`. */
  raw(
    bytes: string | Uint8Array,
    quietMs?: number,
  ): Promise<{ text: string; end: 'closed' | 'reset' | 'quiet' }>;
  close(): Promise<void>;
}

export const BODY = JSON.stringify({ value: 'row '.repeat(200) });
export const getRows =
  'GET /api/data/v9.2/rows HTTP/1.1\r\nHost: 127.0.0.1\r\nConnection: close\r\nAuthorization: Bearer member\r\n\r\n';

export async function startOrganizationHandler(): Promise<HandlerHarness> {
  const listener = await listen();
  const clock = testClock();
  const settings = defaultLimits();
  const faults = createRequestFaultPlan(() => 0.5);
  const exchanges = new RecordedExchanges(clock.now);
  const harness: HandlerHarness = {
    origin: listener.origin,
    port: Number(new URL(listener.origin).port),
    clock,
    faults,
    exchanges,
    limits: settings,
    received: [],
    respond: () => ({ status: 200, headers: { 'Content-Type': 'application/json' }, body: BODY }),
    get: (path = '/api/data/v9.2/rows', headers = {}) =>
      fetch(listener.origin + path, { headers: { authorization: 'Bearer member', ...headers } }),
    raw: (bytes, quietMs = 120_000) => sendRawBytes(Number(new URL(listener.origin).port), bytes, quietMs),
    close: () => listener.close(),
  };
  listener.serve(
    createOrganizationHandler({
      origin: listener.origin,
      organizationId: '6f1f8d7a-2c5e-4d0b-9a51-0b5b8f3d2c11',
      clock,
      random: createSeededRandom(1),
      limiter: createRequestLimiter(settings, clock.now),
      faults,
      exchanges,
      authorizationUri: 'http://127.0.0.1:1/tenant/oauth2/authorize',
      verifyToken: (authorization) => {
        const name = /^Bearer (member|non-member)$/.exec(authorization ?? '')?.[1];
        return name ? { objectId: name, clientId: 'app', isApp: false } : undefined;
      },
      resolveCaller: ({ objectId }) =>
        objectId === 'member' ? { userId: 'user-1', isMember: true } : undefined,
      handle: (request, lateMs) => {
        harness.received.push({ ...request, lateMs });
        return harness.respond(request);
      },
      admin: {
        secret: 'admin-secret',
        commands: {
          faults: (input) => void faults.add(parseFault(input)),
          'clear-faults': () => faults.clear(),
          'show-limits': () => settings,
        },
      },
    }),
  );
  return harness;
}

function sendRawBytes(
  port: number,
  bytes: string | Uint8Array,
  quietMs: number,
): Promise<{ text: string; end: 'closed' | 'reset' | 'quiet' }> {
  return new Promise((resolve) => {
    const chunks: Buffer[] = [];
    const socket = connect(port, '127.0.0.1', () => socket.write(bytes));
    const finish = (end: 'closed' | 'reset' | 'quiet') => {
      socket.destroy();
      resolve({ text: Buffer.concat(chunks).toString('latin1'), end });
    };
    socket.setTimeout(quietMs, () => finish('quiet'));
    socket.on('data', (chunk) => chunks.push(chunk));
    socket.on('end', () => finish('closed'));
    socket.on('error', () => finish('reset'));
  });
}
