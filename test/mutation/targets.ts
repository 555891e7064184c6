/** The sources whose mutants are counted, and the smallest set of tests that should notice them. */
export const targets: readonly { readonly file: string; readonly tests: readonly string[] }[] = [
  { file: 'src/odata/encode-scalar.ts', tests: ['test/odata/*.test.ts'] },
  { file: 'src/http/assert-same-origin.ts', tests: ['test/http/assert-same-origin.test.ts'] },
];
