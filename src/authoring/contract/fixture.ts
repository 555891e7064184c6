import type { Credential } from '../../auth/create-token-source.ts';
import { createLimiters } from '../../client/limiters.ts';
import { createMemoryStore } from '../../client/memory-store.ts';
import type { Runtime } from '../../client/runtime.ts';
import type { HttpSender } from '../../model/http.ts';
import type { LogEvent, RuntimeServices } from '../../model/runtime-services.ts';

/** Where contract tests play: an environment that exists nowhere. */
export const testOrigin = 'https://contoso.crm.dynamics.com';

/** The token that tests run with; it must never be seen anywhere but in the `authorization` header. */
export const testToken = 'stage-token-3f9a1c77';

/** A world that stands still: sleeping moves the clock, ids count up from 1, the log is kept. */
export interface TestServices extends RuntimeServices {
  readonly events: readonly LogEvent[];
  /** Milliseconds slept so far, one entry a sleep. */
  readonly sleeps: readonly number[];
  setTime(epochMs: number): void;
}

/** Creates a world over a sender. */
export function createTestServices(send: HttpSender, startMs = Date.UTC(2026, 0, 15, 9)): TestServices {
  const events: LogEvent[] = [];
  const sleeps: number[] = [];
  let time = startMs;
  let idCount = 0;
  return {
    send,
    events,
    sleeps,
    setTime(epochMs) {
      time = epochMs;
    },
    clock: {
      now: () => time,
      async sleep(ms, signal) {
        // A timeout's sleep is raced against its request and must not win by being instant.
        if (signal !== undefined) return await new Promise(() => {});
        sleeps.push(ms);
        time += ms;
      },
    },
    random: () => 0.5,
    uuid: () => `00000000-0000-4000-8000-${String(++idCount).padStart(12, '0')}`,
    log: (event) => events.push(event),
    store: createMemoryStore(),
  };
}

/** A runtime that plays in such a world. */
export function withTestServices(
  runtime: Pick<Runtime, 'definition' | 'validator'>,
  services: TestServices,
): Runtime {
  return { ...runtime, services, limiters: createLimiters(services) };
}

/** A credential for the stage. */
export const testCredential: Credential = {
  kind: 'host',
  getToken: () => ({ token: testToken, expiresAt: Number.MAX_SAFE_INTEGER }),
};
