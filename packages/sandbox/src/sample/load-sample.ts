import type { Random } from '../random.ts';
import type { OrganizationStore } from '../store/types.ts';
import { addCases } from './cases.ts';
import { addCustomers } from './customers.ts';
import { addSales } from './sales.ts';
import { SampleBuilder } from './sample-builder.ts';
import { articles } from './sample-texts.ts';
import { addStaff } from './staff.ts';

/**
 * Fills an organization with rows as after three months of work: accounts, contacts, 60 cases in all states with
 * e-mails, phone calls, tasks and notes, queues, leads, opportunities and knowledge articles. The same random source
 * and the same time give the same rows.
 */
export function loadSample(
  store: OrganizationStore,
  { random, nowMs }: { random: Random; nowMs: number },
): void {
  const builder = new SampleBuilder(store, random, nowMs);
  store.transaction(() => {
    const staff = addStaff(builder);
    const customers = addCustomers(builder, staff);
    addCases(builder, staff, customers);
    addSales(builder, staff, customers);
    articles.forEach(([title, content, keywords], index) => {
      const number = { articlepublicnumber: `KA-${1000 + index}` };
      const published = { statecode: 3, statuscode: 7, publishon: builder.dateTimeDaysAgo(100) };
      builder.add(
        'knowledgearticle',
        { title, content, keywords, ...number, ...published },
        { by: staff.system, daysAgo: 100 },
      );
    });
  });
}
