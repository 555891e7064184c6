import { nullGuid } from '../guid.ts';
import { formatDateTime } from '../store/date-time.ts';
import type { ColumnValues, OrganizationStore, StoredRow } from '../store/types.ts';
import { findRows, readReferenced } from './find-rows.ts';
import { kpiStatus, showOnCase } from './service-levels.ts';

/**
 * Moves SLA KPI instances on whose warning time or failure time has passed: to Nearing Noncompliance or Noncompliant,
 * with that time as the time of the change. Returns when the next one is due.
 */
export function advanceServiceLevels(store: OrganizationStore, nowMs: number): number {
  const select = ['status', 'warningtime', 'failuretime', 'createdby', 'regarding'];
  const open = findRows(store, 'slakpiinstance', 'status eq 0 or status eq 2', { select });
  const dues = open.flatMap((instance) => duesOf(instance).map((due) => ({ ...due, instance })));
  const due = dues.filter(({ atMs }) => atMs <= nowMs).sort((a, b) => a.atMs - b.atMs);
  for (const each of due) apply(store, each);
  return Math.min(...dues.filter(({ atMs }) => atMs > nowMs).map(({ atMs }) => atMs));
}

interface Due {
  readonly atMs: number;
  readonly status: number;
}

function duesOf({ values }: StoredRow): readonly Due[] {
  const timeOf = (value: unknown) =>
    typeof value === 'string' ? Date.parse(value) : Number.POSITIVE_INFINITY;
  const warning = { atMs: timeOf(values.warningtime), status: kpiStatus.nearingNoncompliance };
  const failure = { atMs: timeOf(values.failuretime), status: kpiStatus.noncompliant };
  return values.status === kpiStatus.inProgress ? [warning, failure] : [failure];
}

function apply(store: OrganizationStore, { atMs, status, instance }: Due & { readonly instance: StoredRow }) {
  const actor = { userId: String((instance.values.createdby as { id?: string } | null)?.id ?? nullGuid) };
  const isFailure = status === kpiStatus.noncompliant;
  const values: ColumnValues = isFailure
    ? { status, terminalstatereached: true, terminalstatetime: formatDateTime(atMs) }
    : { status, warningtimereached: 1 };
  store.withTime(atMs, () => {
    const updated = store.update({ table: 'slakpiinstance', id: instance.id, values, actor });
    const row = readReferenced(store, instance.values.regarding);
    if (row?.table === 'incident') showOnCase(store, { row, instance: updated, actor });
  });
}
