import fc from 'fast-check';
import { hour, minute, second } from './fixtures.ts';
import type { Crash } from './simulated-host.ts';
import type { OrgBehavior, SimulatedOrg, WriteOptions } from './simulated-org.ts';

/** A change in the simulated organization. */
export type OrgWrite =
  | { readonly do: 'insert'; readonly write: WriteOptions }
  | { readonly do: 'update'; readonly pick: number; readonly write: WriteOptions }
  | { readonly do: 'remove'; readonly pick: number; readonly write: WriteOptions };

/** One step of a history. */
export type Step =
  | OrgWrite
  | { readonly do: 'wait'; readonly ms: number }
  | { readonly do: 'expire' }
  | { readonly do: 'fall-back'; readonly rounds: number }
  | {
      readonly do: 'poll';
      readonly crash: Crash;
      /** Done one after the other between the pages. */
      readonly during: readonly OrgWrite[];
      readonly limits: { readonly pageSize: number; readonly pages: number };
    };

export interface History {
  readonly behavior: OrgBehavior;
  /** Rows that are there from the start. */
  readonly old: number;
  readonly steps: readonly Step[];
}

/** Histories with everything that makes pollers lose rows; the larger, the crueller. */
export function histories(changes: { readonly deletions: boolean }): fc.Arbitrary<History> {
  return behaviors(changes).chain((temper) => {
    const deed = writes(temper);
    return fc.record({
      behavior: fc.constant(temper),
      old: fc.nat(8),
      steps: fc.array(steps(deed, temper, changes.deletions), { minLength: 10, maxLength: 80, size: 'max' }),
    });
  });
}

function behaviors({ deletions }: { readonly deletions: boolean }): fc.Arbitrary<OrgBehavior> {
  return fc
    .record({
      filtersVersions: fc.boolean(),
      paging: fc.constantFrom('seek', 'seek', 'offset'),
      tokenTaken: fc.constantFrom('first-page', 'last-page'),
      tokenCounts: fc.constantFrom('commits', 'versions'),
      deltaPageSize: fc.constantFrom(2, 5, 5000),
      answerMs: fc.constantFrom(0, 0, 300, 1500),
    })
    .map(
      (temper): OrgBehavior => ({
        ...temper,
        paging: deletions ? 'seek' : temper.paging,
        maxPageSize: 5000,
      }),
    );
}

function writes(temper: OrgBehavior): fc.Arbitrary<OrgWrite> {
  // Without the version window, `modifiedon` back-dated by more than the overlap less two minutes is out of reach.
  const maxBackMs = temper.filtersVersions ? 5 * hour : 7 * minute;
  const back = fc.oneof(
    { weight: 4, arbitrary: fc.constant(0) },
    { weight: 1, arbitrary: fc.integer({ min: 0, max: maxBackMs / second }).map((s) => s * second) },
  );
  const write = fc.record({
    commitsAfterMs: fc.oneof(
      { weight: 2, arbitrary: fc.constant(0) },
      { weight: 1, arbitrary: fc.integer({ min: 0, max: 2 * minute }) },
    ),
    // Counting rows and equal times go together only on real page sizes; see read-window.test.ts.
    backMs: temper.paging === 'offset' ? fc.constant(0) : back,
    bornEarlier: fc.integer({ min: 0, max: 9 }).map((n) => n === 0),
  });
  return fc.oneof(
    fc.record({ do: fc.constant('insert' as const), write }),
    fc.record({ do: fc.constant('update' as const), pick: fc.nat(), write }),
    fc.record({ do: fc.constant('remove' as const), pick: fc.nat(), write }),
  );
}

function steps(deed: fc.Arbitrary<OrgWrite>, temper: OrgBehavior, deletions: boolean): fc.Arbitrary<Step> {
  const wait = fc.constantFrom(200, second, 30 * second, minute, 5 * minute, 11 * minute, 3 * hour);
  const poll = fc.record({
    do: fc.constant('poll' as const),
    crash: fc.constantFrom<Crash[]>(
      'none',
      'none',
      'none',
      'none',
      'none',
      'before-delivery',
      'before-checkpoint',
    ),
    during: fc.array(deed, { maxLength: 4 }),
    limits: fc.constantFrom(
      { pageSize: 2, pages: 1 },
      { pageSize: 3, pages: 2 },
      { pageSize: 4, pages: 100 },
    ),
  });
  const expire = deletions && temper.tokenCounts === 'commits' ? 2 : 0;
  return fc.oneof(
    { weight: 12, arbitrary: deed },
    { weight: 6, arbitrary: fc.record({ do: fc.constant('wait' as const), ms: wait }) },
    { weight: 10, arbitrary: poll },
    { weight: expire, arbitrary: fc.record({ do: fc.constant('expire' as const) }) },
    {
      weight: 1,
      arbitrary: fc.record({ do: fc.constant('fall-back' as const), rounds: fc.integer({ min: 1, max: 3 }) }),
    },
  );
}

/** Does a deed, if it can be done now. */
export function applyWrite(org: SimulatedOrg, orgWrite: OrgWrite, isOneASecond: boolean): void {
  if (orgWrite.do === 'insert') org.insert(orgWrite.write);
  else {
    const ids = [...org.rows.keys()];
    const id = ids[orgWrite.pick % Math.max(1, ids.length)];
    if (id !== undefined) org[orgWrite.do](id, orgWrite.write);
  }
  if (isOneASecond) org.wait(second);
}
