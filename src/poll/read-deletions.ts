import { type Deletions, NOTHING_KNOWN } from './deletions.ts';
import { findLiving } from './find-living.ts';
import type { End, Gone } from './follow-link.ts';
import type { Poll } from './poll.ts';
import { amendRoster, readLists, readRoster } from './roster.ts';
import { walkOn } from './walk.ts';

/** Deletions that are news, and what is known from now on. */
export interface DeletionsRead {
  readonly gone: readonly Gone[];
  readonly deletions: Deletions;
  /** There is more to read at once. */
  readonly more: boolean;
}

/** Goes on where the last poll left off: walking, or following the delta link. */
export async function readDeletions(poll: Poll): Promise<DeletionsRead> {
  const known = poll.memory.deletions ?? NOTHING_KNOWN;
  return known.walk === undefined ? await followFurther(known, poll) : await walkFurther(known, poll);
}

async function followFurther(known: Deletions, poll: Poll): Promise<DeletionsRead> {
  const { context, memory, budget } = poll;
  const { following, ...rest } = known;
  const told = await poll.strategy.follow({
    reader: context.reader,
    key: context.table.key,
    url: following?.page ?? known.link!.url,
    ...(following === undefined ? {} : { startedMs: following.startedMs }),
    budget,
  });
  for (const row of told.unreadable) await poll.deadLetters.add(row);
  const went = new Map(told.went.map((gone) => [gone.id, gone]));
  const news = [...went.values()].filter(({ id }) => !Object.hasOwn(known.gone, id));
  const changes = { came: told.came, went: [...went.keys()] };
  const roster = await amendRoster(context, memory.instance, known.roster!, changes);
  const deletions = settle({ ...rest, roster, gone: remember(known.gone, news) }, told.end, poll);
  return { gone: news, deletions, more: told.end.why !== 'done' || deletions.walk !== undefined };
}

/** Where the next poll goes on. */
function settle(known: Deletions, end: End, { context, overlapMs }: Poll): Deletions {
  const { roster, gone, checkAtMs, younger, ...rest } = known;
  if (end.why === 'stopped') return { ...known, following: { page: end.page, startedMs: end.startedMs } };
  if (end.why === 'refused') {
    const fields = { trigger: context.trigger.id, table: context.table.name };
    context.world.log({ level: 'warn', event: 'poll.delta-expired', fields });
    return { walk: { lists: [] }, roster: roster!, gone };
  }
  const isCheckDue = checkAtMs !== undefined && end.startedMs >= checkAtMs;
  const check = isCheckDue ? { walk: { lists: [] } } : checkAtMs === undefined ? {} : { checkAtMs };
  if (younger === undefined) return { ...rest, ...check, roster: roster!, gone, younger: end.younger };
  if (end.startedMs - younger.atMs < overlapMs) return { ...rest, ...check, roster: roster!, gone, younger };
  const recent = Object.entries(gone).filter(([, atMs]) => atMs >= younger.atMs - overlapMs);
  return { ...check, roster: roster!, gone: Object.fromEntries(recent), link: younger, younger: end.younger };
}

/** A finished walk says which rows there are; those that were there before are no more, unless it missed them. */
async function walkFurther(known: Deletions, poll: Poll): Promise<DeletionsRead> {
  const { context, memory, overlapMs } = poll;
  const walked = await walkOn(known.walk!, poll);
  if ('on' in walked) return { gone: [], deletions: { ...known, walk: walked.on }, more: true };
  const met = await readLists(context, memory.instance, walked.lists);
  if (met === undefined) return { gone: [], deletions: { ...known, walk: { lists: [] } }, more: true };

  const before = known.roster && (await readRoster(context, memory.instance, known.roster));
  const missing = [...(before ?? [])].filter((id) => !met.has(id));
  const living = await findLiving(context, missing);
  const { atMs } = walked.done;
  const gone = missing
    .filter((id) => !living.has(id) && !Object.hasOwn(known.gone, id))
    .map((id) => ({ id, atMs }));
  const deletions: Deletions = {
    link: known.link ?? walked.done,
    ...(known.younger === undefined ? {} : { younger: known.younger }),
    ...(known.link === undefined ? { checkAtMs: atMs + overlapMs } : {}),
    roster: { lists: walked.lists, added: [...living], removed: [] },
    gone: remember(known.gone, gone),
  };
  return { gone, deletions, more: false };
}

function remember(gone: Deletions['gone'], news: readonly Gone[]): Deletions['gone'] {
  return news.length === 0
    ? gone
    : { ...gone, ...Object.fromEntries(news.map(({ id, atMs }) => [id, atMs])) };
}
