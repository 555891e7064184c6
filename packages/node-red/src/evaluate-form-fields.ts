import { ConnectorError, type JsonObject } from 'dynamics365-connector';
import {
  type CallOptions,
  type FieldKind,
  parseCallOptions,
  readFormValue,
} from 'dynamics365-connector/host';
import type { NodeMessage, NodeRedApi, NodeRedNode } from './node-red-api.ts';

/** One field of a node's form, as Node-RED's TypedInput stores it. */
export interface FormField {
  /**
   * A TypedInput type (`str`, `num`, `json`, `msg`, `jsonata`, `env` ...), or one of a field with a pick list: `choice`, a
   * value; `names`, a list with commas; `row`, an id; `lookup`, an id or `table/id`; `lookups`, a list of these; `people`,
   * a list of these or of e-mail addresses.
   */
  readonly type: string;
  readonly value: string;
}

/** The fields of a node's form by input name. */
export type FormFields = Readonly<Record<string, FormField>>;

/** Where the values of fields come from: the message, and the context of the node. */
interface FieldSource {
  readonly node: NodeRedNode;
  readonly message: NodeMessage;
}

/**
 * Evaluates the fields of a form for a message. Fields whose value is undefined are omitted.
 *
 * @throws INPUT_INVALID with the name of a field that cannot be evaluated.
 */
export async function evaluateFormFields(
  red: Pick<NodeRedApi, 'util'>,
  fields: FormFields,
  source: FieldSource,
): Promise<JsonObject> {
  const entries = await evaluateEach(red, fields, source);
  return Object.fromEntries(entries.filter(([, value]) => value !== undefined)) as JsonObject;
}

/**
 * Evaluates the call options of a form for a message.
 *
 * @throws INPUT_INVALID for one that cannot be evaluated, or whose value is missing or of the wrong type.
 */
export async function evaluateCallOptions(
  red: Pick<NodeRedApi, 'util'>,
  fields: FormFields,
  source: FieldSource,
): Promise<CallOptions> {
  return parseCallOptions(Object.fromEntries(await evaluateEach(red, fields, source)));
}

async function evaluateEach(
  { util }: Pick<NodeRedApi, 'util'>,
  fields: FormFields,
  { node, message }: FieldSource,
): Promise<readonly (readonly [name: string, value: unknown])[]> {
  const evaluate = (name: string, { type, value }: FormField) =>
    new Promise<unknown>((resolve, reject) => {
      const kind = pickedKinds[type];
      if (kind !== undefined) return resolve(readFormValue({ name, kind }, value));
      util.evaluateNodeProperty(value, type, node, message, (error, result) =>
        error ? reject(error) : resolve(result),
      );
    });
  return await Promise.all(
    Object.entries(fields).map(async ([name, field]) => {
      const value = await evaluate(name, field).catch(() => {
        throw evaluationError(name, field.type);
      });
      return [name, value] as const;
    }),
  );
}

/** The kinds of fields with a pick list, by the types of the form. */
const pickedKinds: Readonly<Record<string, FieldKind | undefined>> = {
  choice: 'choice',
  names: 'choices',
  row: 'row',
  lookup: 'lookup',
  lookups: 'lookups',
  people: 'people',
};

/** Without the cause's message, which may quote values of the flow. */
function evaluationError(name: string, type: string): ConnectorError {
  const message = `cannot be evaluated as ${type}`;
  const issues = [{ path: `/${name}`, message, keyword: type }];
  return new ConnectorError('INPUT_INVALID', `/${name} ${message}`, { issues });
}
