import type { Model } from '../model/types.ts';
import type { OrganizationStore } from '../store/types.ts';
import { advanceEntitlements } from './entitlements.ts';
import { advanceKnowledgeArticles } from './knowledge-articles.ts';
import { advanceServiceLevels } from './service-level-deadlines.ts';

/** What the passing of time changes in a table. */
interface Timer {
  /** The table whose rows say what is due when. */
  readonly table: string;
  /** Changes rows whose time has come. Returns when the next change is due, in milliseconds since the epoch. */
  readonly advance: (store: OrganizationStore, nowMs: number) => number;
}

const timers: readonly Timer[] = [
  { table: 'slakpiinstance', advance: advanceServiceLevels },
  { table: 'entitlement', advance: advanceEntitlements },
  { table: 'knowledgearticle', advance: advanceKnowledgeArticles },
];

/** What was found when the timers were last checked. */
interface Checked {
  /** Another one when the content of the store was replaced. */
  readonly model: Model;
  readonly currentVersion: string;
  readonly visibleVersion: string;
  /** When the next change of each timer is due. */
  readonly dueMs: ReadonlyMap<Timer, number>;
  readonly binDueMs: number;
}

/**
 * Does what the passing of time does in Dataverse: SLA KPIs fail, entitlements expire, articles are published, deleted
 * rows are lost. Called before each request, so that a test sees the effect of its clock. Rows of a table are read only
 * when one of them was written or a change is due.
 */
export function createTimers(store: OrganizationStore, now: () => number): () => void {
  let checked: Checked | undefined;
  return () => {
    const nowMs = now();
    if (checked && !mayBeDue(checked, store, nowMs)) return;
    const before = checked?.model === store.model ? checked : undefined;
    const due = store.transaction(() => ({
      dueMs: new Map(timers.map((timer) => [timer, advance(timer, { store, nowMs, before })])),
      binDueMs: store.bin.removeExpired(nowMs),
    }));
    checked = { ...versionsOf(store), ...due };
  };
}

/** Returns when the next change of a timer is due. Reads rows if one was written since, or a change is due. */
function advance(
  timer: Timer,
  {
    store,
    nowMs,
    before,
  }: { readonly store: OrganizationStore; readonly nowMs: number; readonly before: Checked | undefined },
): number {
  const knownMs = before?.dueMs.get(timer);
  if (before === undefined || knownMs === undefined || nowMs >= knownMs) return timer.advance(store, nowMs);
  const isUnchanged = store.countChanges(timer.table, before.visibleVersion) === 0;
  return isUnchanged ? knownMs : timer.advance(store, nowMs);
}

function mayBeDue(
  { dueMs, binDueMs, ...versions }: Checked,
  store: OrganizationStore,
  nowMs: number,
): boolean {
  const { model, currentVersion, visibleVersion } = versionsOf(store);
  const isSame =
    versions.model === model &&
    versions.currentVersion === currentVersion &&
    versions.visibleVersion === visibleVersion;
  return !isSame || nowMs >= Math.min(binDueMs, ...dueMs.values());
}

/** A write that becomes visible late has a version after the visible one of before. */
const versionsOf = (store: OrganizationStore) => ({
  model: store.model,
  currentVersion: store.currentVersion(),
  visibleVersion: store.visibleVersion(),
});
