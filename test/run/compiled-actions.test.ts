import { expect } from 'chai';
import fc from 'fast-check';
import { fullInput, sampleInput } from '../../src/authoring/contract/sample-input.ts';
import { runtimeOf } from '../../src/client/connector.ts';
import type { Runtime } from '../../src/client/runtime.ts';
import type { ConnectorError } from '../../src/errors/connector-error.ts';
import { loadConnector } from '../../src/index.ts';
import type { RequestPlan } from '../../src/model/plan.ts';
import { createCompiledActions } from '../../src/run/compile-action.ts';
import type { CompiledAction, CompiledActions, PlanContext } from '../../src/run/compiled-action.ts';
import '../support/fixed-seed.ts';
import { type Caller, type CallRecord, openCaller, type RandomCall, randomCalls } from './compiled-calls.ts';

/** Calls of one pair of connections: few enough for the lease of a rate limiter. */
const callsPerPair = 400;
const calls = Number(process.env.CALLS ?? 300);

describe('compiled actions', function () {
  this.timeout(300_000 + calls * 100);
  let runtime: Runtime;
  let arbitrary: fc.Arbitrary<RandomCall>;

  before(async () => {
    runtime = runtimeOf(await loadConnector());
    arbitrary = randomCalls(runtime.definition);
  });

  const sample = (count: number, offset = 0): readonly RandomCall[] => {
    const { seed = 0 } = fc.readConfigureGlobal();
    return fc.sample(arbitrary, { numRuns: count, seed: seed + offset });
  };

  it('send the same requests and return the same outputs, errors and log lines as the general way', async () => {
    let ordinary = 0;
    let direct = 0;
    for (let done = 0; done < calls; done += callsPerPair) {
      const compiled = openCaller(runtime);
      const general = openCaller(runtime, { isGeneral: true });
      for (const call of sample(Math.min(callsPerPair, calls - done), done)) {
        const expected = await general.call(call);
        const before = compiled.directCalls();
        expect(visible(call, await compiled.call(call)), JSON.stringify(call)).to.deep.equal(
          visible(call, expected),
        );
        if (!isOrdinary(call, expected)) continue;
        ordinary++;
        if (compiled.directCalls() > before) direct++;
      }
    }
    expect(direct / ordinary, `${direct} of ${ordinary} ordinary calls`).to.be.at.least(0.95);
  });

  it('plan every call like the first call of the action, whichever connection and input the calls before had', () => {
    const { definition, validator, compiled } = runtime;
    let compared = 0;
    for (const action of Object.values(definition.actions)) {
      if (action.handler !== undefined) continue;
      const inputs = [sampleInput(action), fullInput(action), ...action.tests.map(({ input }) => input)];
      for (const [at, input] of [...inputs, ...inputs.toReversed()].entries()) {
        const kept = compiled.of(definition, action);
        const accepted = kept.acceptOrdinary(validator, input);
        if (accepted === undefined) continue;
        const context = contextOf(at);
        const first = createCompiledActions().of(definition, action);
        const expected = planOrError(() => first.plan(context, accepted));
        expect(
          planOrError(() => kept.plan(context, accepted)),
          action.id,
        ).to.deep.equal(expected);
        compared++;
      }
    }
    expect(compared).to.be.greaterThan(500);
  });

  /**
   * Some handlers send requests beside each other, so that order and number of those of a failed call are not fixed. Reads
   * of metadata are sent beside each other, too: only their order is not fixed.
   */
  function visible({ action }: RandomCall, record: CallRecord): unknown {
    const isOneRequest = runtime.definition.actions[action]?.request !== undefined;
    if (!isOneRequest) return { result: record.result, code: record.error?.code };
    const readsMetadata = record.requests.some(({ url }) => url.includes('/EntityDefinitions'));
    if (!readsMetadata) return record;
    const byUrl = record.requests.toSorted((a, b) => a.url.localeCompare(b.url));
    return { ...record, requests: byUrl };
  }

  /** A call that succeeds with one request and a 2xx, and gives no filter and no columns of the organization. */
  function isOrdinary({ action, input, responses: [first] }: RandomCall, record: CallRecord): boolean {
    const { error, requests } = record;
    const { request } = runtime.definition.actions[action] ?? {};
    const unusual = ['filter', 'columns', 'customColumns', 'expand'];
    return (
      request !== undefined &&
      typeof first === 'object' &&
      first.status < 300 &&
      error === undefined &&
      requests.length === 1 &&
      unusual.every((name) => (input[name] ?? null) === null)
    );
  }

  /** Faults that a compiler could have. */
  const faults: Readonly<Record<string, (compiled: CompiledAction) => CompiledAction>> = {
    'accepts an input without a check': (compiled) => ({ ...compiled, acceptOrdinary: (_, input) => input }),
    'fills no defaults in': (compiled) => ({
      ...compiled,
      acceptOrdinary: (validator, input) =>
        compiled.acceptOrdinary(validator, input) === undefined ? undefined : input,
    }),
    'takes every list for one response': (compiled) => ({ ...compiled, isOneResponse: true }),
    'leaves a header out': (compiled) => ({
      ...compiled,
      plan: (context, input) => ({ ...compiled.plan(context, input), headers: {} }),
    }),
    'sends a row without its last member': (compiled) => ({
      ...compiled,
      plan(context, input) {
        const plan = compiled.plan(context, input);
        return { ...plan, body: withoutLast(plan.body) };
      },
    }),
    'repeats a request that must not be repeated': (compiled) => ({
      ...compiled,
      plan: (context, input) => ({ ...compiled.plan(context, input), safety: 'repeatable' }),
    }),
    'returns rows as Dataverse sends them': (compiled) => ({ ...compiled, shape: (body) => body ?? null }),
  };
  for (const [fault, plant] of Object.entries(faults)) {
    it(`a compiler that ${fault} is found by the comparison`, async () => {
      const general = openCaller(runtime, { isGeneral: true });
      const faulty: Caller = openCaller(runtime, { compiled: plantInto(runtime.compiled, plant) });
      for (const call of sample(callsPerPair))
        if (!isSame(visible(call, await faulty.call(call)), visible(call, await general.call(call)))) return;
      expect.fail('no call was different');
    });
  }
});

/** A plan, or the message of the error that the input causes. */
function planOrError(plan: () => RequestPlan): RequestPlan | string {
  try {
    return plan();
  } catch (error) {
    return (error as ConnectorError).message;
  }
}

/** The context of a call: no two calls have the same connection, id or page size. */
function contextOf(call: number): PlanContext {
  const orgUrl = `https://contoso${call}.crm.dynamics.com`;
  return {
    baseUrl: `${orgUrl}/api/data/v9.2`,
    connection: { orgUrl },
    newId: `00000000-0000-4000-8000-${String(call).padStart(12, '0')}`,
    select: ({ key }) => ({ text: `${key},column${call}`, option: `$select=${key}%2Ccolumn${call}` }),
    pageSize: call + 1,
  };
}

function plantInto(
  { of }: CompiledActions,
  plant: (compiled: CompiledAction) => CompiledAction,
): CompiledActions {
  return { of: (definition, action) => plant(of(definition, action)) };
}

function withoutLast(body: unknown): never {
  const members = typeof body === 'object' && body !== null ? Object.entries(body).slice(0, -1) : undefined;
  return (members === undefined ? body : Object.fromEntries(members)) as never;
}

function isSame(a: unknown, b: unknown): boolean {
  return JSON.stringify(a) === JSON.stringify(b);
}
