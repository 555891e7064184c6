import type { ColumnValue, ColumnValues, StoredRow } from '../store/types.ts';
import { dataverseError } from '../web-api/errors.ts';
import { contextUrl, jsonResponse } from '../web-api/responses.ts';
import { completeState } from '../web-api/write/complete-state.ts';
import { referenceTo } from '../web-api/write/read-payload.ts';
import { readBooleanParameter, readIntegerParameter, readOptionalRowParameter } from './parameters.ts';
import type { OperationContext, WebApiOperation } from './types.ts';

/** What Sales does with leads. */
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

/** Makes the rows that were asked for out of the lead, closes it as qualified and answers what was made. */
function qualifyLead(call: OperationContext) {
  const { context } = call;
  const { org, actor } = context;
  const { store } = org;
  const lead = call.row!;
  if (lead.values.statecode !== 0) throw dataverseError(400, '0x80040519', 'The lead is already closed.');
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
    call.table!,
    status === -1 ? { statecode: 1 } : { statecode: 1, statuscode: status },
    lead,
  );
  const values: ColumnValues = {
    ...state,
    ...(account ? { parentaccountid: referenceTo(account) } : {}),
    ...(contact ? { parentcontactid: referenceTo(contact) } : {}),
    ...(opportunity ? { qualifyingopportunityid: referenceTo(opportunity) } : {}),
  };
  store.update({ table: 'lead', id: lead.id, values, actor });
  const createdRows = [account, contact, opportunity].filter((row) => row !== undefined);
  return jsonResponse(context, {
    '@odata.context': contextUrl(context, 'Collection(mscrm.crmbaseentity)'),
    value: createdRows.map(({ table, id }) => ({
      '@odata.type': `#Microsoft.Dynamics.CRM.${table}`,
      [store.model.table(table)!.primaryId]: id,
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
  return context.org.store.insert(
    'account',
    { name, ...copied, originatingleadid: referenceTo(lead) },
    context.actor,
  );
}

function createContact(
  { context }: OperationContext,
  lead: StoredRow,
  account: StoredRow | undefined,
): StoredRow {
  const names = ['firstname', 'lastname', 'jobtitle', 'emailaddress1', 'telephone1', 'mobilephone'];
  const copied = copyColumns(lead, Object.fromEntries(names.map((name) => [name, name])));
  const parent: ColumnValues = account ? { parentcustomerid: referenceTo(account) } : {};
  return context.org.store.insert(
    'contact',
    { ...copied, ...parent, originatingleadid: referenceTo(lead) },
    context.actor,
  );
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
  return context.org.store.insert(
    'opportunity',
    { ...copied, ...parent, originatingleadid: referenceTo(lead) },
    context.actor,
  );
}

/** Columns of a row under other names; empty ones are left out. */
function copyColumns(row: StoredRow, names: Readonly<Record<string, string>>): ColumnValues {
  const pairs = Object.entries(names).map(
    ([from, to]) => [to, row.values[from] ?? null] as [string, ColumnValue],
  );
  return Object.fromEntries(pairs.filter(([, value]) => value !== null));
}
