import type { Values } from '../store/types.ts';
import type { Customer } from './customers.ts';
import type { Staff } from './people.ts';
import { refer, type Stage } from './stage.ts';
import { deals, firstNames, lastNames } from './words.ts';

/** Leads and opportunities in all states. */
export function addSales(stage: Stage, staff: Staff, customers: readonly Customer[]): void {
  for (let index = 0; index < 15; index++) {
    const at = { by: staff.system, daysAgo: stage.between(1, 80) };
    const ownerid = refer(stage.pick(staff.agents));
    addLead(stage, ownerid, at);
    addOpportunity(stage, { customer: stage.pick(customers), ownerid }, at);
  }
}

type When = Parameters<Stage['add']>[2];
type Owner = ReturnType<typeof refer>;

function addLead(stage: Stage, ownerid: Owner, at: When): void {
  const state: Values = stage.pick<Values>([
    { statuscode: 1 },
    { statuscode: 2 },
    { statecode: 2, statuscode: 4 },
  ]);
  const name = { firstname: stage.pick(firstNames), lastname: stage.pick(lastNames) };
  const subject = stage.pick(deals);
  const company = { companyname: `${name.lastname} & Partners`, emailaddress1: 'office@partners.example' };
  const value = { estimatedamount: `${stage.between(5, 80) * 100}`, leadsourcecode: stage.between(1, 10) };
  stage.add('lead', { subject, ownerid, ...name, ...company, ...value, ...state }, at);
}

function addOpportunity(stage: Stage, of: { customer: Customer; ownerid: Owner }, at: When): void {
  const { account, contacts } = of.customer;
  const value = `${stage.between(10, 900) * 100}`;
  const row = stage.add(
    'opportunity',
    {
      name: stage.pick(deals),
      customerid: refer(account),
      parentaccountid: refer(account),
      parentcontactid: refer(contacts[0]!),
      ownerid: of.ownerid,
      estimatedvalue: value,
      estimatedclosedate: stage.moment(at.daysAgo - 60).slice(0, 10),
      closeprobability: stage.between(1, 9) * 10,
    },
    at,
  );
  const end = stage.pick([
    undefined,
    undefined,
    { statecode: 1, statuscode: 3 },
    { statecode: 2, statuscode: 5 },
  ]);
  if (!end) return;
  const later = { ...at, daysAgo: at.daysAgo / 2 };
  const closed = { subject: 'Opportunity close', actualend: stage.moment(later.daysAgo), statecode: 1 };
  const actualrevenue = end.statecode === 1 ? value : '0';
  stage.add('opportunityclose', { ...closed, actualrevenue, opportunityid: refer(row) }, later);
  const actual = { actualvalue: actualrevenue, actualclosedate: stage.moment(later.daysAgo).slice(0, 10) };
  stage.change(refer(row), { ...end, ...actual }, later);
}
