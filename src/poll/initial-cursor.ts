import { ConnectorError } from '../errors/connector-error.ts';
import type { Cursor } from './cursor.ts';
import { isRejectedRequest } from './is-rejected-request.ts';
import type { PollContext, PollRequest } from './poll-context.ts';
import { readFacts } from './row-facts.ts';
import type { PollPage } from './row-reader-port.ts';

/**
 * The cursor of a first poll: now by the organization's clock, or the time in `from`. Earlier deadlines are not
 * reported. The same request finds out whether the organization can filter on versions, and reads the highest one.
 */
export async function initialCursor(
  context: PollContext,
  request: PollRequest,
  overlapMs: number,
): Promise<Cursor> {
  const { reader, table } = context;
  const readNewest = (column: string, filter: string | undefined): Promise<PollPage> =>
    reader.read({
      ...(filter === undefined ? {} : { filter }),
      orderBy: `${column} desc`,
      select: [table.key],
      pageSize: 1,
    });
  const filterPrefix = request.filter === undefined ? '' : `(${request.filter}) and `;
  try {
    const page = await readNewest('versionnumber', `${filterPrefix}versionnumber gt 0`);
    const version = page.rows.map((row) => readFacts(row, table.key)?.version)[0] ?? 0n;
    const watermark = { version, atMs: page.serverTimeMs };
    return { ...cursorFrom(context, request, { nowMs: page.serverTimeMs, overlapMs }), watermark };
  } catch (error) {
    if (!isRejectedRequest(error)) throw error;
    const page = await readNewest('modifiedon', request.filter);
    return cursorFrom(context, request, { nowMs: page.serverTimeMs, overlapMs });
  }
}

function cursorFrom(
  { trigger }: PollContext,
  { from }: PollRequest,
  { nowMs, overlapMs }: { readonly nowMs: number; readonly overlapMs: number },
): Cursor {
  const startMs = from === undefined ? nowMs : from === 'beginning' ? 0 : Date.parse(from);
  const readFromMs = from === undefined ? nowMs - overlapMs : startMs;
  const deadlines = { sinceMs: startMs, throughMs: startMs };
  if (startMs >= 0) {
    return { readFromMs, newSinceMs: readFromMs, ...(trigger.watch.due === undefined ? {} : { deadlines }) };
  }
  throw new ConnectorError('INPUT_INVALID', `${trigger.id}: "from" must be a date or "beginning".`, {
    operation: trigger.id,
  });
}
