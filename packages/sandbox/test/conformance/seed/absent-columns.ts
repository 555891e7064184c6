import { odataPropertyName } from '../../../src/model/attribute.ts';
import type { EditableModel } from '../../../src/model/create-model.ts';
import type { OrganizationStore } from '../../../src/store/types.ts';
import { firstSegment, type Json } from '../exchange.ts';
import type { Sample } from './sample.ts';

/** Columns that come and go together: those of apps, and those of a later version of Dataverse. */
const groups: readonly {
  readonly name: string;
  readonly columns: Readonly<Record<string, readonly string[]>>;
}[] = [
  {
    name: 'the apps Sales and Customer Service',
    columns: {
      account: [
        ...['defaultpricelevelid', 'originatingleadid', 'preferredequipmentid', 'preferredserviceid'],
        ...[
          'teamsfollowed',
          'territoryid',
          'msdyn_accountkpiid',
          'msdyn_gdproptout',
          'msdyn_primarytimezone',
        ],
        ...['msdyn_salesaccelerationinsightid', 'opendeals', 'opendeals_date', 'opendeals_state'],
        ...['openrevenue', 'openrevenue_base', 'openrevenue_date', 'openrevenue_state'],
      ],
      contact: [
        ...['businesscard', 'businesscardattributes', 'defaultpricelevelid', 'originatingleadid'],
        ...['preferredequipmentid', 'preferredserviceid', 'teamsfollowed', 'msdyn_contactkpiid'],
        ...['msdyn_decisioninfluencetag', 'msdyn_gdproptout', 'msdyn_isassistantinorgchart'],
        ...['msdyn_orgchangestatus', 'msdyn_primarytimezone'],
      ],
      systemuser: [
        'msdyn_usertype',
        'msdyn_botprovider',
        'msdyn_agentType',
        'msdyn_capacity',
        'msdyn_gdproptout',
      ],
    },
  },
  {
    name: 'the versions of Dataverse from 2024-04 on',
    columns: { role: ['appliesto', 'description', 'isautoassigned', 'summaryofcoretablepermissions'] },
  },
];

/**
 * Removes columns that the recorded organization does not have. Its complete rows, which a request without `$select`
 * returns, show all columns: a group is absent when they have none of its columns. Returns what was removed.
 */
export function removeAbsentColumns(store: OrganizationStore, sample: Sample): readonly string[] {
  const { request, json, format } = sample;
  const set = /#(\w+)(?:\/\$entity)?$/.exec(String(json?.['@odata.context'] ?? ''))?.[1];
  const table = store.model.tableBySet(set ?? '');
  if (format !== 'recording' || !table || /[$]select|fetchXml/.test(request.url)) return [];
  if (set !== firstSegment(request.url)) return [];
  const rows = Array.isArray(json?.value) ? (json.value as Json[]) : [json ?? {}];
  return groups.flatMap(({ name, columns }) => {
    const absent = (columns[table.logicalName] ?? []).flatMap((column) => {
      const attribute = store.model.attribute(table, column);
      return attribute ? [attribute] : [];
    });
    const isShown = absent.some((attribute) => rows.some((row) => odataPropertyName(attribute) in row));
    if (absent.length === 0 || rows.length === 0 || isShown) return [];
    for (const { logicalName } of absent) removeColumn(store, table.logicalName, logicalName);
    const names = absent.map(({ logicalName }) => logicalName).join(', ');
    return [`without the columns of ${name} in ${table.logicalName}: ${names}`];
  });
}

/** Standard columns cannot be deleted over HTTP: they disappear from the model of this organization only. */
function removeColumn(store: OrganizationStore, logicalName: string, column: string): void {
  const table = store.model.table(logicalName);
  if (table) (store.model as EditableModel).removeAttribute(table, column);
}
