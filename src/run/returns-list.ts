import type { OutputShape, RequestAction } from '../model/definition.ts';

/** Whether an action returns a list that is read page by page. */
export function returnsList({ output, request }: Pick<RequestAction, 'output' | 'request'>): boolean {
  return output.kind === 'rows' || (isJsonList(output) && request.method === 'GET');
}

/** Whether an output is a list of any JSON. */
export function isJsonList(output: OutputShape): boolean {
  return output.kind === 'json' && (output.type?.kind === 'array' || output.type?.kind === 'names');
}
