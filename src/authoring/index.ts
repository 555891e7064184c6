/**
 * Tools for authors of action and trigger files: diagnostics, contract tests, lint and type generation.
 * `import { ... } from 'dynamics365-connector/authoring'`
 */

export { parseDurationMs } from '../manifest/read/parse-duration.ts';
export { printDiagnostics } from '../manifest/read/print-diagnostics.ts';
export { readSource } from '../manifest/read/read-source.ts';
export { isReadable } from '../manifest/read/read-yaml.ts';
export type { SourceNode } from '../manifest/read/source-node.ts';
export { readSnapshot, writeSnapshot } from '../metadata/snapshot.ts';
export { createTableLoader } from '../metadata/table-loader.ts';
export { applyEdits, sortEdits } from '../model/apply-edits.ts';
export { escapeXml } from '../odata/fetchxml/escape-xml.ts';
export { createQueryChecker } from '../query/query-checker.ts';
export { generateValidatorSource } from '../validation/ajv.ts';
export { createValidator } from '../validation/validator.ts';
export { locateFailure, updateTest } from './contract/locate-test.ts';
export type { ContractCaseResult } from './contract/run-case.ts';
export { runContractTests } from './contract/run-contract-tests.ts';
export { sampleInput } from './contract/sample-input.ts';
export type { Difference, TestFailure } from './contract/test-failure.ts';
export { explainCode } from './explain-code.ts';
export { createLanguageService, type LanguageService } from './language/language-service.ts';
export { type LearnedChange, learnTables, listTablesToLearn } from './learn/learn-tables.ts';
export { learnedFile } from './learn/learned-record.ts';
export { lintManifest } from './lint-manifest.ts';
export { type PrecompiledDefinition, precompile } from './precompile.ts';
export { appendTest } from './record/append-test.ts';
export { type RecordedExchange, recordTest } from './record/record-test.ts';
export { createRecordingSender } from './record/recording-sender.ts';
export { type ComparedLine, compareRole, type RoleComparison } from './rights/compare-role.ts';
export {
  type ComputedRole,
  computeRole,
  type PrivilegeDepth,
  privilegeDepths,
  type RoleLine,
  type RoleReason,
  type RoleRequest,
} from './rights/compute-role.ts';
export { type CreatedRole, createRole } from './rights/create-role.ts';
export { scaffoldConnector } from './scaffold/scaffold-connector.ts';
export { type ScaffoldKind, scaffoldFile } from './scaffold/scaffold-file.ts';
export { toMetadataTables } from './to-metadata-tables.ts';
export { writeTypes } from './write-types.ts';
