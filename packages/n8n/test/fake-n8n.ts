import { createRequire } from 'node:module';
import { setTimeout as wait } from 'node:timers/promises';
import type { Definition, JsonObject, JsonSchema } from 'dynamics365-connector';
import { writeChecks } from 'dynamics365-connector/authoring';
import { type Check, createCompiledValidator } from 'dynamics365-connector/host';
import { type House, openHouse } from '../src/index.ts';
import type {
  Binary,
  ExecuteContext,
  HostNode,
  HostRequest,
  HostResponse,
  Item,
  Kit,
  ListContext,
  PollContext,
} from '../src/n8n.ts';

/** An error as n8n's own look, with what it was made of. */
export class FakeNodeError extends Error {
  readonly description: string;
  readonly itemIndex: number | undefined;
  readonly httpCode: string | undefined;
  constructor(_node: HostNode, _cause: unknown, words: ConstructorParameters<Kit['NodeApiError']>[2]) {
    super(words.message);
    this.description = words.description;
    this.itemIndex = words.itemIndex;
    this.httpCode = words.httpCode;
  }
}
export class FakeApiError extends FakeNodeError {}
export class FakeOperationError extends FakeNodeError {}

export const fakeKit: Kit = {
  NodeApiError: FakeApiError,
  NodeOperationError: FakeOperationError,
  sleep: async (ms, signal) => void (await wait(ms, undefined, signal && { signal })),
};

/** Our house in a fake n8n, with checks that were compiled before, as the package has them. */
export function fakeHouse(definition: Definition, kit: Kit = fakeKit): House {
  const validator = createCompiledValidator(checksOf(definition));
  return openHouse({ definition, validator, kit });
}

const compiled = new WeakMap<Definition, ReadonlyMap<JsonSchema, Check>>();

function checksOf(definition: Definition): ReadonlyMap<JsonSchema, Check> {
  const known = compiled.get(definition) ?? compileChecks(definition);
  compiled.set(definition, known);
  return known;
}

function compileChecks({ connection, actions, triggers }: Definition): ReadonlyMap<JsonSchema, Check> {
  const inputs = Object.values({ ...actions, ...triggers }).map(({ input }) => input);
  const schemas = [connection, ...inputs];
  const names = Object.fromEntries(schemas.map((schema, index) => [`s${index}`, schema]));
  const exports: Record<string, Check> = {};
  const require = createRequire(new URL('../../../src/validation/', import.meta.url));
  new Function('require', 'exports', writeChecks(names))(require, exports);
  return new Map(schemas.map((schema, index) => [schema, exports[`s${index}`]!]));
}

/** What a fake n8n works with. */
export interface FakeN8n {
  /** The environment URL of the credential. */
  readonly environmentUrl: string;
  readonly token: () => string;
  /** Sees and may answer a request before it goes out. */
  readonly intercept?: (request: HostRequest) => HostResponse | undefined;
}

function contextOf({ environmentUrl, token, intercept }: FakeN8n) {
  return {
    getNode: () => ({ id: 'node-1', name: 'Dynamics 365', credentials: {} }),
    getTimezone: () => 'Europe/Berlin',
    getCredentials: async () => ({ environmentUrl, clientSecret: 'never shown' }),
    helpers: {
      async httpRequestWithAuthentication(_type: string, request: HostRequest): Promise<HostResponse> {
        const early = intercept?.(request);
        if (early !== undefined) return early;
        const { method, url, body, headers, abortSignal } = request;
        const answer = await fetch(url, {
          method,
          headers: { ...headers, authorization: `Bearer ${token()}` },
          redirect: 'manual',
          ...(body === undefined ? {} : { body: body as string }),
          ...(abortSignal === undefined ? {} : { signal: abortSignal }),
        });
        // As n8n does it for a status that is excepted.
        if (answer.status === 401) throw Object.assign(new Error('unauthorized'), { httpCode: '401' });
        return {
          statusCode: answer.status,
          headers: Object.fromEntries(answer.headers),
          body: new Uint8Array(await answer.arrayBuffer()),
        };
      },
    },
  };
}

/** A node about to run, with its parameters. */
export function executing(
  n8n: FakeN8n,
  parameters: JsonObject,
  {
    items = [{ json: {} }],
    files = {},
    executionId = crypto.randomUUID(),
    continueOnFail = false,
  }: {
    readonly items?: readonly Item[];
    readonly files?: Readonly<Record<string, Binary & { readonly bytes: Uint8Array }>>;
    readonly executionId?: string;
    readonly continueOnFail?: boolean;
  } = {},
): ExecuteContext {
  const context = contextOf(n8n);
  return {
    ...context,
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
      ...context.helpers,
      assertBinaryData: (_index, name) => files[name]!,
      getBinaryDataBuffer: async (_index, name) => files[name]!.bytes,
      prepareBinaryData: async (bytes, fileName, mimeType) => ({ fileName, mimeType, bytes }) as Binary,
    },
  };
}

/** A trigger about to poll; its static data goes through JSON, as in n8n's database. */
export function polling(
  n8n: FakeN8n,
  parameters: JsonObject,
  { staticData = {}, mode = 'trigger' }: { staticData?: Record<string, unknown>; mode?: string } = {},
): PollContext {
  return {
    ...contextOf(n8n),
    getNodeParameter: (name, fallback) => parameters[name] ?? fallback,
    getMode: () => mode,
    getWorkflowStaticData: () => staticData,
  };
}

/** The editor about to fill a list. */
export function listing(n8n: FakeN8n, parameters: JsonObject = {}): ListContext {
  return { ...contextOf(n8n), getCurrentNodeParameter: (name) => parameters[name] };
}
