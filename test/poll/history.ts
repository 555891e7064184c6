import fc from 'fast-check';
import { HOUR, MINUTE, SECOND } from './fixtures.ts';
import type { Crash } from './simulated-host.ts';
import type { SimulatedOrg, Temper, Write } from './simulated-org.ts';

/** Something that somebody does in the organisation. */
export type Deed =
  | { readonly do: 'insert'; readonly write: Write }
  | { readonly do: 'update'; readonly pick: number; readonly write: Write }
  | { readonly do: 'remove'; readonly pick: number; readonly write: Write };

/** One step of a history. */
export type Step =
  | Deed
  | { readonly do: 'wait'; readonly ms: number }
  | { readonly do: 'expire' }
  | { readonly do: 'fall-back'; readonly rounds: number }
  | {
      readonly do: 'poll';
      readonly crash: Crash;
      /** Done one after the other between the pages. */
      readonly during: readonly Deed[];
      readonly limits: { readonly pageSize: number; readonly pages: number };
    };

export interface History {
  readonly temper: Temper;
  /** Rows that are there from the start. */
  readonly old: number;
  readonly steps: readonly Step[];
}

/** Histories with everything that makes pollers lose rows; the larger, the crueller. */
export function histories(changes: { readonly deletions: boolean }): fc.Arbitrary<History> {
  return tempers(changes).chain((temper) => {
    const deed = deeds(temper);
    return fc.record({
      temper: fc.constant(temper),
      old: fc.nat(8),
      steps: fc.array(steps(deed, temper, changes.deletions), { minLength: 10, maxLength: 80, size: 'max' }),
    });
  });
}

function tempers({ deletions }: { readonly deletions: boolean }): fc.Arbitrary<Temper> {
  return fc
    .record({
      filtersVersions: fc.boolean(),
      paging: fc.constantFrom('seek', 'seek', 'offset'),
      tokenTaken: fc.constantFrom('first-page', 'last-page'),
      tokenCounts: fc.constantFrom('commits', 'versions'),
      deltaPageSize: fc.constantFrom(2, 5, 5000),
      answerMs: fc.constantFrom(0, 0, 300, 1500),
    })
    .map((temper) => (deletions ? { ...temper, paging: 'seek' as const } : temper) as Temper);
}

function deeds(temper: Temper): fc.Arbitrary<Deed> {
  // Without the version window, `modifiedon` back-dated by more than the overlap less two minutes is out of reach.
  const mostBack = temper.filtersVersions ? 5 * HOUR : 7 * MINUTE;
  const back = fc.oneof(
    { weight: 4, arbitrary: fc.constant(0) },
    { weight: 1, arbitrary: fc.integer({ min: 0, max: mostBack / SECOND }).map((s) => s * SECOND) },
  );
  const write = fc.record({
    commitsAfterMs: fc.oneof(
      { weight: 2, arbitrary: fc.constant(0) },
      { weight: 1, arbitrary: fc.integer({ min: 0, max: 2 * MINUTE }) },
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

function steps(deed: fc.Arbitrary<Deed>, temper: Temper, deletions: boolean): fc.Arbitrary<Step> {
  const wait = fc.constantFrom(200, SECOND, 30 * SECOND, MINUTE, 5 * MINUTE, 11 * MINUTE, 3 * HOUR);
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
export function perform(org: SimulatedOrg, deed: Deed, isOneASecond: boolean): void {
  if (deed.do === 'insert') org.insert(deed.write);
  else {
    const ids = [...org.rows.keys()];
    const id = ids[deed.pick % Math.max(1, ids.length)];
    if (id !== undefined) org[deed.do](id, deed.write);
  }
  if (isOneASecond) org.wait(SECOND);
}
