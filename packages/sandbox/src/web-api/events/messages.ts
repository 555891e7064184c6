import { canKeepDeletedRows } from '../../model/recycle-bin-tables.ts';
import type { TableModel } from '../../model/types.ts';
import { createMetadataId } from '../metadata/metadata-definition.ts';

/** A message that steps can be registered for. */
export interface EventMessage {
  readonly name: string;
  /** The id of its row, which is the same in all organizations. */
  readonly id: string;
  /** Whether steps can be registered for this message of a table. */
  readonly isFor: (table: TableModel) => boolean;
}

/** Ids that Dataverse's documentation or recordings show. */
const knownIds: Readonly<Record<string, string>> = {
  Create: '9ebdbb1b-ea3e-db11-86a7-000a3a5473e8',
  Update: '20bebb1b-ea3e-db11-86a7-000a3a5473e8',
  Delete: 'a1bdbb1b-ea3e-db11-86a7-000a3a5473e8',
};

const isOwned = ({ ownership }: TableModel): boolean => ownership === 'UserOwned';
const hasState = ({ attributes }: TableModel): boolean => attributes.some(({ type }) => type === 'State');
const only =
  (...tables: readonly string[]) =>
  ({ logicalName }: TableModel): boolean =>
    tables.includes(logicalName);

const tablesOfMessages: Readonly<Record<string, (table: TableModel) => boolean>> = {
  ...Object.fromEntries(
    ['Create', 'Update', 'Delete', 'CreateMultiple', 'UpdateMultiple'].map((name) => [name, () => true]),
  ),
  Assign: isOwned,
  SetState: hasState,
  SetStateDynamicEntity: hasState,
  GrantAccess: isOwned,
  ModifyAccess: isOwned,
  RevokeAccess: isOwned,
  Restore: canKeepDeletedRows,
  Close: only('incident', 'quote'),
  Win: only('opportunity', 'quote'),
  Lose: only('opportunity'),
  Merge: only('account', 'contact', 'lead', 'incident'),
  QualifyLead: only('lead'),
  Send: only('email'),
  AddToQueue: only('queue'),
  PickFromQueue: only('queueitem'),
  ReleaseToQueue: only('queueitem'),
  RemoveFromQueue: only('queueitem'),
  Route: only('queueitem'),
  AddMembers: only('team'),
  RemoveMembers: only('team'),
  Revise: only('quote'),
  ConvertQuoteToSalesOrder: only('quote'),
  ConvertSalesOrderToInvoice: only('salesorder'),
  Renew: only('entitlement'),
};

/** Messages whose steps have no table: `Associate` is called for all relationships. */
export const messagesWithoutTable: readonly string[] = ['Associate', 'Disassociate'];

const messageId = (name: string): string => knownIds[name] ?? createMetadataId('message', name);

/** All messages of the platform that the sandbox raises. Custom APIs have messages of their own. */
export const eventMessages: readonly EventMessage[] = [
  ...Object.entries(tablesOfMessages).map(([name, isFor]) => ({ name, id: messageId(name), isFor })),
  ...messagesWithoutTable.map((name) => ({ name, id: messageId(name), isFor: () => false })),
];
