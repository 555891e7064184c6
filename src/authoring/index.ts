/**
 * Tools for authors of action and trigger files: diagnostics, contract tests, lint and type generation.
 * `import { ... } from 'dynamics365-connector/authoring'`
 */

export { checkGrammar } from '../manifest/check-grammar.ts';
export { parseDurationMs } from '../manifest/parse-duration.ts';
export { printDiagnostics } from '../manifest/print-diagnostics.ts';
export { readYaml } from '../manifest/read-yaml.ts';
export { SourceNode } from '../manifest/source-node.ts';
export { readSnapshot, writeSnapshot } from '../metadata/snapshot.ts';
export { createTableLoader } from '../metadata/table-loader.ts';
export { createQueryChecker } from '../query/query-checker.ts';
export { createValidator, generateValidatorSource } from '../validation/validator.ts';
export type { ContractCaseResult } from './contract/run-case.ts';
export { runContractTests } from './contract/run-contract-tests.ts';
export { lintManifest } from './lint-manifest.ts';
export { writeTypes } from './write-types.ts';
