import { createMemoryStore } from '../../src/client/memory-store.ts';
import { createLimiter, type Limiter } from '../../src/http/pace/limiter.ts';
import { defaultServiceLimits, type ServiceLimits } from '../../src/http/pace/limits.ts';
import { createSharedBudget } from '../../src/http/pace/shared-budget.ts';
import type { Clock } from '../../src/model/world.ts';

/** A limiter that nobody else knows. */
export function lonelyLimiter(clock: Clock, limits: ServiceLimits = defaultServiceLimits): Limiter {
  return createLimiter({
    clock,
    limits,
    id: 'alone',
    budget: createSharedBudget(createMemoryStore(), 'pace'),
  });
}
