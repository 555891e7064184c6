import { parseGuid } from '../../guid.ts';
import { toReference } from '../../store/entity-reference.ts';
import { DataverseError } from '../errors.ts';
import { getHeader } from '../headers.ts';
import type { WebApiContext, WebApiResponse } from '../types.ts';
import { findByUniqueName } from '../write/solution-rules.ts';
import { defaultOptionPrefix } from './read-options.ts';

/** The `componenttype` of a definition by the last part of its URL. */
const componentTypes: Readonly<Record<string, number>> = {
  EntityDefinitions: 1,
  Attributes: 2,
  GlobalOptionSetDefinitions: 9,
  RelationshipDefinitions: 10,
  Keys: 14,
};

/** The prefix of the values of new options: that of the publisher of the solution which a request names. */
export function optionPrefix(context: WebApiContext, solutionName?: string): number {
  const name = solutionName ?? getHeader(context.request.headers, 'MSCRM.SolutionUniqueName');
  if (name === undefined) return defaultOptionPrefix;
  const { systemStore } = context.org;
  const solution = findByUniqueName(systemStore, 'solution', name);
  const publisher = toReference(solution?.values.publisherid);
  const row = publisher ? systemStore.read('publisher', publisher.id) : undefined;
  const prefix = row?.values.customizationoptionvalueprefix;
  return typeof prefix === 'number' ? prefix : defaultOptionPrefix;
}

/** A component of a solution: its `componenttype` and its `objectid`. */
export interface SolutionComponent {
  readonly type: number;
  readonly id: string;
}

export const componentType = { attribute: 2, choice: 9, relationship: 10 } as const;

/**
 * Adds what a request creates to the solution that its header `MSCRM.SolutionUniqueName` names. Rejects unknown
 * solutions before anything is created.
 */
export function addToSolution(context: WebApiContext, create: () => WebApiResponse): WebApiResponse {
  const name = getHeader(context.request.headers, 'MSCRM.SolutionUniqueName');
  return createInSolution(context, name, () => {
    const response = create();
    const url = response.headers['OData-EntityId'] ?? '';
    const [, part = '', key = ''] = /(\w+)\(([^()]+)\)$/.exec(url) ?? [];
    const id = parseGuid(key);
    const type = componentTypes[part];
    return { response, components: id && type !== undefined ? [{ type, id }] : [] };
  });
}

/** Adds what `create` creates to the solution of this name, if there is one. */
export function createInSolution(
  { org, actor }: WebApiContext,
  name: string | undefined,
  create: () => { readonly response: WebApiResponse; readonly components: readonly SolutionComponent[] },
): WebApiResponse {
  if (name === undefined || name === '') return create().response;
  const solution = findByUniqueName(org.systemStore, 'solution', name);
  if (!solution) {
    const message = `The solution with the unique name '${name.slice(0, 100)}' does not exist.`;
    throw new DataverseError(400, '0x8004f002', message);
  }
  const { response, components } = create();
  const solutionid = { table: 'solution', id: solution.id };
  for (const { type, id } of components) {
    const values = { componenttype: type, objectid: id, rootcomponentbehavior: 0, solutionid };
    org.store.insert('solutioncomponent', values, actor);
  }
  return response;
}
