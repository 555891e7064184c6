/**
 * Why a target did not take an event. `refused`: it refuses this event and works otherwise. `unavailable`: it does not
 * work now. `gone`: it does not exist any more.
 */
export type DeliveryFailureKind = 'refused' | 'unavailable' | 'gone';

/** Thrown by a delivery to say what the worker should do. Any other error counts as `unavailable`. */
export class DeliveryError extends Error {
  override readonly name = 'DeliveryError';
  readonly kind: DeliveryFailureKind;
  /** The wait that the target requested, in milliseconds. */
  readonly retryAfterMs: number | undefined;

  constructor(kind: DeliveryFailureKind, message: string, retryAfterMs?: number) {
    super(message);
    this.kind = kind;
    this.retryAfterMs = retryAfterMs;
  }
}

/** Whether an error is a DeliveryError, also of another copy of this package: a handler can have its own. */
export function isDeliveryError(error: unknown): error is DeliveryError {
  return error instanceof Error && error.name === 'DeliveryError' && 'kind' in error;
}
