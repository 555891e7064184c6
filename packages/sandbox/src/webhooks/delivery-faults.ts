import type { FaultSchedule } from '../faults/fault.ts';

/** What goes wrong when an asynchronous webhook is delivered. */
export type DeliveryFaultEffect =
  /** The event is lost: its system job succeeds, but nothing is sent. */
  | { readonly kind: 'drop' }
  /** The event is sent twice. */
  | { readonly kind: 'duplicate' }
  /** The event is sent `ms` milliseconds later. Later events pass it. */
  | { readonly kind: 'delay'; readonly ms: number }
  /** The event is sent after the next one, or after a minute when there is none. */
  | { readonly kind: 'reorder' };

/** A fault with the deliveries that it applies to. */
export type DeliveryFault = DeliveryFaultEffect &
  FaultSchedule & {
    /** Only events of this table (logical name). */
    readonly table?: string;
    /** Only events of this message: `Create`, `Update`, `Delete`. */
    readonly message?: string;
  };

/** Whether a fault applies to the delivery of an event. */
export const appliesToDelivery = (
  fault: DeliveryFault,
  event: { readonly table: string; readonly message: string },
): boolean =>
  (fault.table === undefined || fault.table === event.table) &&
  (fault.message === undefined || fault.message === event.message);
