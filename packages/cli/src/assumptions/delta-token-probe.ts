import type { JsonObject } from 'dynamics365-connector';
import { maxPageSize } from 'dynamics365-connector/host';
import type { Probe, ProbeContext, ProbeResult } from './probe.ts';

const maxPages = 20;

/** A row that is created between two pages is reported by the delta link only if the first page determines it. */
export const deltaTokenProbe: Probe = {
  assumption: 'deltaTokenTaken',
  question: 'Which page of a change-tracking request determines the version in its delta link?',
  writes: true,
  async run(context) {
    const ids = [context.newId(), context.newId(), context.newId()];
    const [first = '', second = '', between = ''] = ids;
    try {
      await createTask(context, first);
      await createTask(context, second);
      return await readWithRowBetween(context, between);
    } finally {
      for (const id of ids) await context.send({ method: 'DELETE', path: `tasks(${id})` });
    }
  },
};

async function createTask({ send }: ProbeContext, id: string): Promise<void> {
  await send({ method: 'PATCH', path: `tasks(${id})`, body: { subject: 'Check of assumptions' } });
}

async function readWithRowBetween(context: ProbeContext, id: string): Promise<ProbeResult> {
  const counted = await context.send({ path: 'tasks/$count' });
  const pageSize = Math.min(Math.ceil(Number(counted.body) / 2), maxPageSize);
  const prefer = `odata.track-changes,odata.maxpagesize=${pageSize}`;
  const first = await readPage(context, 'tasks?$select=activityid', prefer);
  if (first.nextLink === undefined) return { reading: undefined, note: 'The first page has no next link.' };
  await createTask(context, id);
  let page = first;
  for (let pages = 1; page.nextLink !== undefined; pages++) {
    if (pages === maxPages)
      return { reading: undefined, note: `There are more than ${maxPages} pages of tasks.` };
    page = await readPage(context, page.nextLink, prefer);
  }
  if (page.deltaLink === undefined) return { reading: undefined, note: 'The last page has no delta link.' };
  const changes = await readPage(context, page.deltaLink, prefer);
  return { reading: changes.ids.includes(id) ? 'first-page' : 'last-page' };
}

async function readPage({ send }: ProbeContext, path: string, prefer: string) {
  const { body } = await send({ path, prefer });
  const { value, ...links } = (body ?? {}) as JsonObject & { readonly value?: readonly JsonObject[] };
  return {
    ids: (value ?? []).map(({ activityid }) => activityid),
    nextLink: links['@odata.nextLink'] as string | undefined,
    deltaLink: links['@odata.deltaLink'] as string | undefined,
  };
}
