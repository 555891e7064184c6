import { referenceTo } from '../store/entity-reference.ts';
import type { EntityReference, StoredRow } from '../store/types.ts';
import { addCorrespondence } from './correspondence.ts';
import type { Customer } from './customers.ts';
import type { SampleBuilder } from './sample-builder.ts';
import { problems, products } from './sample-texts.ts';
import type { Staff } from './staff.ts';

/** Number of cases in the sample. */
const caseCount = 60;

/** State and status reason of closed cases; undefined for open ones, which are the majority. */
const caseOutcomes = [
  ...Array.from({ length: 11 }, () => undefined),
  ...[5, 5, 5, 5, 5, 1000].map((status) => ({ state: 1, status })),
  ...[6, 6, 2000].map((status) => ({ state: 2, status })),
] as const;

/** Adds cases in all states with their activities, notes and queue items. */
export function addCases(
  builder: SampleBuilder,
  staff: Staff,
  customers: readonly Customer[],
): readonly StoredRow[] {
  const createdAt = { by: staff.system, daysAgo: 380 };
  const subjects = new Map(
    [...new Set(problems.map(({ subject }) => subject))].map((title) => [
      title,
      referenceTo(builder.insert('subject', { title }, createdAt)),
    ]),
  );
  const productRows = products.map(([name, productnumber]) =>
    builder.insert('product', { name, productnumber }, createdAt),
  );
  return Array.from({ length: caseCount }, (_, index) => {
    const daysAgo = 90 - (index * 90) / caseCount - builder.randomInteger(0, 10) / 10;
    return addCase(builder, staff, {
      customer: builder.pickRandom(customers),
      subjects,
      products: productRows,
      daysAgo,
    });
  });
}

interface CaseDetails {
  readonly customer: Customer;
  readonly subjects: ReadonlyMap<string, EntityReference>;
  readonly products: readonly StoredRow[];
  readonly daysAgo: number;
}

function addCase(
  builder: SampleBuilder,
  staff: Staff,
  { customer, subjects, products: productRows, daysAgo }: CaseDetails,
): StoredRow {
  const problem = builder.pickRandom(problems);
  const { title, description, subject } = problem;
  const product = builder.pickRandom(problem.products.flatMap((index) => productRows[index] ?? []));
  const agent = builder.pickRandom(staff.agents);
  const contact = builder.pickRandom(customer.contacts);
  const row = builder.insert(
    'incident',
    {
      title: `${product.values.name} ${title}`,
      description,
      customerid: referenceTo(builder.randomBoolean(75) ? customer.account : contact),
      primarycontactid: referenceTo(contact),
      subjectid: subjects.get(subject) ?? null,
      productid: referenceTo(product),
      prioritycode: builder.pickRandom([1, 2, 2, 2, 3]),
      caseorigincode: builder.pickRandom([1, 2, 2, 3]),
      casetypecode: subject === 'Question' ? 1 : builder.pickRandom([2, 3]),
      statuscode: builder.pickRandom([1, 1, 2, 3, 4]),
      isescalated: builder.randomBoolean(10),
      ownerid: builder.randomBoolean(15) ? staff.team : referenceTo(agent),
      resolveby: builder.dateTimeDaysAgo(daysAgo - 5),
    },
    { by: { userId: agent.id }, daysAgo },
  );
  addHistory(builder, staff, { row, agent, contact, daysAgo });
  return row;
}

/** Adds the activities of a case and closes it, or adds it to a queue. */
function addHistory(
  builder: SampleBuilder,
  staff: Staff,
  details: { row: StoredRow; agent: StoredRow; contact: StoredRow; daysAgo: number },
): void {
  const { row, agent, contact, daysAgo } = details;
  const outcome = builder.pickRandom(caseOutcomes);
  const closedDaysAgo = outcome ? Math.max(daysAgo - builder.randomInteger(1, 12), 0) : 0;
  addCorrespondence(builder, {
    agent,
    contact,
    about: row,
    from: daysAgo,
    until: closedDaysAgo,
    open: !outcome,
  });
  if (outcome) resolveOrCancelCase(builder, row, { ...outcome, agent, daysAgo: closedDaysAgo });
  else addToQueue(builder, staff, row, daysAgo);
}

function resolveOrCancelCase(
  builder: SampleBuilder,
  row: StoredRow,
  outcome: {
    readonly state: number;
    readonly status: number;
    readonly agent: StoredRow;
    readonly daysAgo: number;
  },
): void {
  const at = { by: { userId: outcome.agent.id }, daysAgo: outcome.daysAgo };
  if (outcome.state === 1) {
    builder.add(
      'incidentresolution',
      {
        subject: builder.pickRandom([
          'Solved on the phone',
          'Spare part sent',
          'Question answered',
          'Replaced',
        ]),
        incidentid: referenceTo(row),
        timespent: builder.randomInteger(5, 240),
        ownerid: referenceTo(outcome.agent),
        statecode: 1,
      },
      at,
    );
  }
  builder.update(referenceTo(row), { statecode: outcome.state, statuscode: outcome.status }, at);
}

function addToQueue(builder: SampleBuilder, staff: Staff, row: StoredRow, daysAgo: number): void {
  if (!builder.randomBoolean(60)) return;
  const worker = builder.randomBoolean(50) ? referenceTo(builder.pickRandom(staff.agents)) : null;
  builder.add(
    'queueitem',
    {
      title: row.values.title ?? null,
      objectid: referenceTo(row),
      objecttypecode: 112,
      queueid: referenceTo(builder.pickRandom(staff.queues)),
      workerid: worker,
    },
    { by: staff.system, daysAgo },
  );
}
