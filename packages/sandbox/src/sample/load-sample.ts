import type { Random } from '../random.ts';
import type { Store } from '../store/types.ts';
import { addCases } from './cases.ts';
import { addCustomers } from './customers.ts';
import { addStaff } from './people.ts';
import { addSales } from './sales.ts';
import { Stage } from './stage.ts';
import { articles } from './words.ts';

/**
 * Fills an organisation with rows that look like three months of work: accounts, contacts, 60 cases in all states
 * with mails, calls, tasks and notes, queues, leads, opportunities and knowledge articles. The same chance and the
 * same time give the same rows.
 */
export function loadSample(store: Store, { random, nowMs }: { random: Random; nowMs: number }): void {
  const stage = new Stage(store, random, nowMs);
  store.transaction(() => {
    const staff = addStaff(stage);
    const customers = addCustomers(stage, staff);
    addCases(stage, staff, customers);
    addSales(stage, staff, customers);
    articles.forEach(([title, content, keywords], index) => {
      const number = { articlepublicnumber: `KA-${1000 + index}` };
      const published = { statecode: 3, statuscode: 7, publishon: stage.moment(100) };
      stage.add(
        'knowledgearticle',
        { title, content, keywords, ...number, ...published },
        { by: staff.system, daysAgo: 100 },
      );
    });
  });
}
