import { contextUrl, json } from '../protocol/answer.ts';
import { refuse } from '../protocol/refusal.ts';
import { referenceTo } from '../protocol/write/payload.ts';
import { completeState } from '../protocol/write/state.ts';
import type { Row, Value, Values } from '../store/types.ts';
import { booleanParameter, integerParameter, optionalRow } from './parameters.ts';
import type { Call, Operation } from './types.ts';

/** What Sales does with leads. */
export const leadOperations: readonly Operation[] = [
  {
    name: 'QualifyLead',
    kind: 'action',
    on: { kind: 'row', table: 'lead' },
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
    run: qualify,
  },
];

/** Makes the rows that were asked for out of the lead, closes it as qualified and answers what was made. */
function qualify(call: Call) {
  const { exchange } = call;
  const { org, actor } = exchange;
  const { store } = org;
  const lead = call.row!;
  if (lead.values.statecode !== 0) throw refuse(400, '0x80040519', 'The lead is already closed.');
  const account = booleanParameter(call, 'CreateAccount') ? makeAccount(call, lead) : undefined;
  const contact = booleanParameter(call, 'CreateContact') ? makeContact(call, lead, account) : undefined;
  const customer = optionalRow(call, 'OpportunityCustomerId') ?? account ?? contact;
  const opportunity = booleanParameter(call, 'CreateOpportunity')
    ? makeOpportunity(call, lead, customer)
    : undefined;
  const status = integerParameter(call, 'Status');
  const state = completeState(
    call.table!,
    status === -1 ? { statecode: 1 } : { statecode: 1, statuscode: status },
    lead,
  );
  const values: Values = {
    ...state,
    ...(account ? { parentaccountid: referenceTo(account) } : {}),
    ...(contact ? { parentcontactid: referenceTo(contact) } : {}),
    ...(opportunity ? { qualifyingopportunityid: referenceTo(opportunity) } : {}),
  };
  store.update({ table: 'lead', id: lead.id, values, actor });
  const made = [account, contact, opportunity].filter((row) => row !== undefined);
  return json(exchange, {
    '@odata.context': contextUrl(exchange, 'Collection(mscrm.crmbaseentity)'),
    value: made.map(({ table, id }) => ({
      '@odata.type': `#Microsoft.Dynamics.CRM.${table}`,
      [store.model.table(table)!.primaryId]: id,
    })),
  });
}

function makeAccount({ exchange }: Call, lead: Row): Row {
  const copied = copy(lead, {
    telephone1: 'telephone1',
    websiteurl: 'websiteurl',
    industrycode: 'industrycode',
  });
  const name = lead.values.companyname ?? lead.values.fullname ?? null;
  return exchange.org.store.insert(
    'account',
    { name, ...copied, originatingleadid: referenceTo(lead) },
    exchange.actor,
  );
}

function makeContact({ exchange }: Call, lead: Row, account: Row | undefined): Row {
  const names = ['firstname', 'lastname', 'jobtitle', 'emailaddress1', 'telephone1', 'mobilephone'];
  const copied = copy(lead, Object.fromEntries(names.map((name) => [name, name])));
  const parent: Values = account ? { parentcustomerid: referenceTo(account) } : {};
  return exchange.org.store.insert(
    'contact',
    { ...copied, ...parent, originatingleadid: referenceTo(lead) },
    exchange.actor,
  );
}

function makeOpportunity({ exchange }: Call, lead: Row, customer: Row | undefined): Row {
  const copied = copy(lead, {
    subject: 'name',
    estimatedamount: 'estimatedvalue',
    estimatedclosedate: 'estimatedclosedate',
    description: 'description',
  });
  const parent: Values = customer ? { customerid: referenceTo(customer) } : {};
  return exchange.org.store.insert(
    'opportunity',
    { ...copied, ...parent, originatingleadid: referenceTo(lead) },
    exchange.actor,
  );
}

/** Columns of a row under other names; empty ones are left out. */
function copy(row: Row, names: Readonly<Record<string, string>>): Values {
  const pairs = Object.entries(names).map(([from, to]) => [to, row.values[from] ?? null] as [string, Value]);
  return Object.fromEntries(pairs.filter(([, value]) => value !== null));
}
