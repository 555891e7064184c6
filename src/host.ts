/**
 * The host SDK: what a host needs besides the connector itself. `import { ... } from 'dynamics365-connector/host'`.
 * Pure: no Node.js modules, so that it can be bundled for any runtime.
 */

import * as entraError from './auth/entra-error.ts';
import * as storedTokenSource from './auth/stored-token-source.ts';
import * as connect from './client/connect.ts';
import * as connector from './client/connector.ts';
import * as createClientModule from './client/create-client.ts';
import * as memoryStore from './client/memory-store.ts';
import * as prefixedStore from './client/prefixed-store.ts';
import * as untyped from './client/untyped.ts';
import { guardFunctions } from './errors/guard-functions.ts';
import * as suggestModule from './errors/suggest.ts';
import * as toLogFieldsModule from './errors/to-log-fields.ts';
import * as checkpoint from './feed/checkpoint.ts';
import * as cursor from './feed/cursor.ts';
import * as cursorJson from './feed/cursor-json.ts';
import * as deriveItemsModule from './feed/derive-items.ts';
import * as feed from './feed/feed.ts';
import * as findExisting from './feed/find-existing.ts';
import * as forgetRowModule from './feed/forget-row.ts';
import * as initialCursor from './feed/initial-cursor.ts';
import * as openFeedModule from './feed/open-feed.ts';
import * as pruneStateModule from './feed/prune-state.ts';
import * as readFeedModule from './feed/read-feed.ts';
import * as readWindowModule from './feed/read-window.ts';
import * as rowFacts from './feed/row-facts.ts';
import * as rowReader from './feed/row-reader.ts';
import * as runPollModule from './feed/run-poll.ts';
import * as withoutNameOfModule from './feed/without-name-of.ts';
import * as describeOperationModule from './host-view/describe-operation.ts';
import * as loadPickListModule from './host-view/load-pick-list.ts';
import * as parseDateTimeModule from './host-view/parse-date-time.ts';
import * as pickedRow from './host-view/picked-row.ts';
import * as rankOperationsModule from './host-view/rank-operations.ts';
import * as readColumnValuesModule from './host-view/read-column-values.ts';
import * as readFormValueModule from './host-view/read-form-value.ts';
import * as rowUrlModule from './host-view/row-url.ts';
import * as summarizeCallModule from './host-view/summarize-call.ts';
import * as traceRequests from './http/trace-requests.ts';
import * as buildTableSchema from './metadata/build-table-schema.ts';
import * as isWatchableModule from './metadata/is-watchable.ts';
import * as controlCharacters from './model/control-characters.ts';
import * as exactJson from './model/exact-json.ts';
import * as guid from './model/guid.ts';
import * as json from './model/json.ts';
import * as jsonPointer from './model/json-pointer.ts';
import * as loopback from './model/loopback.ts';
import * as omitUndefinedModule from './model/omit-undefined.ts';
import * as retryAfter from './model/retry-after.ts';
import * as table from './model/table.ts';
import * as quoteStringModule from './odata/quote-string.ts';
import * as rowAnnotations from './odata/row-annotations.ts';
import * as wireName from './odata/wire-name.ts';
import * as failedJobs from './push/failed-jobs.ts';
import * as pushEndpoint from './push/push-endpoint.ts';
import * as pushRequest from './push/push-request.ts';
import * as pushSteps from './push/push-steps.ts';
import * as registration from './push/registration.ts';
import * as resolveTableModule from './query/resolve-table.ts';
import * as callOptionSchemas from './run/call-option-schemas.ts';
import * as checkInputModule from './run/check-input.ts';
import * as createIdMatcherModule from './run/create-id-matcher.ts';
import * as deterministicIdModule from './run/deterministic-id.ts';
import * as isRepeatableWithKeyModule from './run/is-repeatable-with-key.ts';
import * as metadataTable from './run/metadata-table.ts';
import * as requireOperationModule from './run/require-operation.ts';
import * as assertOptionsModule from './validation/assert-options.ts';
import * as precompiledValidator from './validation/precompiled-validator.ts';

export type { Client } from './client/client.ts';
export type { Connector, ConnectorParts } from './client/connector.ts';
export type { UserConnection } from './client/credential.ts';
export type { StoreContent } from './client/memory-store.ts';
export { observeRequest, observeWork } from './client/observe-work.ts';
export type { ConnectOptions, Runtime } from './client/runtime.ts';
export type { AnyClient, AnyConnector } from './client/untyped.ts';
export { asConnectorError } from './errors/as-connector-error.ts';
export { ConnectorError } from './errors/connector-error.ts';
export { guardFunctions } from './errors/guard-functions.ts';
export type { ErrorLogFields } from './errors/to-log-fields.ts';
export type { Cursor } from './feed/cursor.ts';
export type { DeriveOptions } from './feed/derive-items.ts';
export type {
  Feed,
  FeedNeeds,
  FeedReadOptions,
  FeedSubscription,
  FeedWake,
  ReadLimits,
  Retention,
} from './feed/feed.ts';
export type { FeedHead } from './feed/feed-head.ts';
export { isRejectedRequest } from './feed/is-rejected-request.ts';
export type { OpenedSubscription, SubscriptionOptions } from './feed/open-feed.ts';
export type { FeedReadResult } from './feed/read-feed.ts';
export type { RowFacts } from './feed/row-facts.ts';
export type { ReadPurpose } from './feed/row-reader.ts';
export type { PollPage, RowReader, WireRow } from './feed/row-reader-port.ts';
export type { PollOptions } from './feed/run-poll.ts';
export type { FieldKind, FieldView } from './host-view/field-view.ts';
export type { PickListQuery } from './host-view/load-pick-list.ts';
export type { AnswerView, ColumnView, OperationView } from './host-view/operation-view.ts';
export type { PickList, PickOption, TableSource } from './host-view/pick-list.ts';
export type { PickedRow } from './host-view/picked-row.ts';
export type { FormContext } from './host-view/read-form-value.ts';
export type { CallEffect, CallPart } from './host-view/summarize-call.ts';
export { type Audit, type AuditChange, type AuditLine, type AuditOutcome, runAs } from './model/audit.ts';
export { guidSource } from './model/guid.ts';
export type { Json } from './model/json.ts';
export { maxRetryAfterMs } from './model/retry-after.ts';
export type { Table } from './model/table.ts';
export type {
  Telemetry,
  Work,
  WorkKind,
  WorkOutcome,
  WorkSpan,
} from './model/telemetry.ts';
export { maxPageSize } from './odata/limits.ts';
export { etagMember, formattedValueAnnotation } from './odata/row-annotations.ts';
export type { FailedPush } from './push/failed-jobs.ts';
export type { PushEndpoint } from './push/push-endpoint.ts';
export {
  maxPushBodyBytes,
  type PushExpectation,
  type PushHint,
  type PushRequest,
} from './push/push-request.ts';
export type { PushMessage, PushStep } from './push/push-steps.ts';
export type { PushRegistration, WantedRegistration } from './push/registration.ts';
export { type CallOptionName, callOptionSchemas } from './run/call-option-schemas.ts';
export type { CallOptions } from './run/call-options.ts';
export type { Connection } from './run/connection.ts';
export type { RunOptions } from './run/run-options.ts';
export type { OptionsRule, OptionType } from './validation/assert-options.ts';
export type { ValidateFunction } from './validation/collect-issues.ts';
export type { Validator } from './validation/validator.ts';

export const { explainEntraError, parseEntraError } = guardFunctions(entraError);
export const { readAccount } = guardFunctions(storedTokenSource);
export const { openConnection } = guardFunctions(connect);
export const { createConnector, runtimeOf } = guardFunctions(connector);
export const { createClient } = guardFunctions(createClientModule);
export const { createMemoryStore, readStoreContent } = guardFunctions(memoryStore);
export const { createPrefixedStore } = guardFunctions(prefixedStore);
export const { untypedClient, untypedConnector } = guardFunctions(untyped);
export const { suggest } = guardFunctions(suggestModule);
export const { toLogFields } = guardFunctions(toLogFieldsModule);
export const { epochOf } = guardFunctions(checkpoint);
export const { advanceCursor, rowPosition, startPosition, windowQuery } = guardFunctions(cursor);
export const { parseCursor, serializeCursor } = guardFunctions(cursorJson);
export const { deriveItems } = guardFunctions(deriveItemsModule);
export const { mergeNeeds, needsOf } = guardFunctions(feed);
export const { findRowsById } = guardFunctions(findExisting);
export const { forgetRow } = guardFunctions(forgetRowModule);
export const { readInitialPosition } = guardFunctions(initialCursor);
export const { openFeed, openSubscription } = guardFunctions(openFeedModule);
export const { pruneState } = guardFunctions(pruneStateModule);
export const { readFeed } = guardFunctions(readFeedModule);
export const { readWindow } = guardFunctions(readWindowModule);
export const { normalizeGuid } = guardFunctions(rowFacts);
export const { createRowReader } = guardFunctions(rowReader);
export const { runPoll } = guardFunctions(runPollModule);
export const { withoutNameOf } = guardFunctions(withoutNameOfModule);
export const { describeOperation } = guardFunctions(describeOperationModule);
export const { loadColumns, loadPickList } = guardFunctions(loadPickListModule);
export const { parseDateTime } = guardFunctions(parseDateTimeModule);
export const { parsePickedRow } = guardFunctions(pickedRow);
export const { createRanking } = guardFunctions(rankOperationsModule);
export const { readColumnValues } = guardFunctions(readColumnValuesModule);
export const { readFormValue } = guardFunctions(readFormValueModule);
export const { idFromRowUrl, rowUrl } = guardFunctions(rowUrlModule);
export const { effectsOfCall, summarizeCall } = guardFunctions(summarizeCallModule);
export const { traceSender } = guardFunctions(traceRequests);
export const { isRequired, isWritable } = guardFunctions(buildTableSchema);
export const { isWatchable } = guardFunctions(isWatchableModule);
export const { removeControls, toPrintableJson, toVisibleJson } = guardFunctions(controlCharacters);
export const { parseExactJson } = guardFunctions(exactJson);
export const { isGuid } = guardFunctions(guid);
export const { isJsonObject } = guardFunctions(json);
export const { parseJsonPointer, toJsonPointer } = guardFunctions(jsonPointer);
export const { isLoopbackHost } = guardFunctions(loopback);
export const { omitUndefined } = guardFunctions(omitUndefinedModule);
export const { parseRetryAfter } = guardFunctions(retryAfter);
export const { findTableByName, keyPropertyOf } = guardFunctions(table);
export const { quoteFilterText, quoteString } = guardFunctions(quoteStringModule);
export const { lookupTableName, omitEtag, readFormattedValue } = guardFunctions(rowAnnotations);
export const { toWireName } = guardFunctions(wireName);
export const { readFailedPushes } = guardFunctions(failedJobs);
export const { createPushEndpoint } = guardFunctions(pushEndpoint);
export const { readDeletedId, readPushRequest } = guardFunctions(pushRequest);
export const { pushStepsOf } = guardFunctions(pushSteps);
export const { checkRegistration, removeRegistration, repairRegistration } = guardFunctions(registration);
export const { resolveTable } = guardFunctions(resolveTableModule);
export const { applicableCallOptions, parseCallOptions } = guardFunctions(callOptionSchemas);
export const { checkInput } = guardFunctions(checkInputModule);
export const { createIdMatcher } = guardFunctions(createIdMatcherModule);
export const { deterministicId } = guardFunctions(deterministicIdModule);
export const { isRepeatableWithKey } = guardFunctions(isRepeatableWithKeyModule);
export const { loadTable } = guardFunctions(metadataTable);
export const { requireOperation } = guardFunctions(requireOperationModule);
export const { createPrecompiledValidator } = guardFunctions(precompiledValidator);
export const { assertListenAddress, assertOptions, assertSignal } = guardFunctions(assertOptionsModule);
