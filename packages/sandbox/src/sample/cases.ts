import type { Reference, Row } from '../store/types.ts';
import { addCorrespondence } from './correspondence.ts';
import type { Customer } from './customers.ts';
import type { Staff } from './people.ts';
import { refer, type Stage } from './stage.ts';
import { products, troubles } from './words.ts';

/** How many cases the sample has. */
const cases = 60;

/** How a case ended, with the status reason it takes; most are still open. */
const endings = [
  ...Array.from({ length: 11 }, () => undefined),
  ...[5, 5, 5, 5, 5, 1000].map((status) => ({ state: 1, status })),
  ...[6, 6, 2000].map((status) => ({ state: 2, status })),
] as const;

/** Cases in all states with what was written, said and noted about them. */
export function addCases(stage: Stage, staff: Staff, customers: readonly Customer[]): readonly Row[] {
  const made = { by: staff.system, daysAgo: 380 };
  const subjects = new Map(
    [...new Set(troubles.map(({ subject }) => subject))].map((title) => [
      title,
      refer(stage.add('subject', { title }, made)),
    ]),
  );
  const goods = products.map(([name, productnumber]) => stage.add('product', { name, productnumber }, made));
  return Array.from({ length: cases }, (_, index) => {
    const daysAgo = 90 - (index * 90) / cases - stage.between(0, 10) / 10;
    return addCase(stage, staff, { customer: stage.pick(customers), subjects, goods, daysAgo });
  });
}

interface Setting {
  readonly customer: Customer;
  readonly subjects: ReadonlyMap<string, Reference>;
  readonly goods: readonly Row[];
  readonly daysAgo: number;
}

function addCase(stage: Stage, staff: Staff, { customer, subjects, goods, daysAgo }: Setting): Row {
  const { title, description, subject, products: possible } = stage.pick(troubles);
  const good = goods[stage.pick(possible)]!;
  const agent = stage.pick(staff.agents);
  const by = { userId: agent.id };
  const contact = stage.pick(customer.contacts);
  const row = stage.add(
    'incident',
    {
      title: `${good.values.name} ${title}`,
      description,
      customerid: refer(stage.chance(75) ? customer.account : contact),
      primarycontactid: refer(contact),
      subjectid: subjects.get(subject)!,
      productid: refer(good),
      prioritycode: stage.pick([1, 2, 2, 2, 3]),
      caseorigincode: stage.pick([1, 2, 2, 3]),
      casetypecode: subject === 'Question' ? 1 : stage.pick([2, 3]),
      statuscode: stage.pick([1, 1, 2, 3, 4]),
      isescalated: stage.chance(10),
      ownerid: stage.chance(15) ? staff.team : refer(agent),
      resolveby: stage.moment(daysAgo - 5),
    },
    { by, daysAgo },
  );
  const ending = stage.pick(endings);
  const until = ending ? Math.max(daysAgo - stage.between(1, 12), 0) : 0;
  addCorrespondence(stage, { agent, contact, about: row, from: daysAgo, until, open: !ending });
  if (ending) endCase(stage, row, { ...ending, agent, daysAgo: until });
  else addToQueue(stage, staff, row, daysAgo);
  return row;
}

function endCase(
  stage: Stage,
  row: Row,
  end: { readonly state: number; readonly status: number; readonly agent: Row; readonly daysAgo: number },
): void {
  const at = { by: { userId: end.agent.id }, daysAgo: end.daysAgo };
  if (end.state === 1) {
    stage.add(
      'incidentresolution',
      {
        subject: stage.pick(['Solved on the phone', 'Spare part sent', 'Question answered', 'Replaced']),
        incidentid: refer(row),
        timespent: stage.between(5, 240),
        ownerid: refer(end.agent),
        statecode: 1,
      },
      at,
    );
  }
  stage.change(refer(row), { statecode: end.state, statuscode: end.status }, at);
}

function addToQueue(stage: Stage, staff: Staff, row: Row, daysAgo: number): void {
  if (!stage.chance(60)) return;
  const worker = stage.chance(50) ? refer(stage.pick(staff.agents)) : null;
  stage.add(
    'queueitem',
    {
      title: row.values.title!,
      objectid: refer(row),
      objecttypecode: 112,
      queueid: refer(stage.pick(staff.queues)),
      workerid: worker,
    },
    { by: staff.system, daysAgo },
  );
}
