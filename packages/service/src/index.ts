/**
 * The connector as an HTTP service. `import { ... } from 'dynamics365-connector-service'`
 */

import { guardFunctions } from 'dynamics365-connector/host';
import * as forgetAnswersModule from './answers/forget-answers.ts';
import * as apiKeys from './keys/api-keys.ts';
import * as scopes from './keys/scopes.ts';
import * as problem from './problem/problem.ts';
import * as startServiceModule from './start-service.ts';

export type { ServiceApplication } from './connect/service-application.ts';
export type { AuthorOptions, CompiledManifest, LanguageServer } from './console/author/author-options.ts';
export type { ConsoleOptions } from './console/create-console-parts.ts';
export type { ApiKey, ApiKeys, NewApiKey } from './keys/api-keys.ts';
export { type Scope, scopes } from './keys/scopes.ts';
export type { Problem } from './problem/problem.ts';
export { type ProblemCode, type ProblemCodeInfo, problemCodes } from './problem/problem-codes.ts';
export type { MirrorComparison, ServiceMirror } from './service-mirror.ts';
export { defaultPort, type Service, type ServiceOptions } from './start-service.ts';

export const { forgetAnswers } = guardFunctions(forgetAnswersModule);
export const { openApiKeys } = guardFunctions(apiKeys);
export const { isScope } = guardFunctions(scopes);
export const { toProblem } = guardFunctions(problem);
export const { startService } = guardFunctions(startServiceModule);
