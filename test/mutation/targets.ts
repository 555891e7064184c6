import { feedFiles } from './feed-targets.ts';

/** A source file, and the tests that should notice its mutants: the fast ones first. */
export interface MutatedFile {
  readonly file: string;
  readonly tests: readonly string[];
  /** Mutants that behave as the source does, each with the reason. */
  readonly equivalent?: readonly (readonly [line: string, reason: string])[];
}

const guard = 'src/http/assert-same-origin.ts';
const slowWay = 'it only chooses the slow way, whose answer is the same';
const longAgo = 'the first milliseconds of 1970 are over, as 0 is';
const firstLease =
  'nothing reads it before the first lease, which every request needs: the state before has expired';
const retryTests = ['test/http/retry-budget.test.ts', 'test/http/retry.test.ts'];
const vaultTests = ['test/auth/seal.test.ts', 'test/auth/vault.test.ts'];
const checkpointTests = ['test/feed/checkpoint.test.ts', 'test/feed/cursor.test.ts'];
const limits = 'test/http/rate-limit/';
const budgetTests = [
  `${limits}rate-budget.test.ts`,
  `${limits}steady-rate.test.ts`,
  `${limits}shared-budget.test.ts`,
];
const limiterTests = [
  `${limits}learned-limits.test.ts`,
  `${limits}lease-holder.test.ts`,
  `${limits}try-acquire.test.ts`,
  `${limits}limiter.test.ts`,
];

/** The sources whose mutants are counted. */
export const targets: readonly { readonly kind: string; readonly files: readonly MutatedFile[] }[] = [
  { kind: 'literals', files: [{ file: 'src/odata/encode-scalar.ts', tests: ['test/odata/*.test.ts'] }] },
  {
    kind: 'URL guard',
    files: [
      {
        file: guard,
        tests: ['test/http/assert-same-origin.test.ts'],
        equivalent: [
          ['const isSafe = assertSameOrigin(origin, basePath, prefix).href[ ===  ->  !== ]prefix;', slowWay],
          ['if (query !== lastQuery[ &&  ->  || ]!plainQuery.test(query)) return false;', slowWay],
          ['return [true -> false];', slowWay],
          ['const path = link.slice(prefix.length, end[ <  ->  <= ]0 ? undefined : end);', slowWay],
          [
            'return (simplePath.test(path)[ ||  ->  && ]plainPath.test(path)) && (end < 0 || isPlainQuery(link.slice(end + 1)));',
            slowWay,
          ],
          [
            'return (simplePath.test(path) || plainPath.test(path)) && (end[ <  ->  <= ]0 || isPlainQuery(link.slice(end + 1)));',
            slowWay,
          ],
          [
            'return (simplePath.test(path) || plainPath.test(path)) && (end < 0[ ||  ->  && ]isPlainQuery(link.slice(end + 1)));',
            slowWay,
          ],
          [
            'return (simplePath.test(path) || plainPath.test(path)) && (end < 0 || isPlainQuery(link.slice(end[ +  ->  - ]1)));',
            slowWay,
          ],
        ],
      },
    ],
  },
  {
    kind: 'retry',
    files: [
      { file: 'src/http/policies/retry.ts', tests: ['test/http/retry.test.ts'] },
      { file: 'src/http/retry-budget.ts', tests: retryTests },
      {
        file: 'src/model/retry-after.ts',
        tests: retryTests,
        equivalent: [
          [
            "if (value === undefined[ ||  ->  && ]value === '') return undefined;",
            'neither is a number or a date, so the answer is the same',
          ],
        ],
      },
      {
        file: 'packages/worker/src/delivery/retry-schedule.ts',
        tests: ['packages/worker/test/delivery/retry-schedule.test.ts'],
      },
    ],
  },
  {
    kind: 'vault',
    files: [
      { file: 'src/auth/vault.ts', tests: vaultTests },
      {
        file: 'src/auth/seal.ts',
        tests: vaultTests,
        equivalent: [
          [
            "messageKey: await crypto.subtle.importKey('raw', bits.subarray(0, 32), 'AES-GCM', [false -> true], [...usages]),",
            'nothing outside of the function gets this key',
          ],
        ],
      },
      {
        file: 'src/auth/key-ring.ts',
        tests: vaultTests,
        equivalent: [
          ['if (id === undefined[ ||  ->  && ]bytes === undefined) {', 'the pattern has both parts or none'],
        ],
      },
    ],
  },
  {
    kind: 'checkpoint',
    files: [
      {
        file: 'src/feed/checkpoint.ts',
        tests: checkpointTests,
        equivalent: [
          ['.sort(([a], [b]) => (a[ <  ->  <= ]b ? -1 : 1))', 'no two keys of an object are equal'],
          ['.sort(([a], [b]) => (a < b ? -1 : [1 -> 2]))', 'a sort asks for the sign only'],
        ],
      },
      { file: 'src/feed/cursor-json.ts', tests: checkpointTests },
      {
        file: 'src/feed/cursor.ts',
        tests: checkpointTests,
        equivalent: [
          [
            'const highest = read.highest[ >  ->  >= ]watermark.version ? read.highest : watermark.version;',
            'the maximum of two equal numbers is either of them',
          ],
        ],
      },
    ],
  },
  {
    kind: 'rate limit',
    files: [
      { file: 'src/http/rate-limit/concurrency.ts', tests: [`${limits}concurrency.test.ts`] },
      { file: 'src/http/rate-limit/learned-limits.ts', tests: [`${limits}learned-limits.test.ts`] },
      { file: 'src/http/rate-limit/steady-rate.ts', tests: budgetTests },
      {
        file: 'src/http/rate-limit/rate-budget.ts',
        tests: budgetTests,
        equivalent: [
          [
            'export const emptyRateBudget: RateBudget = { blockedUntil: [0 -> 1], nextAt: 0, spent: [], leased: {} };',
            longAgo,
          ],
          [
            'export const emptyRateBudget: RateBudget = { blockedUntil: 0, nextAt: [0 -> 1], spent: [], leased: {} };',
            longAgo,
          ],
          [
            'blockedUntil: isPlausibleBlock(budget.blockedUntil, now) ? budget.blockedUntil : [0 -> 1],',
            longAgo,
          ],
          ['nextAt: isPlausible(budget.nextAt) ? budget.nextAt : [0 -> 1],', longAgo],
        ],
      },
      { file: 'src/http/rate-limit/rate-limit-headers.ts', tests: budgetTests },
      { file: 'src/http/rate-limit/usage-tracker.ts', tests: budgetTests },
      { file: 'src/http/rate-limit/shared-budget.ts', tests: [`${limits}shared-budget.test.ts`] },
      { file: 'src/http/rate-limit/wait-queue.ts', tests: [`${limits}wait-queue.test.ts`] },
      { file: 'src/http/rate-limit/timer.ts', tests: [`${limits}timer.test.ts`] },
      { file: 'src/http/rate-limit/service-limits.ts', tests: limiterTests },
      {
        file: 'src/http/rate-limit/lease-holder.ts',
        tests: limiterTests,
        equivalent: [
          ...[
            'requests: [0 -> 1], startsAt: 0, intervalMs: 0, until: 0,',
            'requests: 0, startsAt: [0 -> 1], intervalMs: 0, until: 0,',
            'requests: 0, startsAt: 0, intervalMs: [0 -> 1], until: 0,',
            'requests: 0, startsAt: 0, intervalMs: 0, until: [0 -> 1],',
          ].map((part) => [`const noLease: Lease = { ${part} holders: 1 };`, firstLease] as const),
          ...['#requestsLeft', '#nextAt', '#takenAt', '#checkedAt', '#used'].map(
            (field) => [`${field} = [0 -> 1];`, firstLease] as const,
          ),
          ['#blockedUntil = [0 -> 1];', longAgo],
          ['this.#blockedUntil = [0 -> 1];', longAgo],
          [
            'return until !== 0 && isPlausibleBlock(until, this.#options.clock.now()) ? until : [0 -> 1];',
            longAgo,
          ],
        ],
      },
      { file: 'src/http/rate-limit/limiter.ts', tests: limiterTests },
    ],
  },
  {
    kind: 'lease',
    files: [
      {
        file: 'src/http/rate-limit/lease.ts',
        tests: [`${limits}lease.test.ts`, `${limits}rate-budget.test.ts`],
      },
      { file: 'packages/mirror/src/target/lease.ts', tests: ['packages/mirror/test/lease.test.ts'] },
    ],
  },
  { kind: 'change feed', files: feedFiles },
  {
    kind: 'shared sign-in',
    files: [
      {
        file: 'src/auth/renew-shared-tokens.ts',
        tests: ['test/auth/cached-token-source.test.ts', 'test/auth/claims-challenge.test.ts'],
      },
    ],
  },
];
