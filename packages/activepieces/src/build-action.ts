import { createAction, Property } from '@activepieces/pieces-framework';
import type { ActionDefinition, Json, JsonObject } from 'dynamics365-connector';
import {
  describeOperation,
  isJsonObject,
  isRepeatableWithKey,
  type OperationView,
  parseCallOptions,
  readFormValue,
  runtimeOf,
} from 'dynamics365-connector/host';
import { openClient } from './connection.ts';
import { fieldProperty } from './field-property.ts';
import type { PieceContext } from './piece-context.ts';
import { toPieceError } from './piece-error.ts';
import type { ActionContext, PieceAction, PieceProperty } from './piece-types.ts';
import { fileNameIn, readInput } from './read-input.ts';

/** The name of an operation in a flow: `case.create` -> `case_create`. */
export function pieceName(id: string): string {
  return id.replaceAll('.', '_');
}

/** The action of the piece for one action of the connector. */
export function buildAction(action: ActionDefinition, pieceContext: PieceContext): PieceAction {
  const { definition } = runtimeOf(pieceContext.connector);
  const view = describeOperation(definition, action);
  const { title, description } = view;
  return createAction({
    name: pieceName(action.id),
    displayName: title,
    description,
    props: { ...inputProperties(view, pieceContext), ...callProperties(action, view) },
    run: async (context) => {
      try {
        return await runAction(view, pieceContext, context);
      } catch (error) {
        throw toPieceError(error);
      }
    },
  });
}

/** The properties for the inputs. A file brings its name along. */
export function inputProperties(
  { fields }: OperationView,
  pieceContext: PieceContext,
): Readonly<Record<string, PieceProperty>> {
  const hasFile = fields.some(({ kind }) => kind === 'file');
  return Object.fromEntries(
    fields.map((field) => {
      const isFileName = hasFile && field.name === 'fileName';
      const shown = isFileName
        ? { ...field, required: false, description: 'Default: the name of the file' }
        : field;
      return [field.name, fieldProperty(shown, pieceContext)];
    }),
  );
}

/** The properties for what applies to the call and is no input. */
function callProperties(action: ActionDefinition, { callOptions }: OperationView) {
  const { readOnly, idempotent } = action.effects;
  const hasKey = !readOnly && !idempotent && isRepeatableWithKey(action);
  const idempotencyKey = Property.ShortText({
    displayName: 'Idempotency key',
    description:
      'Text that makes a repetition safe: calls with the same key have one effect. For example the id of the event that started the flow, with the name of the step.',
    required: false,
  });
  const names = callOptions.map(({ name }) => name).join(', ');
  const options = Property.Json({
    displayName: 'Options of the call',
    description: `An object with some of: ${names}`,
    required: false,
  });
  return {
    ...(hasKey ? { idempotencyKey } : {}),
    ...(callOptions.length > 0 ? { callOptions: options } : {}),
  };
}

async function runAction(
  view: OperationView,
  pieceContext: PieceContext,
  { auth, propsValue, files }: ActionContext,
): Promise<unknown> {
  const { definition } = runtimeOf(pieceContext.connector);
  const client = openClient(pieceContext, auth);
  const form = { definition, client, view, values: propsValue };
  const input = { ...fileNameIn(form), ...(await readInput(form)) };
  const { idempotencyKey, callOptions } = propsValue;
  const given = callOptions === '' || callOptions === null ? undefined : callOptions;
  const options = parseCallOptions(readFormValue({ name: 'callOptions', kind: 'json' }, given));
  const { output } = await client.run(view.id, input, {
    ...options,
    idempotencyKey: typeof idempotencyKey === 'string' && idempotencyKey !== '' ? idempotencyKey : undefined,
  });
  return view.answer.kind === 'file' && isJsonObject(output) ? await storeFile(output, files) : output;
}

/** A file is stored by the platform: later steps get its address instead of its content. */
async function storeFile(output: JsonObject, files: ActionContext['files']): Promise<Json> {
  const { content, ...file } = output;
  const data = Buffer.from(String(content), 'base64');
  return { ...file, file: await files.write({ fileName: String(file.fileName), data }) };
}
