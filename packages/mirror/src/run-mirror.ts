import type { Clock } from 'dynamics365-connector';
import { ConnectorError } from 'dynamics365-connector';
import { assertSignal } from 'dynamics365-connector/host';
import { MirrorLoop } from './mirror-loop.ts';
import { assertMirrorOptions, type MirrorOptions } from './mirror-options.ts';
import { markUnlisted } from './table/mark-unlisted.ts';
import { defaultLimits } from './table/table-context.ts';
import { standardStrategy } from './table/table-mirror.ts';
import { claimOrganization, createLayout } from './target/layout.ts';
import { type Lease, takeLease } from './target/lease.ts';
import type { MirrorTarget } from './target/target.ts';

/** So often a process gives a sign of life. */
const renewEveryMs = 15_000;

/**
 * Keeps the tables of a target equal to the organization until the signal aborts.
 *
 * @throws SETTING_INVALID if another process writes to the target, if it has the rows of another organization, or if a
 * table or column does not exist
 */
export async function runMirror(options: MirrorOptions, signal: AbortSignal): Promise<void> {
  try {
    await withMirror(options, signal, async (loop, lease) => {
      await openTables(loop, options.target, lease);
      await loop.runUntil(signal);
    });
  } catch (error) {
    if (!(signal.aborted && error instanceof ConnectorError && error.code === 'ABORTED')) throw error;
  }
}

/**
 * Brings the tables of a target up to date once. Another run, hours later, continues from there.
 *
 * @throws ABORTED if the signal aborts before all changes were read; and as `runMirror`
 */
export async function runMirrorOnce(options: MirrorOptions, signal: AbortSignal): Promise<void> {
  await withMirror(options, signal, async (loop, lease) => {
    await openTables(loop, options.target, lease);
    await loop.runOnce(signal);
  });
}

/** Opens the tables of mirror.yaml. The status says which other ones the target has. */
async function openTables(loop: MirrorLoop, target: MirrorTarget, lease: Lease): Promise<void> {
  await loop.open();
  const names = loop.tables.flatMap(({ opened }) => opened?.context.table.logicalName ?? []);
  await markUnlisted(target, lease, new Set(names));
}

/** Takes the right to write to the target while `work` runs. */
export async function withMirror<T>(
  given: MirrorOptions,
  signal: AbortSignal,
  work: (loop: MirrorLoop, lease: Lease) => Promise<T>,
): Promise<T> {
  assertMirrorOptions(given);
  assertSignal(signal, 'The signal of a mirror');
  const { limits, strategy = standardStrategy, ...options } = given;
  const { connection, target } = options;
  const { clock, uuid } = connection.services;
  await createLayout(target);
  const lease = await takeLease(target, uuid());
  const stop = new AbortController();
  const lost = renewLease(lease, clock, stop.signal);
  try {
    await claimOrganization(target, connection.origin);
    const ends = AbortSignal.any([signal, stop.signal]);
    const shared = { ...options, clock, lease, strategy, limits: { ...defaultLimits, ...limits } };
    const loop = new MirrorLoop({ ...shared, signal: ends });
    return await Promise.race([work(loop, lease), lost]);
  } finally {
    stop.abort();
    await lease.release().catch(() => {});
  }
}

/** Renews until the signal aborts. Rejects when another process has the target. */
async function renewLease(lease: Lease, clock: Clock, signal: AbortSignal): Promise<never> {
  for (;;) {
    await clock.sleep(renewEveryMs, signal).catch(() => {});
    if (signal.aborted) return await new Promise<never>(() => {});
    try {
      await lease.renew();
    } catch (error) {
      // A database that is away for a while does not end the mirror; another owner does.
      if (error instanceof ConnectorError && error.code === 'SETTING_INVALID') throw error;
    }
  }
}
