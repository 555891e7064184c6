import type { Attribute, TableModel } from '../model/types.ts';

/** A custom table, for example `{ logicalName: 'new_example', set: 'new_examples', attributes: [...] }`. */
export interface CustomTable {
  readonly logicalName: string;
  readonly schemaName?: string;
  readonly set?: string;
  readonly displayName?: string;
  readonly translations?: TableModel['translations'];
  readonly displayCollectionName?: string;
  readonly description?: string;
  /** Primary name column. Default: `<prefix>_name`. */
  readonly primaryName?: string;
  readonly ownership?: 'UserOwned' | 'OrganizationOwned';
  /** Whether it is an activity, with the columns and the parties of one. */
  readonly isActivity?: boolean;
  readonly changeTracking?: boolean;
  /** Whether notes can be attached to its rows. */
  readonly hasNotes?: boolean;
  /** Whether activities can regard its rows. */
  readonly hasActivities?: boolean;
  readonly attributes?: readonly Attribute[];
}

const createColumn = (
  logicalName: string,
  rest: Partial<Attribute> & Pick<Attribute, 'type'>,
): Attribute => ({
  logicalName,
  schemaName: logicalName,
  displayName: logicalName,
  required: 'None',
  validForCreate: true,
  validForUpdate: true,
  ...rest,
});

/** The plural of an English name: `parcels`, `boxes`, `categories`. */
function pluralize(name: string): string {
  if (/[^aeiou]y$/i.test(name)) return `${name.slice(0, -1)}ies`;
  return /(?:s|x|z|ch|sh)$/i.test(name) ? `${name}es` : `${name}s`;
}

/** Creates the model of a custom table, with the columns that each table has. */
export function createCustomTable(custom: CustomTable): TableModel {
  const { logicalName } = custom;
  const prefix = logicalName.split('_')[0];
  const primaryName = custom.primaryName ?? (logicalName.includes('_') ? `${prefix}_name` : 'name');
  const own = custom.attributes ?? [];
  const added = createSystemColumns(custom, primaryName).filter(
    (each) => !own.some(({ logicalName: name }) => name === each.logicalName),
  );
  return {
    logicalName,
    schemaName: custom.schemaName ?? logicalName,
    set: custom.set ?? pluralize(logicalName),
    displayName: custom.displayName ?? logicalName,
    displayCollectionName: custom.displayCollectionName ?? pluralize(custom.displayName ?? logicalName),
    description: custom.description,
    translations: custom.translations,
    custom: true,
    hasNotes: custom.hasNotes,
    hasActivities: custom.hasActivities,
    typeCode:
      10_000 + [...logicalName].reduce((sum, letter) => (sum * 31 + letter.charCodeAt(0)) % 80_000, 7),
    base: 'crmbaseentity',
    primaryId: `${logicalName}id`,
    primaryName,
    ownership: custom.ownership ?? 'UserOwned',
    changeTracking: custom.changeTracking ?? false,
    attributes: [...added, ...own.map((attribute) => ({ ...attribute, custom: true }))],
    keys: [],
  };
}

function createSystemColumns({ logicalName, ownership }: CustomTable, primaryName: string): Attribute[] {
  const fixed = { validForCreate: false, validForUpdate: false } as const;
  const lookup = (name: string, table: string): Attribute =>
    createColumn(name, { type: 'Lookup', targets: [{ table, navigation: name }], ...fixed });
  const owner = createColumn('ownerid', {
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
    createColumn(`${logicalName}id`, {
      type: 'Uniqueidentifier',
      required: 'SystemRequired',
      validForUpdate: false,
    }),
    createColumn(primaryName, { type: 'String', maxLength: 100 }),
    createColumn('createdon', { type: 'DateTime', ...fixed }),
    createColumn('modifiedon', { type: 'DateTime', ...fixed }),
    createColumn('overriddencreatedon', { type: 'DateTime', validForUpdate: false }),
    createColumn('versionnumber', { type: 'BigInt', ...fixed }),
    lookup('createdby', 'systemuser'),
    lookup('modifiedby', 'systemuser'),
    ...(ownership === 'OrganizationOwned' ? [] : owned),
    createColumn('statecode', { type: 'State', options: states, required: 'SystemRequired' }),
    createColumn('statuscode', { type: 'Status', options: statuses }),
  ];
}
