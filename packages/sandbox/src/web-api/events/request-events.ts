import type { OrganizationStore } from '../../store/types.ts';
import { type RegisteredStep, readEnabledSteps } from './steps.ts';

/** What the events of one request share. Everything is created on first use. */
export interface RequestEvents {
  /** Identifies the request in contexts, headers and system jobs. */
  readonly correlationId: string;
  readonly requestId: string;
  /** The steps that were enabled when the first event of the request was raised. */
  readonly steps: readonly RegisteredStep[];
}

export function createRequestEvents(store: OrganizationStore, newId: () => string): RequestEvents {
  let ids: { readonly correlationId: string; readonly requestId: string } | undefined;
  let steps: readonly RegisteredStep[] | undefined;
  const getIds = () => {
    ids ??= { correlationId: newId(), requestId: newId() };
    return ids;
  };
  return {
    get correlationId() {
      return getIds().correlationId;
    },
    get requestId() {
      return getIds().requestId;
    },
    get steps() {
      steps ??= readEnabledSteps(store);
      return steps;
    },
  };
}
