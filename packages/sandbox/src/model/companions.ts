import { isLookup, isPolymorphic } from './attribute.ts';
import type { Attribute, TableModel } from './types.ts';

/** A read-only column that shows a part of another one: the label of a choice, the name or table of a lookup. */
export interface Companion {
  /** Added to the names of the column: `customerid` -> `customeridname`. */
  readonly suffix: 'Name' | 'YomiName' | 'Type';
  readonly logicalName: string;
  readonly type: 'Virtual' | 'String' | 'EntityName';
  readonly maxLength?: number;
}

/** Companions with a name that does not follow from their column. */
const irregularNames: Readonly<Record<string, string>> = {
  donotsendmmname: 'donotsendmarketingmaterialname',
  slaidname: 'slaname',
  regardingobjectidtype: 'regardingobjecttypecode',
  objectidtype: 'objectidtypecode',
  emailsendertype: 'emailsenderobjecttypecode',
  sendersaccounttype: 'sendersaccountobjecttypecode',
  acceptingentityidtype: 'acceptingentitytypecode',
  partyidtype: 'partyobjecttypecode',
};

/** The tables whose rows have a phonetic name. */
const tablesWithYomiName: ReadonlySet<string> = new Set([
  ...['account', 'contact', 'lead', 'systemuser', 'principal', 'externalparty'],
]);

/**
 * The companions of a column, as in every organization. The Web API has no properties for them: rows show the same
 * values as annotations. FetchXML can use them.
 */
export function companionsOf(table: TableModel, attribute: Attribute): readonly Companion[] {
  return regularCompanions(attribute)
    .map((companion) => ({ ...companion, logicalName: companionName(table, companion.logicalName) }))
    .filter(
      (companion) => !table.attributes.some(({ logicalName }) => logicalName === companion.logicalName),
    );
}

/** A companion by its logical name, with its column. */
export function findCompanion(
  table: TableModel,
  name: string,
): { readonly attribute: Attribute; readonly companion: Companion } | undefined {
  for (const attribute of table.attributes) {
    const companion = companionsOf(table, attribute).find(({ logicalName }) => logicalName === name);
    if (companion) return { attribute, companion };
  }
  return undefined;
}

function regularCompanions(attribute: Attribute): readonly Companion[] {
  const { logicalName, type, targets = [] } = attribute;
  const name = { suffix: 'Name', logicalName: `${logicalName}name` } as const;
  if (['Picklist', 'MultiSelectPicklist', 'Boolean', 'State', 'Status'].includes(type)) {
    return [{ ...name, type: 'Virtual' }];
  }
  if (!isLookup(attribute) || /^owning(user|team)$/.test(logicalName)) return [];
  const maxLength = type === 'Customer' ? 160 : 100;
  const yomi = { ...name, suffix: 'YomiName', logicalName: `${logicalName}yominame` } as const;
  const hasYomi = targets.some((target) => tablesWithYomiName.has(target.table));
  return [
    { ...name, type: 'String', maxLength },
    ...(hasYomi ? [{ ...yomi, type: 'String', maxLength } as const] : []),
    ...(isPolymorphic(attribute)
      ? [{ suffix: 'Type', logicalName: `${logicalName}type`, type: 'EntityName' } as const]
      : []),
  ];
}

function companionName({ logicalName: table }: TableModel, regular: string): string {
  const irregular = irregularNames[regular];
  if (irregular) return irregular;
  return regular.replace(/^masterid(?=(yomi)?name$)/, `master${table}id`);
}
