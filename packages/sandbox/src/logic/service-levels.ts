import { formatDateTime } from '../store/date-time.ts';
import { referenceId } from '../store/entity-reference.ts';
import { DataverseError } from '../store/errors.ts';
import type { Actor, ColumnValues, OrganizationStore, StoredRow } from '../store/types.ts';
import { findRows, readReferenced } from './find-rows.ts';
import type { RowChange, TableLogic } from './table-logic.ts';

/** States of an SLA KPI instance. */
export const kpiStatus = {
  inProgress: 0,
  noncompliant: 1,
  nearingNoncompliance: 2,
  paused: 3,
  succeeded: 4,
  canceled: 5,
} as const;

/** The columns of a case that show a KPI: the deadline and the status (1 in progress … 4 noncompliant). */
interface CaseKpi {
  readonly name: string;
  readonly deadline: string;
  readonly status: string;
}

const caseKpis: Readonly<Record<string, CaseKpi>> = {
  firstresponsebykpiid: {
    name: 'First Response By KPI',
    deadline: 'responseby',
    status: 'firstresponseslastatus',
  },
  resolvebykpiid: { name: 'Resolve By KPI', deadline: 'resolveby', status: 'resolvebyslastatus' },
};

/** The status of a KPI in the columns of the case. */
const caseStatus: Readonly<Record<number, number>> = {
  [kpiStatus.inProgress]: 1,
  [kpiStatus.nearingNoncompliance]: 2,
  [kpiStatus.succeeded]: 3,
  [kpiStatus.noncompliant]: 4,
};

const minuteMs = 60_000;
/** The status reason On Hold, which pauses the KPIs of an SLA that allows it. */
const onHold = 2;
const caseTypeCode = 112;

/**
 * The service level agreement of a case: KPI instances with their deadlines, which succeed, pause and resume with the
 * case. The clock moves them on, see `advanceServiceLevels`.
 * https://learn.microsoft.com/dynamics365/customer-service/administer/define-service-level-agreements
 */
export const serviceLevelLogic: TableLogic = {
  before: countHoldTime,
  after(change, row) {
    if (!change.current || change.values.slaid !== undefined) applyServiceLevel(change, row);
    else followCase(change, change.current, row);
  },
};

/** The time on hold of a case: when the last hold began, and the minutes of those that ended. */
function countHoldTime({ values, current, nowMs }: RowChange): ColumnValues {
  const before = current?.values.statuscode;
  const after = values.statuscode ?? before;
  if (!current?.values.slainvokedid || before === after) return values;
  if (after === onHold) return { ...values, lastonholdtime: formatDateTime(nowMs) };
  if (before !== onHold) return values;
  const since = Date.parse(String(current.values.lastonholdtime ?? formatDateTime(nowMs)));
  const minutes = Math.floor((nowMs - since) / minuteMs);
  return { ...values, onholdtime: Number(current.values.onholdtime ?? 0) + minutes };
}

/** Applies the SLA of a case and creates an instance of each of its KPIs. */
function applyServiceLevel(change: RowChange, row: StoredRow): void {
  const { store, actor } = change;
  const sla = findServiceLevel(change, row);
  if (!sla) return;
  if (sla.values.statecode !== 1) {
    throw new DataverseError(400, '0x80055001', 'Only active SLA can be applied to the record.');
  }
  cancelInstances(store, row, actor);
  const columns = itemsByKpi(store, sla).map(([kpi, item]) =>
    createInstance(change, { row, sla, kpi, item }),
  );
  const slainvokedid = { table: 'sla', id: sla.id };
  const values = Object.assign({ slainvokedid }, ...columns);
  store.update({ table: 'incident', id: row.id, values, actor });
}

/** The SLA that a case names; that of its entitlement; for a new case the default SLA. */
function findServiceLevel({ store, current }: RowChange, { values }: StoredRow): StoredRow | undefined {
  const own = readReferenced(store, values.slaid);
  if (own || current) return own;
  const entitlement = readReferenced(store, values.entitlementid);
  return readReferenced(store, entitlement?.values.slaid) ?? findDefaultServiceLevel(store);
}

function findDefaultServiceLevel(store: OrganizationStore): StoredRow | undefined {
  return findRows(
    store,
    'sla',
    `isdefault eq true and statecode eq 1 and primaryentityotc eq ${caseTypeCode}`,
  )[0];
}

/** The first item of each KPI of an SLA. Conditions of items are not evaluated. */
function itemsByKpi(store: OrganizationStore, sla: StoredRow): readonly (readonly [string, StoredRow])[] {
  const items = findRows(store, 'slaitem', `_slaid_value eq ${sla.id}`, { orderBy: 'sequencenumber' });
  const byKpi = new Map<string, StoredRow>();
  for (const item of items) {
    const kpi = String(item.values.relatedfield ?? '').toLowerCase();
    if (!byKpi.has(kpi)) byKpi.set(kpi, item);
  }
  return [...byKpi];
}

interface NewInstance {
  readonly row: StoredRow;
  readonly sla: StoredRow;
  /** The lookup of the case, for example `resolvebykpiid`. */
  readonly kpi: string;
  readonly item: StoredRow;
}

/** Creates the instance of a KPI. Returns the columns of the case that show it. */
function createInstance(
  { store, actor, nowMs }: RowChange,
  { row, sla, kpi, item }: NewInstance,
): ColumnValues {
  const from = String(row.values[String(sla.values.applicablefrom ?? 'createdon')] ?? row.values.createdon);
  const after = (minutes: unknown): string | null =>
    typeof minutes === 'number' ? formatDateTime(Date.parse(from) + minutes * minuteMs) : null;
  const failuretime = after(item.values.failureafter);
  const isPaused = sla.values.allowpauseresume === true && row.values.statuscode === onHold;
  const { id } = store.insert(
    'slakpiinstance',
    {
      name: caseKpis[kpi]?.name ?? item.values.name ?? kpi,
      regarding: { table: 'incident', id: row.id },
      regardingentityid: row.id,
      status: isPaused ? kpiStatus.paused : kpiStatus.inProgress,
      pausedon: isPaused ? formatDateTime(nowMs) : null,
      applicablefromvalue: from,
      failuretime,
      computedfailuretime: failuretime,
      warningtime: after(item.values.warnafter),
      computedwarningtime: after(item.values.warnafter),
      ownerid: row.values.ownerid ?? null,
    },
    actor,
  );
  const shown = caseKpis[kpi];
  if (!shown) return {};
  return { [kpi]: { table: 'slakpiinstance', id }, [shown.deadline]: failuretime, [shown.status]: 1 };
}

/** Ends, pauses and resumes the KPI instances of a changed case. */
function followCase(change: RowChange, before: StoredRow, row: StoredRow): void {
  if (!row.values.slainvokedid) return;
  const { store } = change;
  const isNew = (column: string, value: unknown) =>
    before.values[column] !== value && row.values[column] === value;
  if (isNew('firstresponsesent', true)) succeed(change, row, ['firstresponsebykpiid']);
  if (isNew('statecode', 1)) succeed(change, row, undefined);
  if (isNew('statecode', 2)) cancelInstances(store, row, change.actor);
  const allowsPause = readReferenced(store, row.values.slainvokedid)?.values.allowpauseresume === true;
  if (!allowsPause || before.values.statuscode === row.values.statuscode) return;
  if (row.values.statuscode === onHold) pauseInstances(change, row);
  else if (before.values.statuscode === onHold && row.values.statecode === 0) resumeInstances(change, row);
}

/** The instances that have not ended. */
const openInstances = (store: OrganizationStore, { id }: Pick<StoredRow, 'id'>): readonly StoredRow[] =>
  findRows(
    store,
    'slakpiinstance',
    `_regarding_value eq ${id} and status ne 1 and status ne 4 and status ne 5`,
  );

function cancelInstances(store: OrganizationStore, row: StoredRow, actor: Actor): void {
  for (const { id } of openInstances(store, row)) {
    const values = { status: kpiStatus.canceled, terminalstatereached: true };
    store.update({ table: 'slakpiinstance', id, values, actor });
  }
}

/** Succeeds the open instances of these KPIs; without names, all except the first response that was not sent. */
function succeed({ store, actor, nowMs }: RowChange, row: StoredRow, kpis: readonly string[] | undefined) {
  const now = formatDateTime(nowMs);
  const idOf = (kpi: string) => referenceId(row.values[kpi]);
  const firstResponse = idOf('firstresponsebykpiid');
  const wasSent = row.values.firstresponsesent === true;
  const isMeant = ({ id }: StoredRow) =>
    kpis ? kpis.some((kpi) => idOf(kpi) === id) : id !== firstResponse || wasSent;
  for (const instance of openInstances(store, row).filter(isMeant)) {
    const ended = { terminalstatereached: true, terminalstatetime: now, successcheckedat: now };
    const values = { status: kpiStatus.succeeded, succeededon: now, ...ended };
    const updated = store.update({ table: 'slakpiinstance', id: instance.id, values, actor });
    showOnCase(store, { row, instance: updated, actor });
  }
}

function pauseInstances({ store, actor, nowMs }: RowChange, row: StoredRow): void {
  for (const { id } of openInstances(store, row)) {
    const values = { status: kpiStatus.paused, pausedon: formatDateTime(nowMs) };
    store.update({ table: 'slakpiinstance', id, values, actor });
  }
}

/** Moves the deadlines of paused instances by the time of the pause. */
function resumeInstances({ store, actor, nowMs }: RowChange, row: StoredRow): void {
  for (const instance of openInstances(store, row)) {
    const { pausedon, failuretime, warningtime } = instance.values;
    if (instance.values.status !== kpiStatus.paused || typeof pausedon !== 'string') continue;
    const pauseMs = nowMs - Date.parse(pausedon);
    const later = (time: unknown) =>
      typeof time === 'string' ? formatDateTime(Date.parse(time) + pauseMs) : null;
    const isLate = typeof warningtime === 'string' && Date.parse(warningtime) + pauseMs <= nowMs;
    const values = {
      status: isLate ? kpiStatus.nearingNoncompliance : kpiStatus.inProgress,
      ...{ pausedon: null, lastresumetime: formatDateTime(nowMs) },
      elapsedtime: Number(instance.values.elapsedtime ?? 0) + Math.floor(pauseMs / minuteMs),
      ...{ failuretime: later(failuretime), warningtime: later(warningtime) },
    };
    const updated = store.update({ table: 'slakpiinstance', id: instance.id, values, actor });
    showOnCase(store, { row, instance: updated, actor });
  }
}

/** Writes the status and the deadline of an instance to the columns of its case. */
export function showOnCase(
  store: OrganizationStore,
  { row, instance, actor }: { readonly row: StoredRow; readonly instance: StoredRow; readonly actor: Actor },
): void {
  for (const [kpi, { deadline, status }] of Object.entries(caseKpis)) {
    if (referenceId(row.values[kpi]) !== instance.id) continue;
    const shown = caseStatus[Number(instance.values.status)] ?? row.values[status] ?? null;
    const values = { [deadline]: instance.values.failuretime ?? null, [status]: shown };
    store.update({ table: row.table, id: row.id, values, actor });
  }
}
