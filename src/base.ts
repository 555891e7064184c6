/**
 * Errors and helpers that need nothing else of the engine, for packages that load fast: `import { ... } from
 * 'dynamics365-connector/base'`.
 */

import { guardFunctions } from './errors/guard-functions.ts';
import * as suggestModule from './errors/suggest.ts';
import * as json from './model/json.ts';
import * as jsonPointer from './model/json-pointer.ts';
import * as loopback from './model/loopback.ts';
import * as omitUndefinedModule from './model/omit-undefined.ts';
import * as assertOptionsModule from './validation/assert-options.ts';

export { ConnectorError } from './errors/connector-error.ts';
export { guardFunctions } from './errors/guard-functions.ts';
export type { OptionsRule, OptionType } from './validation/assert-options.ts';

export const { suggest } = guardFunctions(suggestModule);
export const { isJsonObject } = guardFunctions(json);
export const { toJsonPointer } = guardFunctions(jsonPointer);
export const { isLoopbackHost } = guardFunctions(loopback);
export const { omitUndefined } = guardFunctions(omitUndefinedModule);
export const { assertOptions } = guardFunctions(assertOptionsModule);
