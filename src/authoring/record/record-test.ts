import type { Runtime } from '../../client/runtime.ts';
import { ConnectorError } from '../../errors/connector-error.ts';
import type {
  ActionDefinition,
  ContractTest,
  ExpectedRequest,
  MockResponse,
} from '../../model/definition.ts';
import { parseExactJson } from '../../model/exact-json.ts';
import { guidSource } from '../../model/guid.ts';
import type { HttpRequest } from '../../model/http.ts';
import type { JsonObject } from '../../model/json.ts';
import { omitUndefined } from '../../model/omit-undefined.ts';
import { describeRequest } from '../contract/compare-request.ts';
import { replayAction, runActionCase } from '../contract/run-case.ts';
import { Scrubber } from './scrubber.ts';

/** A request that was sent, and its response. */
export interface RecordedExchange {
  readonly request: Pick<HttpRequest, 'method' | 'url'>;
  readonly response: {
    readonly status: number;
    readonly headers: Readonly<Record<string, string>>;
    readonly body: string;
  };
}

/** A contract test, as YAML has it, and how many values were replaced in it. */
export interface RecordedTest {
  readonly test: JsonObject;
  readonly replaced: number;
}

interface Recording {
  readonly name: string;
  readonly input: JsonObject;
  /** The requests below the base URL of the Web API, in their order. */
  readonly exchanges: readonly RecordedExchange[];
}

/**
 * Makes a contract test of a call: what is personal or secret is replaced, and the call is repeated without a network, so
 * that the test states the requests that it will compare.
 *
 * @throws INPUT_INVALID if the call cannot be repeated from its responses: it reads or sends what is not JSON, or it
 * depends on what the connection had read before
 */
export async function recordTest(
  runtime: Pick<Runtime, 'definition' | 'validator'>,
  action: ActionDefinition,
  recording: Recording,
): Promise<RecordedTest> {
  const scrubber = new Scrubber();
  const input = scrubber.input(recording.input, action.input) as JsonObject;
  const respond = () => recording.exchanges.map((one) => scrubResponse(one, scrubber, action.id));
  const first = await replayAction(runtime, action, input, respond());
  for (const [index, { request }] of recording.exchanges.entries())
    renameIds(scrubber.url(request.url), first.requests[index]?.url ?? '', scrubber);
  const responses = respond();
  const { requests, baseUrl, outcome, hasUnexpected } = await replayAction(runtime, action, input, responses);
  if (hasUnexpected) throw cannotRepeat(action.id, 'it needs more responses than were recorded');
  const exchanges = requests.flatMap((request, index) => {
    const receives = responses[index];
    return receives === undefined ? [] : [{ sends: toExpected(request, baseUrl), receives }];
  });
  const test = { name: recording.name, index: 0, input, exchanges, ...outcome };
  await assertPasses(runtime, action, test);
  return { test: toYaml(test), replaced: scrubber.count };
}

async function assertPasses(
  runtime: Pick<Runtime, 'definition' | 'validator'>,
  action: ActionDefinition,
  test: ContractTest,
): Promise<void> {
  const { failures } = await runActionCase(runtime, action, test);
  const [failure] = failures;
  if (failure !== undefined) throw cannotRepeat(action.id, failure.message);
}

function cannotRepeat(id: string, reason: string): ConnectorError {
  return new ConnectorError(
    'INPUT_INVALID',
    `The call of ${id} cannot be repeated from its responses: ${reason}.`,
    {
      operation: id,
      advice: 'Write the test by hand; `d365 test --update` completes it.',
    },
  );
}

function scrubResponse(
  { response: { status, headers, body } }: RecordedExchange,
  scrubber: Scrubber,
  id: string,
): MockResponse {
  const entity = headers['odata-entityid'];
  const kept = entity === undefined ? undefined : { 'odata-entityid': scrubber.url(entity) };
  if (body === '') return omitUndefined({ status, headers: kept });
  if (!(headers['content-type'] ?? '').includes('json')) throw cannotRepeat(id, 'a response is not JSON');
  return omitUndefined({ status, headers: kept, body: scrubber.body(parseExactJson(body)) });
}

/** The id that a new row gets when the call is repeated takes the place of the recorded one. */
function renameIds(recorded: string, repeated: string, scrubber: Scrubber): void {
  const guids = new RegExp(guidSource, 'g');
  const [before, after] = [recorded, repeated].map((url) => url.split('?')[0]?.match(guids) ?? []);
  for (const [index, id] of (before ?? []).entries()) {
    const own = after?.[index];
    if (own !== undefined && own !== id) scrubber.rename(id, own);
  }
}

/** A condition on the version of a row belongs to the request that a test states. */
function toExpected(request: HttpRequest, baseUrl: string): ExpectedRequest {
  const condition = request.headers['if-match'];
  const headers = condition?.startsWith('W/') === true ? { 'if-match': condition } : undefined;
  return describeRequest(request, baseUrl, omitUndefined({ method: request.method, path: '', headers }));
}

/** One request is `sends` and `receives`, several are `exchanges`. */
function toYaml({ name, input, exchanges, returns, fails }: ContractTest): JsonObject {
  const [only, ...more] = exchanges;
  const requests = only !== undefined && more.length === 0 ? only : { exchanges };
  return omitUndefined({ name, input, ...requests, returns, fails }) as unknown as JsonObject;
}
