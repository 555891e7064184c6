import type { Attribute, TableModel } from '../model/types.ts';
import type { CustomTable } from './types.ts';

const column = (logicalName: string, rest: Partial<Attribute> & Pick<Attribute, 'type'>): Attribute => ({
  logicalName,
  schemaName: logicalName,
  displayName: logicalName,
  required: 'None',
  validForCreate: true,
  validForUpdate: true,
  ...rest,
});

/** A table as a maker describes it, with the columns that every table has. */
export function customTable(custom: CustomTable): TableModel {
  const { logicalName } = custom;
  const prefix = logicalName.split('_')[0];
  const primaryName = custom.primaryName ?? (logicalName.includes('_') ? `${prefix}_name` : 'name');
  const own = custom.attributes ?? [];
  const added = systemColumns(custom, primaryName).filter(
    (each) => !own.some(({ logicalName: name }) => name === each.logicalName),
  );
  return {
    logicalName,
    schemaName: custom.schemaName ?? logicalName,
    set: custom.set ?? `${logicalName}s`,
    displayName: custom.displayName ?? logicalName,
    displayCollectionName: `${custom.displayName ?? logicalName}s`,
    typeCode:
      10_000 + [...logicalName].reduce((sum, letter) => (sum * 31 + letter.charCodeAt(0)) % 80_000, 7),
    base: 'crmbaseentity',
    primaryId: `${logicalName}id`,
    primaryName,
    ownership: custom.ownership ?? 'UserOwned',
    changeTracking: custom.changeTracking ?? false,
    attributes: [...added, ...own],
    keys: [],
  };
}

function systemColumns({ logicalName, ownership }: CustomTable, primaryName: string): Attribute[] {
  const fixed = { validForCreate: false, validForUpdate: false } as const;
  const lookup = (name: string, table: string): Attribute =>
    column(name, { type: 'Lookup', targets: [{ table, navigation: name }], ...fixed });
  const owner = column('ownerid', {
    type: 'Owner',
    targets: [{ table: 'principal', navigation: 'ownerid' }],
  });
  const owned = [
    owner,
    lookup('owninguser', 'systemuser'),
    lookup('owningteam', 'team'),
    lookup('owningbusinessunit', 'businessunit'),
  ];
  const states = [
    { value: 0, label: 'Active', defaultStatus: 1 },
    { value: 1, label: 'Inactive', defaultStatus: 2 },
  ];
  const statuses = [
    { value: 1, label: 'Active', state: 0 },
    { value: 2, label: 'Inactive', state: 1 },
  ];
  return [
    column(`${logicalName}id`, {
      type: 'Uniqueidentifier',
      required: 'SystemRequired',
      validForUpdate: false,
    }),
    column(primaryName, { type: 'String', maxLength: 100 }),
    column('createdon', { type: 'DateTime', ...fixed }),
    column('modifiedon', { type: 'DateTime', ...fixed }),
    column('overriddencreatedon', { type: 'DateTime', validForUpdate: false }),
    column('versionnumber', { type: 'BigInt', ...fixed }),
    lookup('createdby', 'systemuser'),
    lookup('modifiedby', 'systemuser'),
    ...(ownership === 'OrganizationOwned' ? [] : owned),
    column('statecode', { type: 'State', options: states, required: 'SystemRequired' }),
    column('statuscode', { type: 'Status', options: statuses }),
  ];
}
