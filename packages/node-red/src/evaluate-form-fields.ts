import { ConnectorError, type JsonObject } from 'dynamics365-connector';
import type { NodeMessage, NodeRedApi, NodeRedNode } from './node-red-api.ts';

/** One field of a node's form, as Node-RED's TypedInput stores it. */
export interface FormField {
  /** A TypedInput type (`str`, `num`, `json`, `msg`, `jsonata`, `env` ...) or `choice`, a value of a fixed list. */
  readonly type: string;
  readonly value: string;
}

/** The fields of a node's form by input name. */
export type FormFields = Readonly<Record<string, FormField>>;

/**
 * Evaluates the fields of a form for a message. Fields whose value is undefined are omitted.
 *
 * @throws INPUT_INVALID with the name of a field that cannot be evaluated.
 */
export async function evaluateFormFields(
  { util }: Pick<NodeRedApi, 'util'>,
  fields: FormFields,
  { node, message }: { readonly node: NodeRedNode; readonly message: NodeMessage },
): Promise<JsonObject> {
  const evaluate = ({ type, value }: FormField) =>
    new Promise<unknown>((resolve, reject) => {
      const valueType = type === 'choice' ? 'str' : type;
      util.evaluateNodeProperty(value, valueType, node, message, (error, result) =>
        error ? reject(error) : resolve(result),
      );
    });
  const entries = await Promise.all(
    Object.entries(fields).map(async ([name, field]) => {
      const value = await evaluate(field).catch(() => {
        throw evaluationError(name, field.type);
      });
      return [name, value] as const;
    }),
  );
  return Object.fromEntries(entries.filter(([, value]) => value !== undefined)) as JsonObject;
}

/** Without the cause's message, which may quote values of the flow. */
function evaluationError(name: string, type: string): ConnectorError {
  const message = `cannot be evaluated as ${type}`;
  const issues = [{ path: `/${name}`, message, keyword: type }];
  return new ConnectorError('INPUT_INVALID', `/${name} ${message}`, { issues });
}
