/**
 * Tools for authors of action and trigger files: diagnostics, contract tests, lint and type generation.
 * `import { ... } from 'dynamics365-connector/authoring'`
 */

import { guardFunctions } from '../errors/guard-functions.ts';
import * as parseDuration from '../manifest/read/parse-duration.ts';
import * as printDiagnosticsModule from '../manifest/read/print-diagnostics.ts';
import * as readSourceModule from '../manifest/read/read-source.ts';
import * as readYaml from '../manifest/read/read-yaml.ts';
import * as snapshot from '../metadata/snapshot.ts';
import * as tableLoader from '../metadata/table-loader.ts';
import * as applyEditsModule from '../model/apply-edits.ts';
import * as escapeXmlModule from '../odata/fetchxml/escape-xml.ts';
import * as queryChecker from '../query/query-checker.ts';
import * as ajv from '../validation/ajv.ts';
import * as validator from '../validation/validator.ts';
import * as locateTest from './contract/locate-test.ts';
import * as runContractTestsModule from './contract/run-contract-tests.ts';
import * as sampleInputModule from './contract/sample-input.ts';
import * as explainCodeModule from './explain-code.ts';
import * as languageService from './language/language-service.ts';
import * as learnTablesModule from './learn/learn-tables.ts';
import * as lintManifestModule from './lint-manifest.ts';
import * as precompileModule from './precompile.ts';
import * as appendTestModule from './record/append-test.ts';
import * as recordTestModule from './record/record-test.ts';
import * as recordingSender from './record/recording-sender.ts';
import * as compareRoleModule from './rights/compare-role.ts';
import * as computeRoleModule from './rights/compute-role.ts';
import * as createRoleModule from './rights/create-role.ts';
import * as scaffoldConnectorModule from './scaffold/scaffold-connector.ts';
import * as scaffoldFileModule from './scaffold/scaffold-file.ts';
import * as toMetadataTablesModule from './to-metadata-tables.ts';
import * as writeTypesModule from './write-types.ts';

export type { SourceNode } from '../manifest/read/source-node.ts';
export type { ContractCaseResult } from './contract/run-case.ts';
export type { Difference, TestFailure } from './contract/test-failure.ts';
export type { LanguageService } from './language/language-service.ts';
export type { LearnedChange } from './learn/learn-tables.ts';
export { learnedFile } from './learn/learned-record.ts';
export type { PrecompiledDefinition } from './precompile.ts';
export type { RecordedExchange } from './record/record-test.ts';
export type { ComparedLine, RoleComparison } from './rights/compare-role.ts';
export {
  type ComputedRole,
  type PrivilegeDepth,
  privilegeDepths,
  type RoleLine,
  type RoleReason,
  type RoleRequest,
} from './rights/compute-role.ts';
export type { CreatedRole } from './rights/create-role.ts';
export type { ScaffoldKind } from './scaffold/scaffold-file.ts';

export const { parseDurationMs } = guardFunctions(parseDuration);
export const { printDiagnostics } = guardFunctions(printDiagnosticsModule);
export const { readSource } = guardFunctions(readSourceModule);
export const { isReadable } = guardFunctions(readYaml);
export const { readSnapshot, writeSnapshot } = guardFunctions(snapshot);
export const { createTableLoader } = guardFunctions(tableLoader);
export const { applyEdits, sortEdits } = guardFunctions(applyEditsModule);
export const { escapeXml } = guardFunctions(escapeXmlModule);
export const { createQueryChecker } = guardFunctions(queryChecker);
export const { generateValidatorSource } = guardFunctions(ajv);
export const { createValidator } = guardFunctions(validator);
export const { locateFailure, updateTest } = guardFunctions(locateTest);
export const { runContractTests } = guardFunctions(runContractTestsModule);
export const { sampleInput } = guardFunctions(sampleInputModule);
export const { explainCode } = guardFunctions(explainCodeModule);
export const { createLanguageService } = guardFunctions(languageService);
export const { learnTables, listTablesToLearn } = guardFunctions(learnTablesModule);
export const { lintManifest } = guardFunctions(lintManifestModule);
export const { precompile } = guardFunctions(precompileModule);
export const { appendTest } = guardFunctions(appendTestModule);
export const { recordTest } = guardFunctions(recordTestModule);
export const { createRecordingSender } = guardFunctions(recordingSender);
export const { compareRole } = guardFunctions(compareRoleModule);
export const { computeRole } = guardFunctions(computeRoleModule);
export const { createRole } = guardFunctions(createRoleModule);
export const { scaffoldConnector } = guardFunctions(scaffoldConnectorModule);
export const { scaffoldFile } = guardFunctions(scaffoldFileModule);
export const { toMetadataTables } = guardFunctions(toMetadataTablesModule);
export const { writeTypes } = guardFunctions(writeTypesModule);
