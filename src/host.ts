/**
 * The host SDK: what a host needs besides the connector itself. `import { ... } from 'dynamics365-connector/host'`.
 * Pure: no Node.js modules, so that it can be bundled for any runtime.
 */
export { explainEntraError, parseEntraError } from './auth/entra-error.ts';
export { readAccount } from './auth/stored-tokens.ts';
export { type Client, createClient } from './client/client.ts';
export { openConnection } from './client/connect.ts';
export { type Connector, type ConnectorParts, createConnector } from './client/connector.ts';
export { createMemoryStore } from './client/memory-store.ts';
export type { ConnectOptions, Runtime } from './client/runtime.ts';
export type { UserConnection } from './client/user-connection.ts';
export { asConnectorError } from './errors/as-connector-error.ts';
export { ConnectorError } from './errors/connector-error.ts';
export { suggest } from './errors/suggest.ts';
export type { Table } from './model/table.ts';
export { memoryNames } from './poll/memory.ts';
export { type PollOptions, pollConnection } from './poll/poll-connection.ts';
export { findTable } from './query/find-table.ts';
export type { CallOptions } from './run/call-options.ts';
export { checkInput } from './run/check-input.ts';
export type { Connection } from './run/connection.ts';
export { namedId } from './run/ids.ts';
export { lookUp } from './run/look-up.ts';
export { matchIds } from './run/match-ids.ts';
export { callOptions, type OptionName, readCallOptions, usableOptions } from './run/offered-options.ts';
export type { RunOptions } from './run/send-plan.ts';
export { createCompiledValidator } from './validation/compiled-validator.ts';
export type { Check } from './validation/sentences.ts';
export type { Validator } from './validation/validator.ts';
