import type { OrganizationStore } from '../store/types.ts';
import { advanceEntitlements } from './entitlements.ts';
import { advanceKnowledgeArticles } from './knowledge-articles.ts';
import { advanceServiceLevels } from './service-level-deadlines.ts';

/** Changes rows whose time has come. Returns when the next change is due, in milliseconds since the epoch. */
type Timer = (store: OrganizationStore, nowMs: number) => number;

const timers: readonly Timer[] = [
  advanceServiceLevels,
  advanceEntitlements,
  advanceKnowledgeArticles,
  (store, nowMs) => store.bin.removeExpired(nowMs),
];

/**
 * Does what the passing of time does in Dataverse: SLA KPIs fail, entitlements expire, articles are published, deleted
 * rows are lost. Called before each request, so that a test sees the effect of its clock. Rows are read only when
 * something was written or a change is due.
 */
export function createTimers(store: OrganizationStore, now: () => number): () => void {
  let checkedVersion = '';
  let nextDueMs = Number.POSITIVE_INFINITY;
  return () => {
    if (store.currentVersion() === checkedVersion && now() < nextDueMs) return;
    nextDueMs = store.transaction(() => Math.min(...timers.map((timer) => timer(store, now()))));
    checkedVersion = store.currentVersion();
  };
}
