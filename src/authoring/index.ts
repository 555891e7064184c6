/**
 * Tools for authors of manifests: diagnostics, contract tests, lint and type generation.
 * `import { ... } from 'dynamics365-connector/authoring'`
 */

export { checkShape } from '../manifest/check-shape.ts';
export { durationMs } from '../manifest/duration.ts';
export { printDiagnostics } from '../manifest/print-diagnostic.ts';
export { Site } from '../manifest/site.ts';
export { readYaml } from '../manifest/yaml.ts';
export { readSnapshot, writeSnapshot } from '../metadata/snapshot.ts';
export { createTables } from '../metadata/with-tables.ts';
export { createChecker } from '../query/check-query.ts';
export { createValidator, writeChecks } from '../validation/validator.ts';
export type { CaseResult } from './contract/run-case.ts';
export { runTests } from './contract/run-tests.ts';
export { lintManifest } from './lint-manifest.ts';
export { writeTypes } from './write-types.ts';
