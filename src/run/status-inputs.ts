import { toChoiceNumbers } from '../metadata/choice-numbers.ts';
import type { ActionDefinition, RequestAction, StatusInput } from '../model/definition.ts';
import { isJsonObject, type Json, type JsonObject } from '../model/json.ts';
import { withCurrentMetadata } from '../query/current-metadata.ts';
import { ignoreConnectorError } from '../query/resolve-table.ts';
import { encodeColumnValue } from './codec/encode-value.ts';
import { rejectAt } from './codec/invalid-value.ts';
import type { Connection } from './connection.ts';

/**
 * The numbers of the status reasons in an input that the organization has added, which are given by label or number. A
 * status reason of another state is refused before anything is sent. Those of most organizations need no metadata.
 *
 * @param input not checked yet, so it is not returned: a promise would call its function `then`
 */
export async function resolveStatusInputs(
  connection: Connection,
  action: ActionDefinition,
  input: JsonObject,
): Promise<JsonObject> {
  const statusInputs = action.handler === undefined ? (action.statusInputs ?? []) : [];
  const unknown = statusInputs.filter((status) => !isKnown(status, input));
  const resolved = await Promise.all(
    unknown.map(async (status) => [status.input, await resolveStatus(connection, status, input)] as const),
  );
  return Object.fromEntries(resolved);
}

/** Whether the status reasons in an input are those of most organizations, which need no metadata. */
export function areStatusesKnown({ statusInputs = [] }: RequestAction, input: JsonObject): boolean {
  return statusInputs.every((status) => isKnown(status, input));
}

/**
 * Whether the value is a status reason of most organizations, or no value for one: the schema judges that, and it refuses
 * an input that cannot be read.
 */
function isKnown({ input: name, choices }: StatusInput, input: JsonObject): boolean {
  try {
    const { [name]: value } = input;
    if (typeof value === 'string') return Object.hasOwn(choices, value);
    const number = value !== undefined && isJsonObject(value) ? value.value : value;
    return typeof number !== 'number' || Object.values(choices).includes(number);
  } catch {
    return true;
  }
}

async function resolveStatus(
  { queryChecker: { source } }: Connection,
  { input: name, table, state }: StatusInput,
  input: JsonObject,
): Promise<Json> {
  const value = input[name] ?? null;
  return await withCurrentMetadata(source, async () => {
    const metadata = await source.getTable(table).catch(ignoreConnectorError);
    const column = metadata?.columns.find((each) => each.name === 'statuscode');
    // Without the metadata, the number is left to Dataverse, and the label to the schema.
    if (column === undefined) return value;
    const reasons = (column.choices ?? []).filter((choice) => choice.state === state);
    const rules = { type: 'choice', choices: toChoiceNumbers(reasons), hasAllChoices: true } as const;
    return encodeColumnValue(rules, value, rejectAt('', name));
  });
}
