import { omitUndefined } from 'dynamics365-connector/base';
import { crmNamespace } from 'dynamics365-connector/odata';
import { referenceTo } from '../store/entity-reference.ts';
import { requireTable } from '../store/require-table.ts';
import type { ColumnValue, ColumnValues, StoredRow } from '../store/types.ts';
import { DataverseError } from '../web-api/errors.ts';
import { contextUrl, jsonResponse } from '../web-api/responses.ts';
import { completeState } from '../web-api/write/complete-state.ts';
import { insertRow, updateRow } from '../web-api/write/rows.ts';
import {
  readBooleanParameter,
  readIntegerParameter,
  readOptionalRowParameter,
  requireBoundRow,
  requireBoundTable,
} from './parameters.ts';
import type { OperationContext, WebApiOperation } from './types.ts';

/** Operations on leads. */
export const leadOperations: readonly WebApiOperation[] = [
  {
    name: 'QualifyLead',
    kind: 'action',
    boundTo: { kind: 'row', table: 'lead' },
    parameters: {
      CreateAccount: 'required',
      CreateContact: 'required',
      CreateOpportunity: 'required',
      Status: 'required',
      OpportunityCurrencyId: 'optional',
      OpportunityCustomerId: 'optional',
      SourceCampaignId: 'optional',
      ProcessInstanceId: 'optional',
      SuppressDuplicateDetection: 'optional',
    },
    run: qualifyLead,
  },
];

/** Creates the requested rows from the lead, closes it as qualified and responds with the created rows. */
function qualifyLead(call: OperationContext) {
  const { context } = call;
  const { org } = context;
  const { store } = org;
  const lead = requireBoundRow(call);
  if (lead.values.statecode !== 0) throw new DataverseError(400, '0x80040519', 'The lead is already closed.');
  const account = readBooleanParameter(call, 'CreateAccount') ? createAccount(call, lead) : undefined;
  const contact = readBooleanParameter(call, 'CreateContact')
    ? createContact(call, lead, account)
    : undefined;
  const customer = readOptionalRowParameter(call, 'OpportunityCustomerId') ?? account ?? contact;
  const opportunity = readBooleanParameter(call, 'CreateOpportunity')
    ? createOpportunity(call, lead, customer)
    : undefined;
  const status = readIntegerParameter(call, 'Status');
  const state = completeState(
    requireBoundTable(call),
    status === -1 ? { statecode: 1 } : { statecode: 1, statuscode: status },
    lead,
  );
  const values: ColumnValues = omitUndefined({
    ...state,
    parentaccountid: account && referenceTo(account),
    parentcontactid: contact && referenceTo(contact),
    qualifyingopportunityid: opportunity && referenceTo(opportunity),
  });
  updateRow(context, { table: 'lead', id: lead.id, values });
  const createdRows = [account, contact, opportunity].filter((row) => row !== undefined);
  return jsonResponse(context, {
    '@odata.context': contextUrl(context, 'Collection(mscrm.crmbaseentity)'),
    value: createdRows.map(({ table, id }) => ({
      '@odata.type': `#${crmNamespace}${table}`,
      [requireTable(store.model, table).primaryId]: id,
    })),
  });
}

function createAccount({ context }: OperationContext, lead: StoredRow): StoredRow {
  const copied = copyColumns(lead, {
    telephone1: 'telephone1',
    websiteurl: 'websiteurl',
    industrycode: 'industrycode',
  });
  const name = lead.values.companyname ?? lead.values.fullname ?? null;
  return insertRow(context, 'account', { name, ...copied, originatingleadid: referenceTo(lead) });
}

function createContact(
  { context }: OperationContext,
  lead: StoredRow,
  account: StoredRow | undefined,
): StoredRow {
  const names = ['firstname', 'lastname', 'jobtitle', 'emailaddress1', 'telephone1', 'mobilephone'];
  const copied = copyColumns(lead, Object.fromEntries(names.map((name) => [name, name])));
  const parent: ColumnValues = account ? { parentcustomerid: referenceTo(account) } : {};
  return insertRow(context, 'contact', { ...copied, ...parent, originatingleadid: referenceTo(lead) });
}

function createOpportunity(
  { context }: OperationContext,
  lead: StoredRow,
  customer: StoredRow | undefined,
): StoredRow {
  const copied = copyColumns(lead, {
    subject: 'name',
    estimatedamount: 'estimatedvalue',
    estimatedclosedate: 'estimatedclosedate',
    description: 'description',
  });
  const parent: ColumnValues = customer ? { customerid: referenceTo(customer) } : {};
  return insertRow(context, 'opportunity', { ...copied, ...parent, originatingleadid: referenceTo(lead) });
}

/** Copies columns of a row under other names; empty ones are omitted. */
function copyColumns(row: StoredRow, names: Readonly<Record<string, string>>): ColumnValues {
  const pairs = Object.entries(names).map(
    ([from, to]) => [to, row.values[from] ?? null] as [string, ColumnValue],
  );
  return Object.fromEntries(pairs.filter(([, value]) => value !== null));
}
