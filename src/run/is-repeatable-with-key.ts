import type { ActionDefinition } from '../model/definition.ts';
import { handlerCatalog } from '../model/handlers.ts';

/** Whether a call that may have been sent can be sent again with the same idempotency key, without a second effect. */
export function isRepeatableWithKey({ effects, request, handler }: ActionDefinition): boolean {
  if (effects.readOnly || effects.idempotent) return true;
  if (handler === undefined) return request.safety !== 'once';
  return handler !== 'runSteps' && 'keyed' in handlerCatalog[handler];
}
