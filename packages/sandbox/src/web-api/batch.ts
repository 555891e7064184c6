import {
  type BatchItem,
  type BatchRequest,
  type BatchResponse,
  composeBatchResponse,
  parseBatchRequest,
} from 'dynamics365-connector/odata';
import { invalidQuery } from './errors.ts';
import { getHeader } from './headers.ts';
import { commonHeaders } from './responses.ts';
import type { BatchContext, WebApiContext, WebApiRequest, WebApiResponse } from './types.ts';

/** Handles one part of a batch. */
type PartHandler = (request: WebApiRequest, nesting: BatchContext) => WebApiResponse;

/**
 * Handles `POST $batch`: parts in order, each change set in a transaction. The first failure ends the batch with 400,
 * unless the caller prefers `odata.continue-on-error`.
 * https://learn.microsoft.com/power-apps/developer/data-platform/webapi/execute-batch-operations-using-web-api
 */
export function handleBatch(context: WebApiContext, handlePart: PartHandler): WebApiResponse {
  const { request, prefer, org } = context;
  const continues = prefer.continueOnError && org.assumptions.batchErrors === 'continued';
  const body = new TextDecoder().decode(request.body);
  const parsed = parseBatchRequest(getHeader(request.headers, 'Content-Type') ?? '', body);
  if (!parsed.ok) throw invalidQuery(`The batch is malformed: ${parsed.diagnostics[0]?.message}`);
  const responses: BatchItem<BatchResponse>[] = [];
  let failed = false;
  for (const item of parsed.value) {
    const itemResponse =
      'part' in item
        ? {
            part: toBatchResponse(
              handlePart(toWebApiRequest(context, item.part), batchContextOf(new Map())),
              item.part,
            ),
          }
        : handleChangeSet(context, item.changeSet, handlePart);
    responses.push(itemResponse);
    failed = responsesOf(itemResponse).some(({ status }) => status >= 400);
    if (failed && !continues) break;
  }
  const composed = composeBatchResponse(responses, org.newId);
  return {
    status: failed && !continues ? 400 : 200,
    headers: { 'Content-Type': composed.contentType, ...commonHeaders(context) },
    body: composed.body,
  };
}

function responsesOf(item: BatchItem<BatchResponse>): readonly BatchResponse[] {
  return 'part' in item ? [item.part] : item.changeSet;
}

/** Rolls the change set back. It carries the response of the failed part, which is the only one in the result. */
class ChangeSetError extends Error {
  readonly response: BatchResponse;

  constructor(response: BatchResponse) {
    super('A part of the change set failed.');
    this.response = response;
  }
}

function handleChangeSet(
  context: WebApiContext,
  parts: readonly BatchRequest[],
  handlePart: PartHandler,
): BatchItem<BatchResponse> {
  const references = new Map<string, string>();
  try {
    return {
      changeSet: context.org.store.transaction(() =>
        parts.map((part) => {
          const response = handlePart(toChangeSetRequest(context, part), batchContextOf(references));
          if (response.status >= 400) throw new ChangeSetError(toBatchResponse(response, part));
          const entityUrl = response.headers['OData-EntityId'];
          if (entityUrl !== undefined && part.contentId !== undefined)
            references.set(part.contentId, entityUrl);
          return toBatchResponse(response, part);
        }),
      ),
    };
  } catch (error) {
    if (error instanceof ChangeSetError) return { changeSet: [error.response] };
    throw error;
  }
}

function toChangeSetRequest(context: WebApiContext, part: BatchRequest): WebApiRequest {
  if (part.contentId === undefined) {
    throw invalidQuery('The Content-ID header is not present in a request of the change set.');
  }
  if (part.method === 'GET') throw invalidQuery('A change set cannot hold GET requests.');
  return toWebApiRequest(context, part);
}

function batchContextOf(references: ReadonlyMap<string, string>): BatchContext {
  return { inBatch: true, contentIdUrls: references };
}

/** Relative URLs start at the API version of the batch. */
function toWebApiRequest({ request, base, org }: WebApiContext, part: BatchRequest): WebApiRequest {
  const absolute = /^(https?:\/\/|\/|\$)/i.test(part.url);
  return {
    method: part.method,
    target: absolute ? part.url : `${base.slice(org.origin.length)}/${part.url}`,
    headers: part.headers,
    body: new TextEncoder().encode(part.body ?? ''),
    caller: request.caller,
  };
}

function toBatchResponse(
  { status, headers, body }: WebApiResponse,
  { contentId }: { readonly contentId?: string },
): BatchResponse {
  const text = typeof body === 'string' || body === undefined ? body : new TextDecoder().decode(body);
  return { status, headers, body: text, contentId };
}
