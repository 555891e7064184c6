import fc from 'fast-check';
import type { CrashPoint } from './failing-store.ts';
import { hour, minute, second } from './fixtures.ts';
import type { Crash } from './simulated-host.ts';
import type { WriteOptions } from './simulated-org.ts';

/** A change in the organization. */
export interface RowWrite {
  readonly do: 'insert' | 'update' | 'remove';
  readonly pick: number;
  readonly write: WriteOptions;
}

/** One step of a history. */
export type CopyStep =
  | RowWrite
  | { readonly do: 'wait'; readonly ms: number }
  | { readonly do: 'expire' }
  | { readonly do: 'back-up'; readonly linksStay: boolean; readonly reserved: number }
  | { readonly do: 'restore' }
  | { readonly do: 'fall-back'; readonly host: number; readonly rounds: number }
  | {
      readonly do: 'poll';
      readonly host: number;
      /** A wake caused the poll; it tells of so many of the last deletions, or of a row that is there. */
      readonly wake: { readonly deletions: number; readonly isWrong: boolean } | undefined;
      readonly crash: Crash;
      /** The process dies within the poll. */
      readonly dies: { readonly point: CrashPoint; readonly countdown: number } | undefined;
      readonly during: readonly RowWrite[];
      readonly limits: { readonly pageSize: number; readonly pages: number };
    };

/** What happens to an organization and to the triggers that copy it. */
export interface CopyHistory {
  readonly filtersVersions: boolean;
  readonly answerMs: number;
  readonly maxPageSize: number;
  /** Whether the triggers share one store, and so the feed. */
  readonly sharesStore: boolean;
  readonly old: number;
  readonly steps: readonly CopyStep[];
}

/** Histories with `restores`: backups are made and restored as well. */
export function copyHistories(hostCount: number, { restores = false } = {}): fc.Arbitrary<CopyHistory> {
  return fc.boolean().chain((filtersVersions) => {
    const write = rowWrites(filtersVersions ? 5 * hour : 7 * minute);
    return fc.record({
      filtersVersions: fc.constant(filtersVersions),
      answerMs: fc.constantFrom(0, 0, 300, 1500),
      maxPageSize: fc.constantFrom(2, 50),
      sharesStore: fc.boolean(),
      old: fc.nat(8),
      steps: fc.array(steps(write, hostCount, restores ? 1 : 0), {
        minLength: 20,
        maxLength: 90,
        size: 'max',
      }),
    });
  });
}

function rowWrites(maxBackMs: number): fc.Arbitrary<RowWrite> {
  const seldom = <T>(often: T, other: fc.Arbitrary<T>) =>
    fc.oneof({ weight: 4, arbitrary: fc.constant(often) }, { weight: 1, arbitrary: other });
  const columns = fc.record({
    prioritycode: fc.constantFrom(1, 2),
    statecode: fc.constantFrom(0, 0, 1),
  });
  const write = fc.record({
    commitsAfterMs: seldom<number>(0, fc.integer({ min: 0, max: 2 * minute })),
    backMs: seldom<number>(
      0,
      fc.integer({ min: 0, max: maxBackMs / second }).map((seconds) => seconds * second),
    ),
    bornEarlier: seldom<boolean>(false, fc.constant(true)),
    by: fc.constantFrom('a', 'b'),
    columns,
  });
  return fc.record({
    do: fc.constantFrom('insert', 'update', 'update', 'update', 'remove'),
    pick: fc.nat(),
    write,
  });
}

function steps(write: fc.Arbitrary<RowWrite>, hostCount: number, restores: number): fc.Arbitrary<CopyStep> {
  const host = fc.nat({ max: hostCount - 1 });
  const point = fc.constantFrom<CrashPoint[]>('read', 'write', 'after-write');
  const poll = fc.record({
    do: fc.constant('poll' as const),
    host,
    wake: fc.oneof(
      { weight: 3, arbitrary: fc.constant(undefined) },
      { weight: 1, arbitrary: fc.record({ deletions: fc.nat({ max: 2 }), isWrong: fc.boolean() }) },
    ),
    crash: fc.constantFrom<Crash[]>('none', 'none', 'none', 'none', 'before-delivery', 'before-checkpoint'),
    dies: fc.oneof(
      { weight: 6, arbitrary: fc.constant(undefined) },
      { weight: 1, arbitrary: fc.record({ point, countdown: fc.integer({ min: 1, max: 3 }) }) },
    ),
    during: fc.array(write, { maxLength: 3 }),
    limits: fc.constantFrom({ pageSize: 2, pages: 1 }, { pageSize: 3, pages: 2 }, { pageSize: 50, pages: 9 }),
  });
  const wait = fc.constantFrom(
    200,
    second,
    10 * second,
    30 * second,
    minute,
    5 * minute,
    11 * minute,
    3 * hour,
  );
  const backUps = fc.record({
    do: fc.constant('back-up' as const),
    linksStay: fc.boolean(),
    reserved: fc.constantFrom(0, 0, 3),
  });
  const rounds = fc.integer({ min: 1, max: 3 });
  return fc.oneof(
    { weight: 12, arbitrary: write },
    { weight: 6, arbitrary: fc.record({ do: fc.constant('wait' as const), ms: wait }) },
    { weight: 14, arbitrary: poll },
    { weight: 1, arbitrary: fc.record({ do: fc.constant('expire' as const) }) },
    { weight: restores, arbitrary: backUps },
    { weight: restores, arbitrary: fc.record({ do: fc.constant('restore' as const) }) },
    { weight: 1, arbitrary: fc.record({ do: fc.constant('fall-back' as const), host, rounds }) },
  );
}
