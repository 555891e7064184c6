import { dayMs, startOfDay } from '../days.ts';
import { nullGuid } from '../guid.ts';
import { DataverseError } from '../store/errors.ts';
import type { ColumnValues, OrganizationStore, StoredRow } from '../store/types.ts';
import { findRows } from './find-rows.ts';
import type { RowChange, TableLogic } from './table-logic.ts';
import { timeMs } from './time-ms.ts';

/** States of an entitlement. */
export const entitlementState = { draft: 0, active: 1, cancelled: 2, expired: 3, waiting: 4 } as const;

const { draft, active, cancelled, expired, waiting } = entitlementState;
const waitingStatus = 1200;
/** The columns that can change when an entitlement is no draft. */
const freeColumns: ReadonlySet<string> = new Set(['statecode', 'statuscode', 'isdefault', 'ownerid']);

const refuse = (code: string, message: string) => new DataverseError(400, code, message);

/**
 * Entitlements: dates and terms, and the states that follow each other.
 * https://learn.microsoft.com/dynamics365/customer-service/administer/create-entitlement-define-support-terms-customer
 */
export const entitlementLogic: TableLogic = {
  before(change) {
    const { values, current } = change;
    const from = current ? Number(current.values.statecode) : draft;
    const to = Number(values.statecode ?? from);
    const isEdit = Object.keys(values).some((column) => !freeColumns.has(column));
    if (current && from !== draft && isEdit)
      throw refuse('0x80060613', 'You can only edit a draft entitlement.');
    const terms = isEdit || !current ? completeTerms(values, current) : values;
    checkDates({ ...current?.values, ...terms });
    return values.statecode === undefined ? terms : enterState(change, { values: terms, from, to });
  },
  beforeDelete({ values }) {
    if (values.statecode !== active && values.statecode !== waiting) return;
    throw refuse('0x80060601', 'You cannot delete an entitlement that is in active or waiting state');
  },
};

function checkDates({ startdate, enddate }: ColumnValues): void {
  if (timeMs(startdate) > timeMs(enddate))
    throw refuse('0x80060600', 'Start Date cannot be more than the End Date');
}

/** All terms remain at first. */
function completeTerms(values: ColumnValues, current: StoredRow | undefined): ColumnValues {
  const isTotalNew = values.totalterms !== undefined && values.remainingterms === undefined;
  const completed = isTotalNew ? { ...values, remainingterms: values.totalterms ?? null } : values;
  const { totalterms, remainingterms, allocationtypecode } = { ...current?.values, ...completed };
  if ((totalterms ?? null) === null) return completed;
  if ((allocationtypecode ?? 0) === 0 && !Number.isInteger(Number(totalterms))) {
    const message =
      "If the allocation type is the number of cases, the total terms can't be a decimal value. Specify a whole number.";
    throw refuse('0x80060619', message);
  }
  if (Number(remainingterms) > Number(totalterms)) {
    const message = "The number of remaining terms can't be greater than the number of total terms.";
    throw refuse('0x80060624', message);
  }
  return completed;
}

/** Checks that one state can follow another. An entitlement that has not begun waits. */
function enterState(
  { current, nowMs }: RowChange,
  { values, from, to }: { readonly values: ColumnValues; readonly from: number; readonly to: number },
): ColumnValues {
  checkTransition(from, to, current !== undefined);
  if (to !== active) return values;
  const all = { ...current?.values, ...values };
  if ((all.totalterms ?? null) === null)
    throw refuse('0x80060622', "Total terms can't be blank. Enter a value and try again.");
  if (timeMs(all.enddate) < startOfDay(nowMs)) {
    const message = "You can't activate the entitlement because it's expired.";
    throw refuse('0x80060617', message);
  }
  const hasBegun = timeMs(all.startdate) <= nowMs;
  return hasBegun ? values : { ...values, statecode: waiting, statuscode: waitingStatus };
}

function checkTransition(from: number, to: number, isUpdate: boolean): void {
  if (!isUpdate && to === draft) return;
  if (to === active && from === active)
    throw refuse('0x80060615', "You can't activate an entitlement when it's in the active state.");
  if (to === active && from !== draft)
    throw refuse('0x80060606', "You can't activate an expired, waiting or canceled entitlement.");
  if (to === cancelled && from === cancelled)
    throw refuse('0x80044208', "You can't cancel an entitlement when it's in the Canceled state.");
  if (to === cancelled && from !== active && from !== waiting)
    throw refuse('0x80060607', "You can't cancel an entitlement that's in the Draft or Expired state.");
  if (to === draft && from === draft)
    throw refuse('0x80060614', "You can't deactivate an entitlement when it's in the draft state.");
  if (to === draft && from !== active && from !== waiting)
    throw refuse('0x80060608', 'You can deactivate only entitlements that are active or waiting');
  if (to === expired || to === waiting) {
    const message =
      "You can't set an entitlement to the Expired state. Active entitlements automatically expire when their end date passes.";
    throw refuse('0x80060618', message);
  }
}

/** Terms for one case origin: they belong to an entitlement in draft and are part of its terms. */
export const entitlementChannelLogic: TableLogic = {
  before({ store, values, current }) {
    const all = { ...current?.values, ...values };
    const entitlement = all.entitlementid;
    if (typeof entitlement !== 'object' || entitlement === null) {
      const message = 'Associate the entitlement channel with an entitlement or entitlement template.';
      throw refuse('0x80060612', message);
    }
    const row = store.read('entitlement', entitlement.id);
    if (row?.values.statecode !== draft) throw channelStateError();
    if (Number(all.totalterms ?? 0) > Number(row.values.totalterms ?? 0)) {
      const message =
        'Total terms for a specific case origin on an entitlement channel cannot be more than the total terms of the corresponding entitlement.';
      throw refuse('0x80060605', message);
    }
    const isTotalNew = values.totalterms !== undefined && values.remainingterms === undefined;
    return isTotalNew ? { ...values, remainingterms: values.totalterms ?? null } : values;
  },
  beforeDelete({ values }, store) {
    const entitlement = values.entitlementid;
    if (typeof entitlement !== 'object' || entitlement === null) return;
    if (store.read('entitlement', entitlement.id)?.values.statecode !== draft) throw channelStateError();
  },
};

const channelStateError = () =>
  refuse(
    '0x80060603',
    'An entitlement channel term cannot be created, modified or deleted when the associated entitlement is not in draft state.',
  );

/** Entitlements that wait begin, and active ones expire after their last day. Returns when the next change is due. */
export function advanceEntitlements(store: OrganizationStore, nowMs: number): number {
  const select = ['statecode', 'startdate', 'enddate'];
  const rows = findRows(store, 'entitlement', 'statecode eq 1 or statecode eq 4', { select });
  const dueMs = ({ values }: StoredRow): number =>
    values.statecode === waiting ? timeMs(values.startdate) : startOfDay(timeMs(values.enddate)) + dayMs;
  const due = rows.filter((each) => dueMs(each) <= nowMs);
  for (const row of due) {
    const values =
      row.values.statecode === waiting
        ? { statecode: active, statuscode: active }
        : { statecode: expired, statuscode: expired };
    const write = { table: 'entitlement', id: row.id, values, actor: { userId: nullGuid } };
    store.withTime(dueMs(row), () => store.update(write));
  }
  // What has begun can also have ended.
  return due.length > 0 ? advanceEntitlements(store, nowMs) : Math.min(...rows.map(dueMs));
}
