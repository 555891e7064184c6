import type { JsonObject } from 'dynamics365-connector';

export const ref = (name: string) => ({ $ref: `#/components/schemas/${name}` });
const problems = {
  '4XX': { $ref: '#/components/responses/Problem' },
  '5XX': { $ref: '#/components/responses/Problem' },
};
export const connection = { $ref: '#/components/parameters/Connection' };
export const textIn = (place: 'path' | 'query', name: string, description: string) => ({
  ...{ name, in: place, description },
  required: place === 'path',
  schema: { type: 'string' },
});
export const choiceIn = (name: string, choices: readonly string[], description: string) => ({
  ...{ name, in: 'query', description },
  schema: { type: 'string', enum: choices },
});
export const countIn = (name: string, description: string) => ({
  ...{ name, in: 'query', description },
  schema: { type: 'integer' },
});
export const body = (schema: object) => ({ required: true, content: { 'application/json': { schema } } });

/** An operation of the service that is no action and no poll. */
export interface Operation {
  readonly id: string;
  readonly summary: string;
  readonly parameters?: readonly object[];
  readonly requestBody?: object;
  /** Status and schema of success; no schema: an empty body. */
  readonly success: readonly [status: number, schema?: object, mediaType?: string];
}

/** An operation as the document has it. */
export function toOperation({ id, summary, parameters = [], requestBody, success }: Operation): JsonObject {
  const [status, schema, mediaType = 'application/json'] = success;
  const content = schema === undefined ? undefined : { [mediaType]: { schema } };
  return JSON.parse(
    JSON.stringify({
      operationId: id,
      summary,
      description: summary,
      tags: ['Service'],
      parameters,
      requestBody,
      responses: { [status]: { description: 'Done.', content }, ...problems },
    }),
  ) as JsonObject;
}

export const list = (name: string, items: object) => ({
  type: 'object',
  required: [name],
  properties: { [name]: { type: 'array', items } },
});
