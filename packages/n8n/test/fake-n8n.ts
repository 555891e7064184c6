import { createRequire } from 'node:module';
import { setTimeout as wait } from 'node:timers/promises';
import type { ConnectorDefinition, JsonObject, JsonSchema } from 'dynamics365-connector';
import { generateValidatorSource } from 'dynamics365-connector/authoring';
import { createPrecompiledValidator, type ValidateFunction } from 'dynamics365-connector/host';
import { createN8nContext, type N8nContext } from '../src/index.ts';
import type {
  BinaryData,
  ExecuteFunctions,
  LoadOptionsFunctions,
  N8nHelpers,
  N8nHttpRequest,
  N8nHttpResponse,
  NodeExecutionData,
  PollFunctions,
  WorkflowNode,
} from '../src/n8n-types.ts';

/** A stand-in for n8n's node errors, with the options that it was created with. */
export class FakeNodeError extends Error {
  readonly description: string;
  readonly itemIndex: number | undefined;
  readonly httpCode: string | undefined;
  constructor(
    _node: WorkflowNode,
    _cause: unknown,
    options: ConstructorParameters<N8nHelpers['NodeApiError']>[2],
  ) {
    super(options.message);
    this.description = options.description;
    this.itemIndex = options.itemIndex;
    this.httpCode = options.httpCode;
  }
}
export class FakeApiError extends FakeNodeError {}
export class FakeOperationError extends FakeNodeError {}

export const fakeHelpers: N8nHelpers = {
  NodeApiError: FakeApiError,
  NodeOperationError: FakeOperationError,
  sleep: async (ms, signal) => void (await wait(ms, undefined, signal && { signal })),
};

/** The context of the nodes in a fake n8n, with precompiled checks as in the package. */
export function createFakeContext(
  definition: ConnectorDefinition,
  helpers: N8nHelpers = fakeHelpers,
): N8nContext {
  const validator = createPrecompiledValidator(checksOf(definition));
  return createN8nContext({ definition, validator, helpers });
}

/** The checks of schemas by their JSON: each test file loads the same definition anew, and compiling it takes a second. */
const compiled = new Map<string, Readonly<Record<string, ValidateFunction>>>();

function checksOf({
  connection,
  actions,
  triggers,
}: ConnectorDefinition): ReadonlyMap<JsonSchema, ValidateFunction> {
  const inputs = Object.values({ ...actions, ...triggers }).map(({ input }) => input);
  const schemas = [connection, ...inputs];
  const json = JSON.stringify(schemas);
  const checks = compiled.get(json) ?? compileChecks(schemas);
  compiled.set(json, checks);
  return new Map(schemas.map((schema, index) => [schema, checks[`s${index}`]!]));
}

function compileChecks(schemas: readonly JsonSchema[]): Readonly<Record<string, ValidateFunction>> {
  const names = Object.fromEntries(schemas.map((schema, index) => [`s${index}`, schema]));
  const exports: Record<string, ValidateFunction> = {};
  const require = createRequire(new URL('../../../src/validation/', import.meta.url));
  new Function('require', 'exports', generateValidatorSource(names))(require, exports);
  return exports;
}

/** The settings of a fake n8n. */
export interface FakeN8n {
  /** The environment URL of the credential. */
  readonly environmentUrl: string;
  readonly token: () => string;
  /** The token that the credential has; n8n shows none before it got the first one. */
  readonly storedToken?: () => string | undefined;
  /** Called with each request; a returned response replaces the request. */
  readonly intercept?: (request: N8nHttpRequest) => N8nHttpResponse | undefined;
}

function createFunctionsBase({ environmentUrl, token, storedToken, intercept }: FakeN8n) {
  return {
    getNode: () => ({ id: 'node-1', name: 'Dynamics 365', credentials: {} }),
    getTimezone: () => 'Europe/Berlin',
    getCredentials: async () => {
      const oauthTokenData = { access_token: storedToken?.() };
      return { environmentUrl, clientSecret: 'secret', oauthTokenData };
    },
    helpers: {
      async httpRequestWithAuthentication(_type: string, request: N8nHttpRequest): Promise<N8nHttpResponse> {
        const intercepted = intercept?.(request);
        if (intercepted !== undefined) return intercepted;
        const { method, url, body, headers, abortSignal } = request;
        const response = await fetch(url, {
          method,
          headers: { ...headers, authorization: `Bearer ${token()}` },
          redirect: 'manual',
          body: body as string | undefined,
          signal: abortSignal,
        });
        // n8n throws for statuses in `except`.
        if (response.status === 401) throw Object.assign(new Error('unauthorized'), { httpCode: '401' });
        return {
          statusCode: response.status,
          headers: Object.fromEntries(response.headers),
          body: new Uint8Array(await response.arrayBuffer()),
        };
      },
    },
  };
}

/** The functions for running a node with these parameters. */
export function fakeExecuteFunctions(
  n8n: FakeN8n,
  parameters: JsonObject,
  {
    items = [{ json: {} }],
    files = {},
    executionId = crypto.randomUUID(),
    continueOnFail = false,
  }: {
    readonly items?: readonly NodeExecutionData[];
    readonly files?: Readonly<Record<string, BinaryData & { readonly bytes: Uint8Array }>>;
    readonly executionId?: string;
    readonly continueOnFail?: boolean;
  } = {},
): ExecuteFunctions {
  const base = createFunctionsBase(n8n);
  return {
    ...base,
    getInputData: () => items,
    getNodeParameter: (name, index, fallback) => {
      const value = parameters[name];
      return typeof value === 'function' ? (value as (index: number) => unknown)(index) : (value ?? fallback);
    },
    getWorkflow: () => ({ id: 'workflow-1' }),
    getExecutionId: () => executionId,
    getWorkflowDataProxy: () => ({ $runIndex: 0 }),
    continueOnFail: () => continueOnFail,
    helpers: {
      ...base.helpers,
      assertBinaryData: (_index, name) => files[name]!,
      getBinaryDataBuffer: async (_index, name) => files[name]!.bytes,
      prepareBinaryData: async (bytes, fileName, mimeType) => ({ fileName, mimeType, bytes }) as BinaryData,
    },
  };
}

/** The functions for polling a trigger with this static data. */
export function fakePollFunctions(
  n8n: FakeN8n,
  parameters: JsonObject,
  { staticData = {}, mode = 'trigger' }: { staticData?: Record<string, unknown>; mode?: string } = {},
): PollFunctions {
  return {
    ...createFunctionsBase(n8n),
    getNodeParameter: (name, fallback) => parameters[name] ?? fallback,
    getMode: () => mode,
    getWorkflowStaticData: () => staticData,
  };
}

/** The functions for filling a list in the editor. */
export function fakeLoadOptionsFunctions(n8n: FakeN8n, parameters: JsonObject = {}): LoadOptionsFunctions {
  return { ...createFunctionsBase(n8n), getCurrentNodeParameter: (name) => parameters[name] };
}
