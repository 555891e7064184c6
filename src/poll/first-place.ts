import { ConnectorError } from '../errors/connector-error.ts';
import type { PollContext, PollRequest } from './poll-context.ts';
import type { Page } from './ports.ts';
import { isRefused } from './refused.ts';
import { readFacts } from './row-facts.ts';
import type { Place } from './window.ts';

/**
 * Marks the place of a trigger that begins: now by the organisation's clock, or where it is told to start; deadlines
 * before that are not told. The same request finds out whether the organisation filters on versions, and remembers the highest.
 */
export async function firstPlace(
  context: PollContext,
  request: PollRequest,
  overlapMs: number,
): Promise<Place> {
  const { reader, table } = context;
  const peek = (column: string, filter: string | undefined): Promise<Page> =>
    reader.read({
      ...(filter === undefined ? {} : { filter }),
      orderBy: `${column} desc`,
      select: [table.key],
      pageSize: 1,
    });
  const own = request.filter === undefined ? '' : `(${request.filter}) and `;
  try {
    const page = await peek('versionnumber', `${own}versionnumber gt 0`);
    const version = page.rows.map((row) => readFacts(row, table.key)?.version)[0] ?? 0n;
    const mark = { version, atMs: page.serverTimeMs };
    return { ...startAt(context, request, { nowMs: page.serverTimeMs, overlapMs }), mark };
  } catch (error) {
    if (!isRefused(error)) throw error;
    const page = await peek('modifiedon', request.filter);
    return startAt(context, request, { nowMs: page.serverTimeMs, overlapMs });
  }
}

function startAt(
  { trigger }: PollContext,
  { from }: PollRequest,
  { nowMs, overlapMs }: { readonly nowMs: number; readonly overlapMs: number },
): Place {
  const startMs = from === undefined ? nowMs : from === 'beginning' ? 0 : Date.parse(from);
  const floorMs = from === undefined ? nowMs - overlapMs : startMs;
  const deadlines = { sinceMs: startMs, throughMs: startMs };
  if (startMs >= 0) {
    return { floorMs, newSinceMs: floorMs, ...(trigger.watch.due === undefined ? {} : { deadlines }) };
  }
  throw new ConnectorError('INPUT_INVALID', `${trigger.id}: "from" is neither a date nor "beginning".`, {
    operation: trigger.id,
  });
}
