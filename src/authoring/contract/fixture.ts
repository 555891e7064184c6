import type { ResolvedCredential } from '../../auth/resolved-credential.ts';
import { createLimiters } from '../../client/limiters.ts';
import { createMemoryStore } from '../../client/memory-store.ts';
import type { Runtime } from '../../client/runtime.ts';
import type { HttpSender } from '../../model/http.ts';
import type { LogEvent, RuntimeServices } from '../../model/runtime-services.ts';
import { createCompiledActions } from '../../run/compile-action.ts';

/** The environment of contract tests. Nothing is sent to it. */
export const testOrigin = 'https://contoso.crm.dynamics.com';

/**
 * The access token of contract tests. It may appear in the `authorization` header only. Like those of Entra, it names
 * its user (claim `oid`), so that no test has to answer WhoAmI.
 */
export const testToken = 'test.eyJvaWQiOiI0ZjFkMmI2ZS0wYzVhLTRkNTctOGY2ZS0yYTliN2MzZDFlMDUifQ.3f9a1c77';

/** Services with a clock that only `sleep` and `setTime` move, ids that count up from 1, and a recorded log. */
export interface TestServices extends RuntimeServices {
  readonly events: readonly LogEvent[];
  /** The duration of each sleep so far, in milliseconds. */
  readonly sleeps: readonly number[];
  setTime(epochMs: number): void;
}

/** Creates test services that send requests with the given sender. */
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
        // A sleep with a signal is a timeout, which must not end before its request.
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

/** A runtime that uses test services. */
export function withTestServices(
  { definition, validator }: Pick<Runtime, 'definition' | 'validator'>,
  services: TestServices,
): Runtime {
  return {
    definition,
    validator,
    compiled: createCompiledActions(),
    services,
    limiters: createLimiters(services),
  };
}

/** The credential of contract tests. */
export const testCredential: ResolvedCredential = {
  kind: 'host',
  getToken: () => ({ token: testToken, expiresAt: Number.MAX_SAFE_INTEGER }),
};
