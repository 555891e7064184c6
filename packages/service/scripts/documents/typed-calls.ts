import type { ActionDefinition, ContractTest } from 'dynamics365-connector';

/** A call of the generated client. */
export interface TypedCall {
  readonly action: ActionDefinition;
  readonly test: ContractTest;
}

/**
 * A TypeScript program that calls each action with the client of openapi-fetch, whose types openapi-typescript made. It
 * compiles only if the document allows the input of each test.
 */
export function writeTypedCalls(calls: readonly TypedCall[]): string {
  const lines = calls.map(({ action: { id }, test }) => {
    const path = `/v1/connections/{connection}/actions/${id}`;
    return `  '${id}': () => client.POST('${path}', { ${connection}, body: ${JSON.stringify(test.input)} }),`;
  });
  return `${header}\n${lines.join('\n')}\n};\n`;
}

const connection = "params: { path: { connection: 'contoso' } }";
const header = `import createClient from 'openapi-fetch';
import type { paths } from './api.js';

const client = createClient<paths>({
  baseUrl: process.env.SERVICE_URL,
  headers: { authorization: 'Bearer x' },
});

// A wrong input is found: these lines compile only because they are marked.
export const mistakes = [
  // @ts-expect-error No such path.
  () => client.POST('/v1/connections/{connection}/actions/case.creat', { ${connection}, body: {} }),
  // @ts-expect-error The priority is a name.
  () => client.POST('/v1/connections/{connection}/actions/case.count', { ${connection}, body: { priority: 'hgh' } }),
];

export const calls = {`;
