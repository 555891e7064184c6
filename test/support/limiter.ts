import { createMemoryStore } from '../../src/client/memory-store.ts';
import { createLimiter, type Limiter } from '../../src/http/rate-limit/limiter.ts';
import { defaultServiceLimits, type ServiceLimits } from '../../src/http/rate-limit/service-limits.ts';
import { createSharedBudget } from '../../src/http/rate-limit/shared-budget.ts';
import type { Clock } from '../../src/model/runtime-services.ts';

/** Creates a limiter that shares its budget with no other limiter. */
export function createLocalLimiter(clock: Clock, limits: ServiceLimits = defaultServiceLimits): Limiter {
  return createLimiter({
    clock,
    limits,
    id: 'local',
    budget: createSharedBudget(createMemoryStore(), 'rate-limit'),
  });
}
