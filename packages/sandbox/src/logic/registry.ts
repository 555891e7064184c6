import { requireTable } from '../store/require-table.ts';
import type { ColumnValues, OrganizationStore, StoredRow } from '../store/types.ts';
import { attachmentLogic } from './attachments.ts';
import { callbackRegistrationLogic } from './callback-registrations.ts';
import { createCaseHierarchyLogic } from './case-hierarchy.ts';
import { columnPermissionLogic } from './column-permissions.ts';
import { columnShareLogic } from './column-shares.ts';
import { customApiLogic, customApiMemberLogic } from './custom-apis.ts';
import { duplicateConditionLogic, duplicateRuleLogic } from './duplicate-rules.ts';
import { entitlementTermsLogic } from './entitlement-terms.ts';
import { entitlementChannelLogic, entitlementLogic } from './entitlements.ts';
import { knowledgeArticleLogic } from './knowledge-articles.ts';
import { platformRowLogic } from './platform-rows.ts';
import { businessUnitLogic, roleLogic, userLogic } from './principals.ts';
import { productLogic } from './products.ts';
import { appointmentLogic, recurringAppointmentLogic } from './recurring-appointments.ts';
import { recycleBinLogic } from './recycle-bin.ts';
import { createDocumentLogic, createLineLogic, documentTypes } from './sales-documents.ts';
import { serviceLevelLogic } from './service-levels.ts';
import { solutionLogic } from './solutions.ts';
import { systemJobLogic } from './system-jobs.ts';
import type { RowChange, TableLogic, UpdateRow } from './table-logic.ts';
import { userSettingsLogic } from './user-settings.ts';

const updateRow: UpdateRow = ({ store, actor, nowMs }, current, values) => {
  const table = requireTable(store.model, current.table);
  const change: RowChange = { store, actor, nowMs, table, values, current };
  const prepared = prepareChange(change);
  const row = store.update({ table: current.table, id: current.id, values: prepared, actor });
  followChange(change, row);
  return row;
};

/** The logic of tables, in the order in which it runs. */
const logicOfTables: Readonly<Record<string, readonly TableLogic[]>> = {
  incident: [createCaseHierarchyLogic(updateRow), entitlementTermsLogic, serviceLevelLogic],
  activitymimeattachment: [attachmentLogic],
  audit: [platformRowLogic],
  callbackregistration: [callbackRegistrationLogic],
  entity: [platformRowLogic],
  recyclebinconfig: [recycleBinLogic],
  privilege: [platformRowLogic],
  principalobjectaccess: [platformRowLogic],
  role: [roleLogic],
  businessunit: [businessUnitLogic],
  systemuser: [userLogic],
  usersettings: [userSettingsLogic],
  fieldpermission: [columnPermissionLogic],
  principalobjectattributeaccess: [columnShareLogic],
  entitlement: [entitlementLogic],
  entitlementchannel: [entitlementChannelLogic],
  knowledgearticle: [knowledgeArticleLogic],
  product: [productLogic],
  solution: [solutionLogic],
  appointment: [appointmentLogic],
  recurringappointmentmaster: [recurringAppointmentLogic],
  asyncoperation: [systemJobLogic],
  duplicaterule: [duplicateRuleLogic],
  duplicaterulecondition: [duplicateConditionLogic],
  customapi: [customApiLogic],
  customapirequestparameter: [customApiMemberLogic],
  customapiresponseproperty: [customApiMemberLogic],
  ...Object.fromEntries(documentTypes.map((type) => [type.table, [createDocumentLogic(type)]])),
  ...Object.fromEntries(documentTypes.map((type) => [type.lineTable, [createLineLogic(type)]])),
};

const logicOf = (table: string): readonly TableLogic[] => logicOfTables[table] ?? [];

/** The values of a change after the logic of its table. Throws when a rule forbids the change. */
export function prepareChange(change: RowChange): ColumnValues {
  return logicOf(change.table.logicalName).reduce(
    (values, { before }) => before?.({ ...change, values }) ?? values,
    change.values,
  );
}

/** Does what follows from a change that was written. */
export function followChange(change: RowChange, row: StoredRow): void {
  for (const { after } of logicOf(change.table.logicalName)) after?.(change, row);
}

/** Does what follows from a deletion. */
export function followDeletion(row: StoredRow, by: Pick<RowChange, 'store' | 'actor'>): void {
  for (const { afterDelete } of logicOf(row.table)) afterDelete?.(row, by);
}

/** Throws when a rule forbids the deletion of a row. */
export function checkDeletion(store: OrganizationStore, row: StoredRow): void {
  for (const { beforeDelete } of logicOf(row.table)) beforeDelete?.(row, store);
}
