import { parseGuid } from '../../guid.ts';
import { DataverseError } from '../errors.ts';
import { getHeader } from '../headers.ts';
import type { WebApiContext, WebApiResponse } from '../types.ts';
import { findByUniqueName } from '../write/solution-rules.ts';

/** The `componenttype` of a definition by the last part of its URL. */
const componentTypes: Readonly<Record<string, number>> = {
  EntityDefinitions: 1,
  Attributes: 2,
  GlobalOptionSetDefinitions: 9,
  RelationshipDefinitions: 10,
  Keys: 14,
};

/**
 * Adds what a request creates to the solution that its header `MSCRM.SolutionUniqueName` names. Rejects unknown
 * solutions before anything is created.
 */
export function addToSolution(context: WebApiContext, create: () => WebApiResponse): WebApiResponse {
  const { request, org, actor } = context;
  const name = getHeader(request.headers, 'MSCRM.SolutionUniqueName');
  if (name === undefined) return create();
  const solution = findByUniqueName(org.store, 'solution', name);
  if (!solution) {
    const message = `The solution with the unique name '${name.slice(0, 100)}' does not exist.`;
    throw new DataverseError(400, '0x8004f002', message);
  }
  const response = create();
  const [, part = '', key = ''] = /(\w+)\(([^()]+)\)$/.exec(response.headers['OData-EntityId'] ?? '') ?? [];
  const id = parseGuid(key);
  if (id) {
    const solutionid = { table: 'solution', id: solution.id };
    const values = {
      componenttype: componentTypes[part] ?? null,
      objectid: id,
      rootcomponentbehavior: 0,
      solutionid,
    };
    org.store.insert('solutioncomponent', values, actor);
  }
  return response;
}
