import { referenceTo } from '../store/entity-reference.ts';
import type { ColumnValues, StoredRow } from '../store/types.ts';
import type { Customer } from './customers.ts';
import type { SampleBuilder } from './sample-builder.ts';
import { firstNames, lastNames, opportunityNames } from './sample-texts.ts';
import type { Staff } from './staff.ts';

/** Adds leads and opportunities in all states. */
export function addSales(builder: SampleBuilder, staff: Staff, customers: readonly Customer[]): void {
  for (let index = 0; index < 15; index++) {
    const at = { by: staff.system, daysAgo: builder.randomInteger(1, 80) };
    const ownerid = referenceTo(builder.pickRandom(staff.agents));
    addLead(builder, ownerid, at);
    addOpportunity(builder, { customer: builder.pickRandom(customers), ownerid }, at);
  }
}

type WriteTime = Parameters<SampleBuilder['insert']>[2];
type OwnerReference = ReturnType<typeof referenceTo>;

function addLead(builder: SampleBuilder, ownerid: OwnerReference, at: WriteTime): void {
  const state: ColumnValues = builder.pickRandom<ColumnValues>([
    { statuscode: 1 },
    { statuscode: 2 },
    { statecode: 2, statuscode: 4 },
  ]);
  const name = { firstname: builder.pickRandom(firstNames), lastname: builder.pickRandom(lastNames) };
  const subject = builder.pickRandom(opportunityNames);
  const company = { companyname: `${name.lastname} & Partners`, emailaddress1: 'office@partners.example' };
  const value = {
    estimatedamount: `${builder.randomInteger(5, 80) * 100}`,
    leadsourcecode: builder.randomInteger(1, 10),
  };
  builder.add('lead', { subject, ownerid, ...name, ...company, ...value, ...state }, at);
}

function addOpportunity(
  builder: SampleBuilder,
  of: { customer: Customer; ownerid: OwnerReference },
  at: WriteTime,
): void {
  const { account, mainContact } = of.customer;
  const value = `${builder.randomInteger(10, 900) * 100}`;
  const row = builder.insert(
    'opportunity',
    {
      name: builder.pickRandom(opportunityNames),
      customerid: referenceTo(account),
      parentaccountid: referenceTo(account),
      parentcontactid: referenceTo(mainContact),
      ownerid: of.ownerid,
      estimatedvalue: value,
      estimatedclosedate: builder.dateTimeDaysAgo(at.daysAgo - 60).slice(0, 10),
      closeprobability: builder.randomInteger(1, 9) * 10,
    },
    at,
  );
  const outcome = builder.pickRandom([
    undefined,
    undefined,
    { statecode: 1, statuscode: 3 },
    { statecode: 2, statuscode: 5 },
  ]);
  if (outcome) closeOpportunity(builder, row, { ...outcome, value, at });
}

function closeOpportunity(
  builder: SampleBuilder,
  row: StoredRow,
  outcome: { statecode: number; statuscode: number; value: string; at: WriteTime },
): void {
  const { statecode, statuscode, value, at } = outcome;
  const later = { ...at, daysAgo: at.daysAgo / 2 };
  const closed = {
    subject: 'Opportunity close',
    actualend: builder.dateTimeDaysAgo(later.daysAgo),
    statecode: 1,
  };
  const actualrevenue = statecode === 1 ? value : '0';
  builder.add('opportunityclose', { ...closed, actualrevenue, opportunityid: referenceTo(row) }, later);
  const actual = {
    actualvalue: actualrevenue,
    actualclosedate: builder.dateTimeDaysAgo(later.daysAgo).slice(0, 10),
  };
  builder.update(referenceTo(row), { statecode, statuscode, ...actual }, later);
}
