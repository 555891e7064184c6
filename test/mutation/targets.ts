/** A source file, and the tests that should notice its mutants: the fast ones first. */
export interface MutatedFile {
  readonly file: string;
  readonly tests: readonly string[];
  /** Mutants that behave as the source does, each with the reason. */
  readonly equivalent?: readonly (readonly [line: string, reason: string])[];
}

const rateLimitTests = [
  'test/http/rate-limit/concurrency.test.ts',
  'test/http/rate-limit/learned-limits.test.ts',
  'test/http/rate-limit/rate-budget.test.ts',
  'test/http/rate-limit/shared-budget.test.ts',
  'test/http/rate-limit/steady-rate.test.ts',
  'test/http/rate-limit/limiter.test.ts',
];
const rateLimit = (name: string): MutatedFile => ({
  file: `src/http/rate-limit/${name}.ts`,
  tests: rateLimitTests,
});

/** The sources whose mutants are counted. */
export const targets: readonly { readonly kind: string; readonly files: readonly MutatedFile[] }[] = [
  { kind: 'literals', files: [{ file: 'src/odata/encode-scalar.ts', tests: ['test/odata/*.test.ts'] }] },
  {
    kind: 'URL guard',
    files: [{ file: 'src/http/assert-same-origin.ts', tests: ['test/http/assert-same-origin.test.ts'] }],
  },
  {
    kind: 'retry',
    files: [
      { file: 'src/http/policies/retry.ts', tests: ['test/http/retry.test.ts', 'test/http/outage.test.ts'] },
      { file: 'src/http/retry-budget.ts', tests: ['test/http/retry.test.ts', 'test/http/outage.test.ts'] },
      { file: 'src/model/retry-after.ts', tests: ['test/http/retry.test.ts', 'test/http/outage.test.ts'] },
      {
        file: 'packages/worker/src/delivery/retry-schedule.ts',
        tests: ['packages/worker/test/delivery/retry-schedule.test.ts'],
      },
    ],
  },
  {
    kind: 'vault',
    files: [
      { file: 'src/auth/vault.ts', tests: ['test/auth/vault.test.ts'] },
      { file: 'src/auth/seal.ts', tests: ['test/auth/seal.test.ts', 'test/auth/vault.test.ts'] },
      { file: 'src/auth/key-ring.ts', tests: ['test/auth/seal.test.ts', 'test/auth/vault.test.ts'] },
    ],
  },
  {
    kind: 'rate limit',
    files: [
      'concurrency',
      'learned-limits',
      'limiter',
      'rate-budget',
      'rate-limit-headers',
      'service-limits',
      'shared-budget',
      'steady-rate',
      'timer',
      'usage-tracker',
      'wait-queue',
    ].map(rateLimit),
  },
  {
    kind: 'lease',
    files: [
      rateLimit('lease'),
      rateLimit('lease-holder'),
      {
        file: 'src/auth/renew-shared-tokens.ts',
        tests: [
          'test/auth/cached-token-source.test.ts',
          'test/auth/claims-challenge.test.ts',
          'test/auth/vault.test.ts',
          'test/auth/integration/shared-refresh.test.ts',
        ],
      },
      { file: 'packages/mirror/src/target/lease.ts', tests: ['packages/mirror/test/targets.test.ts'] },
    ],
  },
];
