import fc from 'fast-check';
import {
  createTestServices,
  testCredential,
  testOrigin,
  withTestServices,
} from '../../src/authoring/contract/fixture.ts';
import { fullInput, sampleInput } from '../../src/authoring/contract/sample-input.ts';
import { openConnection } from '../../src/client/connect.ts';
import { createClient } from '../../src/client/create-client.ts';
import { createLimiters } from '../../src/client/limiters.ts';
import type { Runtime } from '../../src/client/runtime.ts';
import type { ConnectorError } from '../../src/errors/connector-error.ts';
import type { FindLimiter } from '../../src/http/policies/rate-limit.ts';
import type { ActionDefinition, ConnectorDefinition, MockResponse } from '../../src/model/definition.ts';
import type { HttpRequest, HttpResponse } from '../../src/model/http.ts';
import type { Json, JsonObject } from '../../src/model/json.ts';
import type { LogEvent } from '../../src/model/runtime-services.ts';
import type { Table, TableColumn } from '../../src/model/table.ts';
import { formattedValueName, lookupTableName } from '../../src/odata/row-annotations.ts';
import { createCompiledActions } from '../../src/run/compile-action.ts';
import type { CompiledActions } from '../../src/run/compiled-action.ts';
import type { Connection } from '../../src/run/connection.ts';
import { createFakeClock } from '../support/fake-clock.ts';

/** One call, and the responses that it receives in order; the last one is repeated. */
export interface RandomCall {
  readonly action: string;
  readonly input: JsonObject;
  readonly responses: readonly (MockResponse | 'reset' | 'html')[];
}

/** What can be observed of a call. */
export interface CallRecord {
  readonly requests: readonly Omit<HttpRequest, 'signal'>[];
  readonly result?: unknown;
  readonly error?: { readonly code: string; readonly message: string; readonly details: unknown };
  readonly events: readonly LogEvent[];
}

const ids = ['a4afaa2e-bdb5-4c39-a33c-dd17b545ed66', '0B8B4567-327B-43C6-9869-CB6E643C9869'] as const;

/** Values that some inputs accept and others refuse. */
const anyScalar = fc.constantFrom<Json>(
  ...['', 'x', "O'Neil & sons", '%2F..', '😀', 'high', 'active', '2026-03-31', '2026-03-31T09:30:00Z'],
  ...ids,
  ...[0, 1, 5, -1, 1e21, 1.5, true, false, null],
  ...['9007199254740993', 'x'.repeat(5000), 'account'],
);
const anyMember = fc.oneof(
  { weight: 4, arbitrary: anyScalar },
  fc.constantFrom<Json>(
    [],
    {},
    ['title'],
    { table: 'account', id: ids[0] },
    { table: 'nothing', id: ids[0] },
  ),
  fc.constantFrom<Json>({ table: 'contact', id: ids[1], name: null }, { id: 'x' }, [
    { address: 'a@b.example' },
  ]),
);

/** Inputs of an action: those of its tests and samples, most of them with some members removed or replaced. */
function inputsOf(action: ActionDefinition): fc.Arbitrary<JsonObject> {
  const bases = [sampleInput(action), fullInput(action), ...action.tests.map(({ input }) => input)];
  const properties = Object.keys((action.input.properties ?? {}) as object);
  const name = fc.oneof(
    { weight: 8, arbitrary: fc.constantFrom(...(properties.length === 0 ? ['id'] : properties)) },
    fc.constantFrom('unknown', '__proto__', 'version', 'modifiedOn'),
  );
  const edits = fc.oneof(
    { weight: 5, arbitrary: fc.constant([]) },
    fc.array(fc.tuple(name, fc.oneof(anyMember, fc.constant(undefined))), { minLength: 1, maxLength: 2 }),
  );
  return fc.tuple(fc.constantFrom(...bases), edits).map(([base, changes]) => {
    const members = new Map(Object.entries(base));
    for (const [key, value] of changes) {
      if (value === undefined) members.delete(key);
      else members.set(key, value);
    }
    return Object.fromEntries(members);
  });
}

/** A row as Dataverse may send it: values, empty and missing columns, with and without display texts. */
export function rowsOf(table: Table): fc.Arbitrary<JsonObject> {
  const cell = (column: TableColumn) =>
    fc
      .tuple(fc.nat(9), fc.boolean(), fc.constantFrom(...wireValues(column)))
      .map(([kind, isShown, value]) => {
        if (kind === 0) return {};
        if (kind < 3) return { [column.wireName]: null };
        const shown = { [formattedValueName(column.wireName)]: 'A display text' };
        const target = { [lookupTableName(column.wireName)]: column.targets?.[0]?.logicalName ?? 'account' };
        return { [column.wireName]: value, ...(isShown ? { ...shown, ...target } : {}) };
      });
  return fc
    .tuple(...table.columns.map(cell))
    .map((cells) => ({ '@odata.etag': 'W/"123"', ...Object.assign({}, ...cells), [table.key]: ids[0] }));
}

function wireValues({ type, choices = {} }: TableColumn): readonly [Json, ...Json[]] {
  const numbers = Object.values(choices).flat();
  switch (type) {
    case 'choice':
      return [7, ...numbers];
    case 'choices':
      return ['1,2', ...numbers.map(String)];
    case 'lookup':
    case 'uuid':
      return [...ids];
    case 'boolean':
      return [true, false];
    case 'bigint':
      return [12, '9007199254740993'];
    case 'integer':
    case 'decimal':
      return [5, 1.25];
    default:
      return ['text', '2026-03-31T09:30:00Z'];
  }
}

function bodiesOf({ tables }: ConnectorDefinition, { output, tests }: ActionDefinition): fc.Arbitrary<Json> {
  const recorded = tests.flatMap(({ exchanges }) => exchanges.flatMap(({ receives }) => receives.body ?? []));
  const own = recorded.length === 0 ? [] : [fc.constantFrom(...recorded)];
  const table = 'table' in output ? tables[output.table] : undefined;
  if (output.kind === 'row' && table !== undefined) return fc.oneof(rowsOf(table), ...own);
  if (output.kind === 'rows' && table !== undefined) {
    const page = fc.array(rowsOf(table), { maxLength: 3 }).map((value): Json => ({ value }));
    const link = `${testOrigin}/api/data/v9.2/${table.entitySet}?$skiptoken=2`;
    const more = fc
      .array(rowsOf(table), { maxLength: 2 })
      .map((value): Json => ({ value, '@odata.nextLink': link }));
    return fc.oneof({ weight: 4, arbitrary: page }, more, ...own);
  }
  if (output.kind === 'count') return fc.constantFrom<Json>({ value: [{ count: 3 }] }, { value: [] });
  return fc.oneof(fc.constantFrom<Json>({ value: [] }, { value: 'x' }, {}), ...own);
}

const failures = fc.constantFrom<RandomCall['responses'][number]>(
  { status: 400, body: { error: { code: '0x80040203', message: 'Invalid argument.' } } },
  {
    status: 400,
    body: {
      error: {
        code: '0x0',
        message: "Could not find a property named 'title' on type 'Microsoft.Dynamics.CRM.incident'.",
      },
    },
  },
  { status: 401 },
  { status: 404, body: { error: { code: '0x80040217', message: 'Does not exist.' } } },
  { status: 412, body: { error: { code: '0x80040237', message: 'A record exists.' } } },
  { status: 429, headers: { 'retry-after': '2' } },
  { status: 503 },
  { status: 405 },
  { status: 204 },
  { status: 304 },
  'reset',
  'html',
);

/** Random calls of all actions that a definition has. */
export function randomCalls(definition: ConnectorDefinition): fc.Arbitrary<RandomCall> {
  const calls = Object.values(definition.actions).map((action) => {
    const body = bodiesOf(definition, action);
    const success = body.map((one): MockResponse => ({ status: 200, body: one }));
    const responses = fc.oneof(
      { weight: 6, arbitrary: success.map((one) => [one]) },
      fc.tuple(failures, success).map((both) => both as RandomCall['responses']),
      failures.map((one) => [one, one, one, one, { status: 404 }] as RandomCall['responses']),
    );
    return fc
      .tuple(inputsOf(action), responses)
      .map(([input, received]): RandomCall => ({ action: action.id, input, responses: received }));
  });
  return fc.oneof(...calls);
}

/** How a caller sends its calls. */
export interface CallerOptions {
  /**
   * Every call goes through the policies, every input through the full check, and every action is compiled again for each
   * call: nothing is kept from the calls before.
   */
  readonly isGeneral?: boolean;
  /** In place of the compiled actions, for compilers with a fault. */
  readonly compiled?: CompiledActions;
}

/** One side of the comparison: a connection that records what can be observed of its calls. */
export interface Caller {
  readonly call: (call: RandomCall) => Promise<CallRecord>;
  /** How many calls have ended with their direct attempt. */
  readonly directCalls: () => number;
}

export function openCaller(
  runtime: Pick<Runtime, 'compiled' | 'definition' | 'validator'>,
  { isGeneral = false, compiled = runtime.compiled }: CallerOptions = {},
): Caller {
  let script: RandomCall['responses'] = [];
  let requests: HttpRequest[] = [];
  let directCalls = 0;
  let findLimiter: FindLimiter | undefined;
  const testServices = createTestServices(async ({ signal: _, ...request }) => {
    // By address, since requests that are sent beside each other may come in any order.
    const earlier = requests.filter(({ url }) => url === request.url).length;
    const response = script[earlier] ?? script.at(-1) ?? { status: 404 };
    requests.push(request);
    return toHttpResponse(response);
  });
  // Each call has ids of its own, whatever the calls before it have used.
  let callCount = 0;
  let idCount = 0;
  const digits = (count: number) => String(count).padStart(6, '0');
  const uuid = () => `00000000-0000-4000-8000-${digits(callCount)}${digits(++idCount)}`;
  const services = { ...testServices, uuid, clock: createFakeClock() };
  const limiters = createLimiters(services, { maxRequests: 1e9, maxExecutionMs: 1e12 });
  let newlyCompiled = createCompiledActions();
  const parts: Runtime = {
    ...withTestServices(runtime, services),
    compiled: isGeneral ? { of: (...action) => newlyCompiled.of(...action) } : compiled,
    limiters: {
      forConnection(...args) {
        const find = limiters.forConnection(...args);
        findLimiter = find;
        return isGeneral ? (waiter) => find(waiter) : find;
      },
    },
  };
  const opened = openConnection(parts, { orgUrl: testOrigin }, testCredential, { rememberWrites: false });
  const connection: Connection = { ...opened, direct: isGeneral ? undefined : countDirect(opened) };
  function countDirect({ direct }: Connection): Connection['direct'] {
    return (
      direct && {
        ...direct,
        startDirectly(request) {
          const attempt = direct.startDirectly(request);
          attempt?.response.then((response) => {
            if (response !== undefined) directCalls++;
          });
          return attempt;
        },
      }
    );
  }
  const client = createClient(connection);
  return {
    directCalls: () => directCalls,
    async call({ action, input, responses }) {
      // An ordinary call finds room in the rate limiter: its lease was renewed a moment ago.
      const waiter = { deadline: services.clock.now() + 60_000 };
      const release = await (await findLimiter?.(waiter))?.acquire(waiter);
      release?.();
      newlyCompiled = createCompiledActions();
      callCount++;
      idCount = 0;
      script = responses;
      requests = [];
      const before = services.events.length;
      const outcome = await client.run(action, input).then(
        (result) => ({ result }),
        ({ code, message, details }: ConnectorError) => ({ error: { code, message, details } }),
      );
      // Reads of metadata run beside each other, and may go on after one of them has failed.
      for (let turn = 0; turn < 3; turn++) await new Promise(setImmediate);
      return { ...outcome, requests, events: inOrder(services.events.slice(before)) };
    },
  };
}

/** Requests that an action sends beside each other end in any order. */
function inOrder(events: readonly LogEvent[]): readonly LogEvent[] {
  return events.toSorted((a, b) => (JSON.stringify(a) < JSON.stringify(b) ? -1 : 1));
}

function toHttpResponse(response: RandomCall['responses'][number]): HttpResponse {
  if (response === 'reset') throw Object.assign(new Error('reset'), { code: 'ECONNRESET' });
  const { status, headers = {}, body } = response === 'html' ? htmlPage : response;
  const text = body === undefined ? '' : typeof body === 'string' ? body : JSON.stringify(body);
  const type = response === 'html' ? 'text/html' : 'application/json; odata.metadata=minimal';
  return { status, headers: { 'content-type': type, ...headers }, body: bytesOf(text) };
}

const htmlPage: MockResponse = { status: 200, body: '<html>Sign in</html>' };

async function* bytesOf(text: string): AsyncGenerator<Uint8Array> {
  yield new TextEncoder().encode(text);
}
