import type { Connection } from '../run/connection.ts';
import { readAll } from './read-registration.ts';

/** A webhook that the organization could not send: a system job of one of our steps that failed. */
export interface FailedPush {
  readonly id: string;
  /** The logical name of the table. */
  readonly table: string;
  /** The organization's time, in milliseconds. */
  readonly atMs: number;
  readonly reason: string;
}

const failedStatus = 31;
const stepsPerRequest = 40;

/**
 * Reads the failed system jobs of steps since a time (included), the earliest first. Jobs that succeed are deleted, those
 * that fail stay, so they are exactly the webhooks that were lost on the way.
 *
 * @param steps the tables of steps, by the ids of the steps
 * @see https://learn.microsoft.com/power-apps/developer/data-platform/register-web-hook
 */
export async function readFailedPushes(
  connection: Connection,
  steps: ReadonlyMap<string, string>,
  sinceMs: number,
): Promise<readonly FailedPush[]> {
  const ids = [...steps.keys()];
  const since = new Date(sinceMs).toISOString().replace(/\.\d+Z$/, 'Z');
  const found: FailedPush[] = [];
  for (let start = 0; start < ids.length; start += stepsPerRequest) {
    const part = ids.slice(start, start + stepsPerRequest);
    const rows = await readAll(connection, 'asyncoperations', {
      select: 'asyncoperationid,completedon,message,_owningextensionid_value',
      filter: `statuscode eq ${failedStatus} and completedon ge ${since} and (${part
        .map((id) => `_owningextensionid_value eq ${id}`)
        .join(' or ')})`,
      orderBy: 'completedon asc',
    });
    for (const row of rows)
      found.push({
        id: String(row.asyncoperationid),
        table: steps.get(String(row._owningextensionid_value)) ?? '',
        atMs: Date.parse(String(row.completedon)),
        reason: String(row.message ?? '').slice(0, 200),
      });
  }
  return found.sort((a, b) => a.atMs - b.atMs);
}
