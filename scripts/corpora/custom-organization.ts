import type { SandboxOrganization } from 'dynamics365-connector-sandbox';

/** A customized organization: its tables and relationships, by logical name. */
export interface CustomOrganization {
  readonly tables: readonly CustomOrganizationTable[];
  readonly relationships: readonly {
    readonly referencing: string;
    readonly referenced: string;
    readonly attribute: string;
    readonly navigation?: string;
  }[];
}

interface CustomOrganizationTable {
  readonly logicalName: string;
  readonly schemaName?: string;
  readonly set?: string;
  readonly displayName?: string | null;
  readonly primaryName?: string | null;
  readonly attributes: readonly CustomOrganizationColumn[];
}

interface CustomOrganizationColumn {
  readonly logicalName: string;
  readonly schemaName: string;
  readonly displayName?: string | null;
  readonly type: string;
  readonly maxLength?: number;
  readonly options?: readonly { readonly value: number; readonly label: string }[];
}

type Store = SandboxOrganization['store'];
type Column = Parameters<Store['addColumn']>[1];

const lookupTypes: readonly string[] = ['Lookup', 'Customer', 'Owner'];
const columnTypes: readonly string[] = [
  ...['String', 'Memo', 'Integer', 'BigInt', 'Decimal', 'Double', 'Money', 'Boolean', 'DateTime', 'Picklist'],
  ...['MultiSelectPicklist', 'State', 'Status', 'Uniqueidentifier', 'EntityName', ...lookupTypes],
];

/** Adds the custom tables and columns of an organization that the sandbox does not have yet. */
export function addCustomTables({ store }: SandboxOrganization, custom: CustomOrganization): void {
  for (const table of custom.tables) {
    if (table.attributes.length === 0) continue;
    const columns = table.attributes.map((column) => toColumn(custom, table.logicalName, column));
    const known = store.model.table(table.logicalName);
    if (known === undefined && table.set) {
      const { logicalName, schemaName, set } = table;
      const systemColumns = store.addTable({ logicalName, schemaName, set }).attributes;
      addMissingColumns(store, logicalName, columns, systemColumns);
    } else if (known !== undefined && !known.view)
      addMissingColumns(store, table.logicalName, columns, known.attributes);
  }
}

function addMissingColumns(
  store: Store,
  table: string,
  columns: readonly Column[],
  known: readonly { readonly logicalName: string }[],
): void {
  const names = new Set(known.map(({ logicalName }) => logicalName));
  for (const column of columns) if (!names.has(column.logicalName)) store.addColumn(table, column);
}

function toColumn(
  { relationships }: CustomOrganization,
  table: string,
  { logicalName, schemaName, displayName, type, maxLength, options }: CustomOrganizationColumn,
): Column {
  const targets = relationships
    .filter(({ referencing, attribute }) => referencing === table && attribute === logicalName)
    .map(({ referenced, navigation = schemaName }) => ({
      table: referenced === 'owner' ? 'principal' : referenced,
      navigation,
    }));
  return {
    logicalName,
    schemaName,
    displayName: displayName ?? schemaName,
    type: (columnTypes.includes(type) ? type : 'String') as Column['type'],
    required: 'None',
    validForCreate: true,
    validForUpdate: true,
    maxLength,
    options,
    targets: lookupTypes.includes(type) ? targets : undefined,
  };
}
