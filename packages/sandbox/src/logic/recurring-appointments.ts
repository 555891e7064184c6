import { formatDateTime } from '../store/date-time.ts';
import { invalidArgument } from '../store/errors.ts';
import type { ColumnValues, OrganizationStore, StoredRow } from '../store/types.ts';
import { findRows } from './find-rows.ts';
import { findOccurrences, recurrenceColumns } from './recurrence.ts';
import type { RowChange, TableLogic } from './table-logic.ts';
import { timeMs } from './time-ms.ts';

/** `instancetypecode` of appointments. */
export const instanceType = { master: 1, instance: 2, exception: 3 } as const;
const expansion = { unexpanded: 0, partial: 1, full: 2 } as const;
const scheduled = { statecode: 3, statuscode: 5 } as const;
const minuteMs = 60_000;
/** The months before and after now for which instances are created, as in a new organization. */
const pastMonths = 3;
const futureMonths = 12;

/** The columns that instances have from their series. */
const copiedColumns = [
  ...['subject', 'description', 'location', 'category', 'subcategory', 'isalldayevent', 'prioritycode'],
  ...['regardingobjectid', 'ownerid'],
];

/**
 * A recurring appointment creates its instances, which are appointments.
 * https://learn.microsoft.com/power-apps/developer/data-platform/create-recurring-appointment-series-instance-exception
 */
export const recurringAppointmentLogic: TableLogic = {
  before: withTimes,
  after(change, row) {
    const { store, actor, values, current } = change;
    if (!current) {
      expand(change, row, addMonths(change.nowMs, -pastMonths));
      return;
    }
    if (recurrenceColumns.some((column) => values[column] !== undefined)) {
      for (const instance of openInstances(store, row.id)) {
        if (timeMs(instance.values.scheduledstart) >= change.nowMs) store.delete('appointment', instance.id);
      }
      expand(change, row, change.nowMs);
      return;
    }
    const copied = copyColumns(values);
    if (Object.keys(copied).length === 0) return;
    for (const { id, values: instance } of openInstances(store, row.id)) {
      if (instance.instancetypecode !== instanceType.instance) continue;
      store.update({ table: 'appointment', id, values: copied, actor });
    }
  },
  afterDelete({ id }, { store }) {
    for (const instance of openInstances(store, id)) store.delete('appointment', instance.id);
  },
};

/** An instance that gets other values than its series is an exception. */
export const appointmentLogic: TableLogic = {
  before({ values, current }) {
    const isInstance = current?.values.instancetypecode === instanceType.instance;
    const differs = ['scheduledstart', 'scheduledend', ...copiedColumns].some(
      (column) => values[column] !== undefined,
    );
    return isInstance && differs ? { instancetypecode: instanceType.exception, ...values } : values;
  },
};

/** The instances of a series that are neither completed nor canceled. */
export const openInstances = (store: OrganizationStore, seriesId: string): readonly StoredRow[] =>
  findRows(store, 'appointment', `seriesid eq ${seriesId} and (statecode eq 0 or statecode eq 3)`);

/** Checks the recurrence and completes the times of a series. */
function withTimes({ values, current, nowMs }: RowChange): ColumnValues {
  const isRecurrence = recurrenceColumns.some((column) => values[column] !== undefined);
  if (current && !isRecurrence) return values;
  const merged = { ...current?.values, ...values };
  const startMs = timeMs(merged.starttime);
  const endMs = Number.isNaN(timeMs(merged.endtime))
    ? startMs + Number(merged.duration ?? 30) * minuteMs
    : timeMs(merged.endtime);
  const isIncomplete = Number.isNaN(startMs) || Number.isNaN(timeMs(merged.patternstartdate));
  if (isIncomplete || (merged.patternendtype ?? null) === null) return values;
  if (endMs < startMs) throw invalidArgument('The end time of the series is before its start time.');
  const { starts } = findOccurrences(merged, addMonths(nowMs, futureMonths));
  const [first] = starts;
  if (first === undefined) return values;
  const durationMs = endMs - startMs;
  return {
    ...values,
    instancetypecode: instanceType.master,
    duration: durationMs / minuteMs,
    endtime: formatDateTime(endMs),
    effectivestartdate: formatDateTime(first).slice(0, 10),
    effectiveenddate: formatDateTime((starts.at(-1) ?? first) + durationMs),
    scheduledstart: formatDateTime(first),
    scheduledend: formatDateTime(first + durationMs),
  };
}

function addMonths(ms: number, months: number): number {
  const date = new Date(ms);
  date.setUTCMonth(date.getUTCMonth() + months);
  return date.getTime();
}

/** Creates the instances that start at `fromMs` or later. */
function expand({ store, actor, nowMs }: RowChange, row: StoredRow, fromMs: number): void {
  const { starts, isPartial } = findOccurrences(row.values, addMonths(nowMs, futureMonths));
  const durationMinutes = Number(row.values.duration ?? 0);
  const parties = findRows(store, 'activityparty', `_activityid_value eq ${row.id}`).filter(
    ({ values }) => typeof values.participationtypemask === 'number' && values.participationtypemask < 8,
  );
  for (const start of starts.filter((each) => each >= fromMs)) {
    const instance = store.insert(
      'appointment',
      {
        ...copyColumns(row.values),
        ...scheduled,
        scheduledstart: formatDateTime(start),
        scheduledend: formatDateTime(start + durationMinutes * minuteMs),
        scheduleddurationminutes: durationMinutes,
        originalstartdate: formatDateTime(start),
        instancetypecode: instanceType.instance,
        seriesid: row.id,
      },
      actor,
    );
    for (const { values } of parties) {
      const { partyid = null, participationtypemask = null, addressused = null } = values;
      const activityid = { table: 'appointment', id: instance.id };
      store.insert('activityparty', { partyid, participationtypemask, addressused, activityid }, actor);
    }
  }
  const last = starts.at(-1);
  const found = last === undefined ? expansion.unexpanded : expansion.partial;
  const values = {
    seriesid: row.id,
    lastexpandedinstancedate: last === undefined ? null : formatDateTime(last),
    expansionstatecode: isPartial ? found : expansion.full,
  };
  store.update({ table: row.table, id: row.id, values, actor });
}

const copyColumns = (values: ColumnValues): ColumnValues =>
  Object.fromEntries(
    copiedColumns.flatMap((column) => {
      const value = values[column];
      return value === undefined ? [] : [[column, value]];
    }),
  );
