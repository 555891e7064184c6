/**
 * Errors and helpers that need nothing else of the engine, for packages that load fast: `import { ... } from
 * 'dynamics365-connector/base'`.
 */
export { ConnectorError } from './errors/connector-error.ts';
export { suggest } from './errors/suggest.ts';
export { isJsonObject } from './model/json.ts';
export { toJsonPointer } from './model/json-pointer.ts';
export { isLoopbackHost } from './model/loopback.ts';
export { omitUndefined } from './model/omit-undefined.ts';
