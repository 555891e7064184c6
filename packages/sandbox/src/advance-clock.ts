import type { JsonObject } from 'dynamics365-connector';
import { checkMembers, controlError } from './control-error.ts';
import type { SandboxClock } from './sandbox-clock.ts';

const maxTimeMs = Date.UTC(9999, 0, 1);

/** Moves the clock of the sandbox. Returns its time. */
export function advanceClock(clock: SandboxClock, input: JsonObject): { readonly now: string } {
  checkMembers(input, ['advanceMs']);
  const { advanceMs } = input;
  const isValid = typeof advanceMs === 'number' && advanceMs >= 0 && clock.now() + advanceMs <= maxTimeMs;
  if (!isValid)
    throw controlError(
      '/advanceMs',
      'Parameter "advanceMs" must be a number of milliseconds of at least 0, and the clock must stay before the year 9999.',
      'Send for example {"advanceMs": 3600000} for one hour.',
    );
  clock.advance(advanceMs);
  return { now: new Date(clock.now()).toISOString() };
}
