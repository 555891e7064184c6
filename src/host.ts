/**
 * The host SDK: what a host needs besides the connector itself. `import { ... } from 'dynamics365-connector/host'`.
 * Pure: no Node.js modules, so that it can be bundled for any runtime.
 */
export { explainEntraError, parseEntraError } from './auth/entra-error.ts';
export { readAccount } from './auth/stored-token-source.ts';
export { type Client, createClient } from './client/client.ts';
export { openConnection } from './client/connect.ts';
export { type Connector, type ConnectorParts, createConnector, runtimeOf } from './client/connector.ts';
export type { UserConnection } from './client/credential.ts';
export { createMemoryStore } from './client/memory-store.ts';
export { createPrefixedStore } from './client/prefixed-store.ts';
export type { ConnectOptions, Runtime } from './client/runtime.ts';
export { type AnyClient, type AnyConnector, untypedClient, untypedConnector } from './client/untyped.ts';
export { asConnectorError } from './errors/as-connector-error.ts';
export { ConnectorError } from './errors/connector-error.ts';
export { suggest } from './errors/suggest.ts';
export { isGuid } from './model/guid.ts';
export { isJsonObject } from './model/json.ts';
export { parseJsonPointer, toJsonPointer } from './model/json-pointer.ts';
export { isLoopbackHost } from './model/loopback.ts';
export { omitUndefined } from './model/omit-undefined.ts';
export type { Table } from './model/table.ts';
export { quoteFilterText, quoteString } from './odata/quote-string.ts';
export { formattedValueAnnotation, omitEtag, readFormattedValue } from './odata/row-annotations.ts';
export { toWireName } from './odata/wire-name.ts';
export { pruneState } from './poll/prune-state.ts';
export { type PollOptions, runPoll } from './poll/run-poll.ts';
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
export { requireOperation } from './run/require-operation.ts';
export type { RunOptions } from './run/run-options.ts';
export type { ValidateFunction } from './validation/collect-issues.ts';
export { createPrecompiledValidator } from './validation/precompiled-validator.ts';
export type { Validator } from './validation/validator.ts';
