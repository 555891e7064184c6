import { ConnectorError, type JsonObject } from 'dynamics365-connector';
import type { NodeMessage, NodeRedApi, NodeRedNode } from './node-red-api.ts';

/** Fields of a node's form: the name of an input -> what the author entered, and of what type. */
export type FormFields = Readonly<Record<string, { readonly type: string; readonly value: string }>>;

/** What the fields of a form come to for a message. Those that come to nothing are left out; INPUT_INVALID names one that cannot be read. */
export async function evaluateFormFields(
  { util }: Pick<NodeRedApi, 'util'>,
  values: FormFields,
  { node, message }: { readonly node: NodeRedNode; readonly message: NodeMessage },
): Promise<JsonObject> {
  const read = ({ type, value }: FormFields[string]) =>
    new Promise<unknown>((resolve, reject) => {
      util.evaluateNodeProperty(value, type === 'choice' ? 'str' : type, node, message, (problem, found) =>
        problem ? reject(problem) : resolve(found),
      );
    });
  const entries = await Promise.all(
    Object.entries(values).map(async ([name, field]) => {
      const value = await read(field).catch(() => {
        throw unreadableField(name, field.type);
      });
      return [name, value] as const;
    }),
  );
  return Object.fromEntries(entries.filter(([, value]) => value !== undefined)) as JsonObject;
}

/** Its own words are left out: they may quote what a message holds. */
function unreadableField(name: string, type: string): ConnectorError {
  const issues = [{ path: `/${name}`, message: `cannot be read as ${type}`, keyword: type }];
  return new ConnectorError('INPUT_INVALID', `/${name}: cannot be read as ${type}`, { issues });
}
