/**
 * The connector as an HTTP service. `import { ... } from 'dynamics365-connector-service'`
 */

export { forgetAnswers } from './answers/forget-answers.ts';
export type { ServiceApplication } from './connect/service-application.ts';
export type { AuthorOptions, CompiledManifest, LanguageServer } from './console/author/author-options.ts';
export type { ConsoleOptions } from './console/create-console-parts.ts';
export { type ApiKey, type ApiKeys, type NewApiKey, openApiKeys } from './keys/api-keys.ts';
export { isScope, type Scope, scopes } from './keys/scopes.ts';
export { type Problem, toProblem } from './problem/problem.ts';
export { type ProblemCode, type ProblemCodeInfo, problemCodes } from './problem/problem-codes.ts';
export { defaultPort, type Service, type ServiceOptions, startService } from './start-service.ts';
