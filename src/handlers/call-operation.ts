import { ConnectorError } from '../errors/connector-error.ts';
import type { JsonObject } from '../model/json.ts';
import type { MetadataOperation, MetadataOperations } from '../model/metadata.ts';
import { checkArguments } from '../odata/operations/check-arguments.ts';
import { type OperationReference, resolveOperation } from '../odata/operations/resolve-operation.ts';
import { encodeArgument } from '../odata/operations/scalar-types.ts';
import { withCurrentMetadata } from '../query/current-metadata.ts';
import { ignoreConnectorError } from '../query/resolve-table.ts';
import { idKey } from '../run/codec/row-key.ts';
import type { Connection } from '../run/connection.ts';
import { requireEntitySet } from '../run/metadata-table.ts';
import { checkNewRows } from './check-new-rows.ts';
import { literalTemplate, type PrepareAction, type PreparedRequest, toRequestAction } from './prepare.ts';
import { writeArguments } from './write-arguments.ts';

/**
 * Calls an action or function of Dataverse by its name, also a custom one. Its name, table and parameters are checked
 * against the organization's `$metadata`; if that cannot be read, they are sent unchecked.
 * https://learn.microsoft.com/power-apps/developer/data-platform/webapi/use-web-api-actions
 */
export const callOperation: PrepareAction = (input, context) =>
  withCurrentMetadata(context.connection.queryChecker.source, () => prepareCall(input, context));

const prepareCall: PrepareAction = async (input, { connection, action }) => {
  const reference = input as unknown as OperationReference;
  const given = (input.parameters ?? {}) as JsonObject;
  const known = await connection.queryChecker.source.getOperations().catch(ignoreConnectorError);
  const operation = known && requireDataverseOperation(known, reference);
  const written =
    known === undefined || operation === undefined
      ? given
      : await checkAndWrite(connection, { known, operation, given });
  const path = await operationPath(connection, reference);
  const request =
    reference.kind === 'action'
      ? toActionRequest(path, written)
      : toFunctionRequest(path, written, parameterTypes(known, operation));
  return { connection, action: toRequestAction(action, request, { kind: 'json' }), input: {} };
};

function toActionRequest(path: string, value: JsonObject): PreparedRequest {
  return {
    method: 'POST',
    path: literalTemplate(path),
    safety: 'once',
    body: { kind: 'literal', value },
  };
}

function requireDataverseOperation(
  known: MetadataOperations,
  requested: OperationReference,
): MetadataOperation {
  const found = resolveOperation(known, requested);
  if ('operation' in found) return found.operation;
  const { issue, suggestions = [] } = found;
  const subject = issue.path === '/name' ? `"${requested.name}"` : issue.path;
  throw new ConnectorError('INPUT_INVALID', `${subject} ${issue.message}`, { issues: [issue], suggestions });
}

interface ArgumentCheckInput {
  readonly known: MetadataOperations;
  readonly operation: MetadataOperation;
  readonly given: JsonObject;
}

async function checkAndWrite(
  connection: Connection,
  { known, operation, given }: ArgumentCheckInput,
): Promise<JsonObject> {
  const { queryChecker } = connection;
  const names = await queryChecker.source.listTables().catch(ignoreConnectorError);
  if (names === undefined) return given;
  const checking = { known, tables: new Set(names.map(({ name }) => name)) };
  const types = checkArguments(operation.parameters, given, checking);
  const issues =
    types.length > 0
      ? types
      : await checkNewRows(operation.parameters, given, { ...checking, checker: queryChecker });
  const [first] = issues;
  if (first !== undefined) {
    const what =
      issues.length === 1 ? `${first.path} ${first.message}` : `the parameters have ${issues.length} issues`;
    throw new ConnectorError('INPUT_INVALID', `${operation.name}: ${what}`, { issues });
  }
  return await writeArguments(operation, given, { ...checking, source: queryChecker.source });
}

/** `/WhoAmI`, `/incidents(id)/Microsoft.Dynamics.CRM.X`, or `/incidents/Microsoft.Dynamics.CRM.X`. */
async function operationPath(connection: Connection, { name, on }: OperationReference): Promise<string> {
  if (on === undefined) return `/${name}`;
  const set = await requireEntitySet(connection, on.table);
  return `/${set}${on.id === undefined ? '' : idKey(on.id, '/on/id')}/Microsoft.Dynamics.CRM.${name}`;
}

type TypeOf = (parameter: string) => readonly [type: string | undefined, isEnum: boolean];

function parameterTypes(
  known: MetadataOperations | undefined,
  operation: MetadataOperation | undefined,
): TypeOf {
  return (parameter) => {
    const type = operation?.parameters.find(({ name }) => name === parameter)?.type;
    return [type, type !== undefined && Object.hasOwn(known?.enumTypes ?? {}, type)];
  };
}

/** `(A=@p0,B=@p1)?@p0=1&@p1='x'`: parameter aliases keep values out of the path. */
function toFunctionRequest(path: string, given: JsonObject, typeOf: TypeOf): PreparedRequest {
  const names = Object.keys(given);
  if (!names.every((name) => /^[A-Za-z_][A-Za-z0-9_]*$/.test(name))) {
    const message = 'A parameter name must consist of letters, digits and underscores.';
    throw new ConnectorError('INPUT_INVALID', message);
  }
  const aliases = names.map((name, index) => `${name}=@p${index}`).join(',');
  const query = Object.entries(given).map(([name, value], index) => {
    const template = literalTemplate(encodeArgument(value, ...typeOf(name)));
    return { name: `@p${index}`, kind: 'text', template } as const;
  });
  return { method: 'GET', path: literalTemplate(`${path}(${aliases})`), query, safety: 'repeatable' };
}
