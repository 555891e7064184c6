import { tableMetadataId } from '../model/metadata-ids.ts';
import { canKeepDeletedRows } from '../model/recycle-bin-tables.ts';
import { referenceId } from '../store/entity-reference.ts';
import { duplicateKey, invalidArgument } from '../store/errors.ts';
import type { Actor, ColumnValues, OrganizationStore, StoredRow } from '../store/types.ts';
import type { RowChange, TableLogic } from './table-logic.ts';

const configTable = 'recyclebinconfig';
const organizationId = tableMetadataId('organization');

/**
 * Whether tables keep their deleted rows. The row of the table `organization` stands for all tables: creating it creates
 * their rows, and it takes them with it when it is switched off or deleted.
 * https://learn.microsoft.com/power-apps/developer/data-platform/restore-deleted-records
 */
export const recycleBinLogic: TableLogic = {
  before({ store, values, current }) {
    if (!current) return { ...values, name: checkNewConfig(store, values), isreadyforrecyclebin: true };
    // The job that Dataverse starts makes the table ready or not.
    const isReady = values.isreadyforrecyclebin ?? values.statecode === 0;
    return values.statecode === undefined ? values : { ...values, isreadyforrecyclebin: isReady };
  },
  after({ store, actor, values }, row) {
    if (tableIdOf(row) === organizationId) {
      if (store.count(configTable) === 1) keepRowsOfNewTables(store, actor);
      else switchTables({ store, actor, values }, row);
    }
    store.bin.removeUnkept();
  },
  afterDelete(row, { store }) {
    if (tableIdOf(row) === organizationId)
      for (const { id } of allConfigs(store)) store.delete(configTable, id);
    store.bin.removeUnkept();
  },
};

/** The name of a new row: that of its table. */
function checkNewConfig(store: OrganizationStore, { extensionofrecordid: reference }: ColumnValues): string {
  const id = referenceId(reference);
  const name = id === undefined ? undefined : store.read('entity', id)?.values.logicalname;
  const table = typeof name === 'string' ? store.model.table(name) : undefined;
  if (id === undefined || !table)
    throw invalidArgument("A configuration needs a table: 'extensionofrecordid'.");
  if (id !== organizationId && !canKeepDeletedRows(table))
    throw invalidArgument(`The table '${table.logicalName}' does not support keeping deleted records.`);
  if (allConfigs(store).some((row) => tableIdOf(row) === id)) throw duplicateKey();
  return table.logicalName;
}

/** Adds the rows of tables that can keep deleted rows and have none, if the organization keeps deleted rows. */
export function keepRowsOfNewTables(store: OrganizationStore, actor: Actor): void {
  const configs = allConfigs(store);
  const organization = configs.find((row) => tableIdOf(row) === organizationId);
  if (!organization) return;
  const configured = new Set(configs.map(tableIdOf));
  const { statecode = 0, statuscode = 1, isreadyforrecyclebin = true } = organization.values;
  for (const table of store.model.tables.values()) {
    const id = tableMetadataId(table.logicalName);
    if (configured.has(id) || !canKeepDeletedRows(table)) continue;
    const values = { statecode, statuscode, isreadyforrecyclebin, name: table.logicalName };
    store.insert(configTable, { ...values, extensionofrecordid: { table: 'entity', id } }, actor);
  }
}

/** Removes the rows of tables that have been deleted. */
export function forgetRemovedTables(store: OrganizationStore): void {
  for (const row of allConfigs(store))
    if (!store.model.table(String(row.values.name))) store.delete(configTable, row.id);
}

/** Gives all tables the state of the organization. */
function switchTables(
  { store, actor, values }: Pick<RowChange, 'store' | 'actor' | 'values'>,
  { id: own, values: written }: StoredRow,
): void {
  const { statecode = 0, statuscode = 1, isreadyforrecyclebin = true } = written;
  if (values.statecode === undefined && values.isreadyforrecyclebin === undefined) return;
  for (const { id } of allConfigs(store)) {
    const state = { statecode, statuscode, isreadyforrecyclebin };
    if (id !== own) store.update({ table: configTable, id, values: state, actor });
  }
}

const tableIdOf = ({ values }: StoredRow): string | undefined => referenceId(values.extensionofrecordid);

const allConfigs = (store: OrganizationStore): readonly StoredRow[] =>
  store.query(configTable, { actor: { userId: '' } }).rows;
