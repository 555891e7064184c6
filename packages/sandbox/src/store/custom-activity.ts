import type { Attribute, Model, TableModel } from '../model/types.ts';
import { requireTable } from './require-table.ts';
import type { TableLink } from './table-links.ts';

/** The lists of parties of an activity that an organization adds: logical name and label. */
const partyLists: Readonly<Record<string, string>> = {
  bcc: 'BCC',
  cc: 'CC',
  customers: 'Customers',
  from: 'From',
  optionalattendees: 'Optional Attendees',
  organizer: 'Organizer',
  partners: 'Outsource Vendors',
  requiredattendees: 'Required Attendees',
  resources: 'Resources',
  to: 'To',
};
const partyTables = ['account', 'contact', 'lead', 'queue', 'systemuser'];

/** A custom table as an activity: with the columns of every activity, and with its parties. */
export function toActivity(model: Model, custom: TableModel): TableModel {
  const pointer = requireTable(model, 'activitypointer');
  const shared = pointer.attributes.map((attribute) => toOwnColumn(custom, attribute));
  const names = new Set(shared.map(({ logicalName }) => logicalName));
  const own = custom.attributes.filter(({ logicalName, custom: isOwn }) => isOwn && !names.has(logicalName));
  return {
    ...custom,
    base: 'activitypointer',
    primaryId: 'activityid',
    primaryName: 'subject',
    ownership: 'UserOwned',
    hasNotes: true,
    attributes: [...shared, ...own],
    metadataColumns: Object.entries(partyLists).map(([logicalName, displayName]) =>
      createPartyList(logicalName, displayName),
    ),
  };
}

/** The navigation properties of an activity end with its name: `regardingobjectid_account_new_visit`. */
function toOwnColumn({ logicalName: activity }: TableModel, attribute: Attribute): Attribute {
  if (attribute.logicalName === 'activityid') {
    const pointer = { table: 'activitypointer', navigation: 'activityid_activitypointer' };
    return { ...attribute, targets: [pointer] };
  }
  const targets = attribute.targets?.flatMap(({ table, navigation }) => [
    { table, navigation: `${navigation}_${activity}` },
    { table, navigation },
  ]);
  return { ...attribute, targets };
}

function createPartyList(logicalName: string, displayName: string): Attribute {
  return {
    logicalName,
    schemaName: displayName.replace(/[ _]/g, ''),
    displayName,
    type: 'PartyList',
    required: 'None',
    validForCreate: true,
    validForUpdate: true,
    targets: partyTables.map((table) => ({ table, navigation: '' })),
  };
}

/** The relationship of an activity to its parties. */
export function partyLink({ logicalName }: TableModel): TableLink {
  const name = `${logicalName}_activity_parties`;
  return {
    relationship: {
      name,
      referenced: logicalName,
      collection: name,
      referencing: 'activityparty',
      attribute: 'activityid',
      onDelete: 'cascade',
    },
    navigation: `activityid_${logicalName}`,
  };
}

/** The collections of the activity in the tables that it can regard: `account_new_visits`. */
export function regardingRelationships(model: Model, table: TableModel) {
  const regarding = table.attributes.find(({ logicalName }) => logicalName === 'regardingobjectid');
  const targets = new Set(regarding?.targets?.map((target) => target.table));
  return [...targets]
    .filter((target) => model.table(target))
    .map((target) => {
      const name = `${target}_${table.set ?? table.logicalName}`;
      return {
        name,
        referenced: target,
        collection: name,
        referencing: table.logicalName,
        attribute: 'regardingobjectid',
        onDelete: 'cascade',
      } as const;
    });
}
