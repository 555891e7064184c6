/**
 * The host SDK: what a host needs besides the connector itself. `import { ... } from 'dynamics365-connector/host'`.
 * Pure: no Node.js modules, so that it can be bundled for any runtime.
 */
export { explainEntraError, parseEntraError } from './auth/entra-error.ts';
export { readAccount } from './auth/stored-token-source.ts';
export type { Client } from './client/client.ts';
export { openConnection } from './client/connect.ts';
export { type Connector, type ConnectorParts, createConnector, runtimeOf } from './client/connector.ts';
export { createClient } from './client/create-client.ts';
export type { UserConnection } from './client/credential.ts';
export { createMemoryStore, readStoreContent, type StoreContent } from './client/memory-store.ts';
export { observeRequest, observeWork } from './client/observe-work.ts';
export { createPrefixedStore } from './client/prefixed-store.ts';
export type { ConnectOptions, Runtime } from './client/runtime.ts';
export { type AnyClient, type AnyConnector, untypedClient, untypedConnector } from './client/untyped.ts';
export { asConnectorError } from './errors/as-connector-error.ts';
export { ConnectorError } from './errors/connector-error.ts';
export { suggest } from './errors/suggest.ts';
export { type ErrorLogFields, toLogFields } from './errors/to-log-fields.ts';
export { epochOf } from './feed/checkpoint.ts';
export { advanceCursor, type Cursor, rowPosition, startPosition, windowQuery } from './feed/cursor.ts';
export { parseCursor, serializeCursor } from './feed/cursor-json.ts';
export { type DeriveOptions, deriveItems } from './feed/derive-items.ts';
export {
  type Feed,
  type FeedNeeds,
  type FeedReadOptions,
  type FeedSubscription,
  type FeedWake,
  mergeNeeds,
  needsOf,
  type ReadLimits,
  type Retention,
} from './feed/feed.ts';
export type { FeedHead } from './feed/feed-head.ts';
export { findRowsById } from './feed/find-existing.ts';
export { forgetRow } from './feed/forget-row.ts';
export { readInitialPosition } from './feed/initial-cursor.ts';
export { isRejectedRequest } from './feed/is-rejected-request.ts';
export {
  type OpenedSubscription,
  openFeed,
  openSubscription,
  type SubscriptionOptions,
} from './feed/open-feed.ts';
export { pruneState } from './feed/prune-state.ts';
export { type FeedReadResult, readFeed } from './feed/read-feed.ts';
export { readWindow } from './feed/read-window.ts';
export { normalizeGuid, type RowFacts } from './feed/row-facts.ts';
export { createRowReader, type ReadPurpose } from './feed/row-reader.ts';
export type { PollPage, RowReader, WireRow } from './feed/row-reader-port.ts';
export { type PollOptions, runPoll } from './feed/run-poll.ts';
export { withoutNameOf } from './feed/without-name-of.ts';
export { describeOperation } from './host-view/describe-operation.ts';
export type { FieldKind, FieldView } from './host-view/field-view.ts';
export { loadColumns, loadPickList, type PickListQuery } from './host-view/load-pick-list.ts';
export type { AnswerView, ColumnView, OperationView } from './host-view/operation-view.ts';
export { parseDateTime } from './host-view/parse-date-time.ts';
export type { PickList, PickOption, TableSource } from './host-view/pick-list.ts';
export { type PickedRow, parsePickedRow } from './host-view/picked-row.ts';
export { rankOperations } from './host-view/rank-operations.ts';
export { readColumnValues } from './host-view/read-column-values.ts';
export { type FormContext, readFormValue } from './host-view/read-form-value.ts';
export { idFromRowUrl, rowUrl } from './host-view/row-url.ts';
export { type CallEffect, type CallPart, effectsOfCall, summarizeCall } from './host-view/summarize-call.ts';
export { traceSender } from './http/trace-requests.ts';
export { isRequired, isWritable } from './metadata/build-table-schema.ts';
export { isWatchable } from './metadata/is-watchable.ts';
export { type Audit, type AuditChange, type AuditLine, type AuditOutcome, runAs } from './model/audit.ts';
export { removeControls, toPrintableJson, toVisibleJson } from './model/control-characters.ts';
export { parseExactJson } from './model/exact-json.ts';
export { guidSource, isGuid } from './model/guid.ts';
export { isJsonObject, type Json } from './model/json.ts';
export { parseJsonPointer, toJsonPointer } from './model/json-pointer.ts';
export { isLoopbackHost } from './model/loopback.ts';
export { omitUndefined } from './model/omit-undefined.ts';
export { maxRetryAfterMs, parseRetryAfter } from './model/retry-after.ts';
export { findTableByName, keyPropertyOf, type Table } from './model/table.ts';
export type {
  Telemetry,
  Work,
  WorkKind,
  WorkOutcome,
  WorkSpan,
} from './model/telemetry.ts';
export { maxPageSize } from './odata/limits.ts';
export { quoteFilterText, quoteString } from './odata/quote-string.ts';
export {
  etagMember,
  formattedValueAnnotation,
  lookupTableName,
  omitEtag,
  readFormattedValue,
} from './odata/row-annotations.ts';
export { toWireName } from './odata/wire-name.ts';
export { type FailedPush, readFailedPushes } from './push/failed-jobs.ts';
export { createPushEndpoint, type PushEndpoint } from './push/push-endpoint.ts';
export {
  maxPushBodyBytes,
  type PushExpectation,
  type PushHint,
  type PushRequest,
  readDeletedId,
  readPushRequest,
} from './push/push-request.ts';
export { type PushMessage, type PushStep, pushStepsOf } from './push/push-steps.ts';
export {
  checkRegistration,
  type PushRegistration,
  removeRegistration,
  repairRegistration,
  type WantedRegistration,
} from './push/registration.ts';
export { resolveTable } from './query/resolve-table.ts';
export {
  applicableCallOptions,
  type CallOptionName,
  callOptionSchemas,
  parseCallOptions,
} from './run/call-option-schemas.ts';
export type { CallOptions } from './run/call-options.ts';
export { checkInput } from './run/check-input.ts';
export type { Connection } from './run/connection.ts';
export { createIdMatcher } from './run/create-id-matcher.ts';
export { deterministicId } from './run/deterministic-id.ts';
export { isRepeatableWithKey } from './run/is-repeatable-with-key.ts';
export { loadTable } from './run/metadata-table.ts';
export { requireOperation } from './run/require-operation.ts';
export type { RunOptions } from './run/run-options.ts';
export type { ValidateFunction } from './validation/collect-issues.ts';
export { createPrecompiledValidator } from './validation/precompiled-validator.ts';
export type { Validator } from './validation/validator.ts';
