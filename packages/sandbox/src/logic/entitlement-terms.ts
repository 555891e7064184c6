import { fromUnits, toUnits } from '../store/decimal.ts';
import { referenceId } from '../store/entity-reference.ts';
import { DataverseError } from '../store/errors.ts';
import type { ColumnValues, EntityReference, OrganizationStore, StoredRow } from '../store/types.ts';
import { entitlementState } from './entitlements.ts';
import { findRows, readReferenced } from './find-rows.ts';
import type { RowChange, TableLogic } from './table-logic.ts';

/** When the terms of an entitlement become fewer. */
const decreaseOn = { resolution: 0, creation: 1 } as const;

/**
 * The entitlement of a case: it must be active and belong to the customer, and it loses a term when the case is
 * created or resolved.
 */
export const entitlementTermsLogic: TableLogic = {
  before(change) {
    const values = withDefaultEntitlement(change);
    if (values.entitlementid && isOtherEntitlement(values, change.current)) checkEntitlement(change, values);
    return values;
  },
  after(change, row) {
    const { current } = change;
    const isResolved = current?.values.statecode === 0 && row.values.statecode === 1;
    if (!current) decrease(change, row, decreaseOn.creation);
    else if (isResolved) decrease(change, row, decreaseOn.resolution);
  },
};

const isOtherEntitlement = (values: ColumnValues, current: StoredRow | undefined): boolean =>
  (values.entitlementid as EntityReference).id !== referenceId(current?.values.entitlementid);

/** A new case gets the default entitlement of its customer. */
function withDefaultEntitlement({ store, values, current }: RowChange): ColumnValues {
  const customer = values.customerid;
  if (current || values.entitlementid !== undefined || typeof customer !== 'object' || customer === null) {
    return values;
  }
  const filter = `_customerid_value eq ${customer.id} and statecode eq 1 and isdefault eq true`;
  const [found] = findRows(store, 'entitlement', filter);
  return found ? { ...values, entitlementid: { table: 'entitlement', id: found.id } } : values;
}

function checkEntitlement({ store, current }: RowChange, values: ColumnValues): void {
  const entitlement = readReferenced(store, values.entitlementid);
  if (!entitlement) return;
  const { statecode, restrictcasecreation, remainingterms, customerid } = entitlement.values;
  if (statecode !== entitlementState.active) {
    const [code, message] = current
      ? ['0x80060611', 'You can only associate a case with an active entitlement.']
      : [
          '0x80060616',
          "You can't create a case for this entitlement because the entitlement is not in active state.",
        ];
    throw new DataverseError(400, code ?? '', message ?? '');
  }
  const { customerid: customer } = { ...current?.values, ...values };
  if (referenceId(customerid) !== referenceId(customer)) {
    const message =
      'Select an active entitlement that belongs to the specified customer, contact, or product, and then try again.';
    throw new DataverseError(400, '0x8004f866', message);
  }
  const channel = findChannel(store, entitlement, { ...current?.values, ...values });
  const isUsedUp = [remainingterms, channel?.values.remainingterms].some(
    (terms) => terms !== undefined && terms !== null && Number(terms) <= 0,
  );
  if (restrictcasecreation === true && isUsedUp) {
    const message = "You can't create a case for this entitlement because there are no available terms.";
    throw new DataverseError(400, '0x80060609', message);
  }
}

/** The terms of the entitlement for the origin of a case. */
function findChannel(
  store: OrganizationStore,
  { id }: StoredRow,
  { caseorigincode }: ColumnValues,
): StoredRow | undefined {
  if (typeof caseorigincode !== 'number') return undefined;
  return findRows(
    store,
    'entitlementchannel',
    `_entitlementid_value eq ${id} and channel eq ${caseorigincode}`,
  )[0];
}

/** Takes a case, or the hours that were spent on it, from the remaining terms. */
function decrease(change: RowChange, row: StoredRow, on: number): void {
  const { store, actor } = change;
  const entitlement = readReferenced(store, row.values.entitlementid);
  if (!entitlement || row.values.decremententitlementterm === false) return;
  if (Number(entitlement.values.decreaseremainingon ?? 0) !== on) return;
  const used = entitlement.values.allocationtypecode === 1 ? hoursSpent(store, row) : 1;
  const channel = findChannel(store, entitlement, row.values);
  for (const counter of channel ? [entitlement, channel] : [entitlement]) {
    const { remainingterms } = counter.values;
    if ((remainingterms ?? null) === null) continue;
    const values = { remainingterms: subtract(String(remainingterms), used) };
    store.update({ table: counter.table, id: counter.id, values, actor });
  }
}

/** The billable time of the resolutions of a case, in hours. */
function hoursSpent(store: OrganizationStore, { id }: StoredRow): number {
  const resolutions = findRows(store, 'incidentresolution', `_incidentid_value eq ${id}`);
  return resolutions.reduce((sum, { values }) => sum + Number(values.timespent ?? 0), 0) / 60;
}

function subtract(terms: string, used: number): string {
  const left = (toUnits(terms, 2)?.units ?? 0n) - (toUnits(used.toFixed(2), 2)?.units ?? 0n);
  return fromUnits(`${left}`, 2);
}
