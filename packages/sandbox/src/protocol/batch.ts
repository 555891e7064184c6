import {
  type BatchItem,
  type BatchRequest,
  type BatchResponse,
  composeBatchResponse,
  parseBatchRequest,
} from 'dynamics365-connector/odata';
import { header } from './headers.ts';
import { badQuery } from './refusal.ts';
import type { Exchange, Nesting, OrgRequest, OrgResponse } from './types.ts';

/** Answers one part of a batch. */
type AnswerPart = (request: OrgRequest, nesting: Nesting) => OrgResponse;

/**
 * `POST $batch`: parts in order, change sets as a whole or not at all. The first failure ends the batch with 400
 * unless the caller prefers `odata.continue-on-error`.
 * https://learn.microsoft.com/power-apps/developer/data-platform/webapi/execute-batch-operations-using-web-api
 */
export function answerBatch(exchange: Exchange, answerPart: AnswerPart): OrgResponse {
  const { request, prefer, org } = exchange;
  const body = new TextDecoder().decode(request.body);
  const parsed = parseBatchRequest(header(request.headers, 'Content-Type') ?? '', body);
  if (!parsed.ok) throw badQuery(`The batch cannot be read: ${parsed.faults[0]!.message}`);
  const answers: BatchItem<BatchResponse>[] = [];
  let failed = false;
  for (const item of parsed.value) {
    const answer =
      'part' in item
        ? { part: toPart(answerPart(toRequest(exchange, item.part), alone(new Map())), item.part) }
        : answerChangeSet(exchange, item.changeSet, answerPart);
    answers.push(answer);
    failed = partsOf(answer).some(({ status }) => status >= 400);
    if (failed && !prefer.continueOnError) break;
  }
  const composed = composeBatchResponse(answers, org.newId());
  const applied = prefer.applied.join(', ');
  return {
    status: failed && !prefer.continueOnError ? 400 : 200,
    headers: {
      'Content-Type': composed.contentType,
      'OData-Version': '4.0',
      ...(applied === '' ? {} : { 'Preference-Applied': applied }),
    },
    body: composed.body,
  };
}

function partsOf(item: BatchItem<BatchResponse>): readonly BatchResponse[] {
  return 'part' in item ? [item.part] : item.changeSet;
}

/** Ends the transaction of a change set, and carries the answer that did: the only one, with its Content-ID. */
class ChangeSetFailed extends Error {
  readonly response: BatchResponse;

  constructor(response: BatchResponse) {
    super('A part of the change set failed.');
    this.response = response;
  }
}

function answerChangeSet(
  exchange: Exchange,
  parts: readonly BatchRequest[],
  answerPart: AnswerPart,
): BatchItem<BatchResponse> {
  const references = new Map<string, string>();
  try {
    return {
      changeSet: exchange.org.store.transaction(() =>
        parts.map((part) => {
          const response = answerPart(checkedRequest(exchange, part), alone(references));
          if (response.status >= 400) throw new ChangeSetFailed(toPart(response, part));
          const made = response.headers['OData-EntityId'];
          if (made !== undefined) references.set(part.contentId!, made);
          return toPart(response, part);
        }),
      ),
    };
  } catch (error) {
    if (error instanceof ChangeSetFailed) return { changeSet: [error.response] };
    throw error;
  }
}

function checkedRequest(exchange: Exchange, part: BatchRequest): OrgRequest {
  if (part.contentId === undefined) {
    throw badQuery('The Content-ID header is not present in a request of the change set.');
  }
  if (part.method === 'GET') throw badQuery('A change set cannot hold GET requests.');
  return toRequest(exchange, part);
}

function alone(references: ReadonlyMap<string, string>): Nesting {
  return { nested: true, references };
}

/** Relative addresses begin at the batch's own version of the API. */
function toRequest({ request, base, org }: Exchange, part: BatchRequest): OrgRequest {
  const absolute = /^(https?:\/\/|\/|\$)/i.test(part.url);
  return {
    method: part.method,
    target: absolute ? part.url : `${base.slice(org.origin.length)}/${part.url}`,
    headers: part.headers,
    body: new TextEncoder().encode(part.body ?? ''),
    caller: request.caller,
  };
}

function toPart(
  { status, headers, body }: OrgResponse,
  { contentId }: { readonly contentId?: string },
): BatchResponse {
  const text = typeof body === 'string' || body === undefined ? body : new TextDecoder().decode(body);
  return {
    status,
    headers,
    ...(text === undefined ? {} : { body: text }),
    ...(contentId === undefined ? {} : { contentId }),
  };
}
