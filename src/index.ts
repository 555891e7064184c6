/** The entry point of programs: `import { loadConnector } from 'dynamics365-connector'`. */

export type { StartSignInOptions } from './auth/authorization-code.ts';
export type { DeviceCodePrompt } from './auth/device-code.ts';
export type { Environment } from './auth/environment.ts';
export type { KeyProvider } from './auth/key-ring.ts';
export type { Organization } from './auth/organization-discovery.ts';
export type { Account } from './auth/token-set.ts';
export { openVault, type Vault } from './auth/vault.ts';
export type { WhoAmI } from './auth/who-am-i.ts';
export type { RowReport, WriteJob, WriteProgress } from './bulk/write-job.ts';
export type { StepPlan } from './changeset/explain-steps.ts';
export type { ChangeSetStep } from './changeset/plan-steps.ts';
export type { Client } from './client/client.ts';
export type { Connector, SignInSettings } from './client/connector.ts';
export type {
  ClientApplication,
  ClientCertificate,
  Credential,
  TokenCredential,
  UserConnection,
} from './client/credential.ts';
export type { OperationTypes, UntypedOperations } from './client/operation-types.ts';
export type { ConnectOptions } from './client/runtime.ts';
export type { UserSignIn } from './client/sign-in.ts';
export { ConnectorError, type ErrorDetails } from './errors/connector-error.ts';
export { type ErrorCategory, type ErrorCode, errorCodes } from './errors/error-codes.ts';
export type { AccessRight, MissingPrivilege } from './errors/missing-privilege.ts';
export type { StepOutcome, StepReport } from './errors/step-report.ts';
export type { PollOptions } from './feed/run-poll.ts';
export type { FileDownload } from './files/download.ts';
export type { ColumnUpload, FileColumnAddress, FileUpload, NoteUpload } from './files/upload.ts';
export type { Operations } from './generated/operations.ts';
export type { ServiceLimits } from './http/rate-limit/service-limits.ts';
export type { MetadataSource } from './metadata/metadata-service.ts';
export type {
  ActionDefinition,
  ActionEffects,
  AlternateKeyMatch,
  ChangeType,
  ConnectorDefinition,
  ContractTest,
  ErrorMapping,
  ExpectedRequest,
  GrantType,
  HandlerAction,
  MockResponse,
  OutputShape,
  Pagination,
  PollTest,
  QueryOption,
  RequestAction,
  RequestTemplate,
  RetrySafety,
  StepSequence,
  StepTemplate,
  TriggerDefinition,
  TriggerWatch,
  Verification,
} from './model/definition.ts';
export type { Diagnostic, Issue, SourceLocation } from './model/diagnostic.ts';
export type { HandlerName } from './model/handlers.ts';
export type { HttpMethod, HttpRequest, HttpResponse, HttpSender } from './model/http.ts';
export type { Json, JsonObject, JsonSchema } from './model/json.ts';
export type {
  MetadataChoice,
  MetadataColumn,
  MetadataNavigation,
  MetadataOperation,
  MetadataOperations,
  MetadataParameter,
  MetadataTable,
  MetadataTableSummary,
  RequiredLevel,
} from './model/metadata.ts';
export type { Checkpoint, PollItem, PollResult, RequestPlan, RunMeta, RunResult } from './model/plan.ts';
export type {
  Clock,
  ExpectedVersion,
  ListedEntry,
  ListRange,
  Log,
  LogEvent,
  LogLevel,
  RuntimeServices,
  StateEntry,
  StateStore,
  StateWrites,
} from './model/runtime-services.ts';
export { Secret } from './model/secret.ts';
export type { AccessToken, TokenSource } from './model/token.ts';
export { createEnvKeyProvider, createFileKeyProvider } from './node/key-provider.ts';
export { checkManifest, expandOperation, type LoadOptions, loadConnector } from './node/load-connector.ts';
export { openSqliteStore, type SqliteStore } from './node/sqlite-store.ts';
export type { QueryReport, QueryRequest } from './query/query-request.ts';
export type { RowPage } from './run/list-pages.ts';
export type { RowList } from './run/list-rows.ts';
export type { QueryOptions } from './run/query-rows.ts';
export type { RunOptions } from './run/run-options.ts';
