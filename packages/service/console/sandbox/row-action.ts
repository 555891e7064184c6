import { useMemo } from 'preact/hooks';
import { quote, toCurl, toProgram } from '../copies.tsx';
import { part, send, useResource } from '../rest.ts';

/** An action on rows of a table, with what it is called in a terminal and in a program. */
export interface RowAction {
  readonly id: string;
  readonly input: Readonly<Record<string, unknown>>;
}

export type Row = Readonly<Record<string, unknown>>;

/** The tables for which our manifest has actions that list and create rows: `case`, `account`, … */
export function useResources(): readonly string[] {
  const { data } = useResource<{ actions: readonly { readonly id: string }[] }>('/v1/actions');
  return useMemo(() => {
    const ids = new Set(data?.actions.map(({ id }) => id));
    const names = [...ids].map((id) => id.split('.')[0] ?? '');
    return [...new Set(names)].filter(
      (name) => name !== 'record' && ids.has(`${name}.list`) && ids.has(`${name}.create`),
    );
  }, [data]);
}

/** The action of a table, or the one for any table: `case.create`, or `record.create` of `new_parcel`. */
export function rowAction(isNamed: boolean, table: string, verb: string, input: Row): RowAction {
  if (isNamed) return { id: `${table}.${verb}`, input };
  const { id, ...values } = input;
  const isWrite = verb === 'create' || verb === 'update';
  return { id: `record.${verb}`, input: { table, id, ...(isWrite ? { values } : values) } };
}

export async function runAction<Output>(connection: string, { id, input }: RowAction): Promise<Output> {
  const answer = await send<{ output: Output }>('POST', addressOf(connection, id), input);
  return answer.output;
}

export const addressOf = (connection: string, id: string) =>
  `/v1/connections/${part(connection)}/actions/${id}`;

/** A run of an action for other places. */
export function copiesOfRun(connection: string, { id, input }: RowAction) {
  const json = JSON.stringify(input);
  const verb = id.endsWith('.list') ? 'list' : 'run';
  return {
    command: `d365 ${verb} ${id} --connection ${quote(connection)} --input ${quote(json)}`,
    curl: toCurl('POST', addressOf(connection, id), input),
    typescript: toProgram(
      connection,
      `const { output } = await client.run('${id}', ${JSON.stringify(input)});\nconsole.log(output);`,
    ),
  };
}
