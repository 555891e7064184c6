import { ConnectorError } from '../errors/connector-error.ts';
import type { JsonObject } from '../model/json.ts';
import type { MetadataOperation, MetadataOperations } from '../model/metadata.ts';
import { checkArguments } from '../odata/operations/check-arguments.ts';
import { type OperationReference, resolveOperation } from '../odata/operations/resolve-operation.ts';
import { encodeArgument } from '../odata/operations/scalar-types.ts';
import { ignoreConnectorError } from '../query/resolve-table.ts';
import type { Connection } from '../run/connection.ts';
import { requireEntitySet } from '../run/metadata-table.ts';
import { checkNewRows } from './check-new-rows.ts';
import { literalTemplate, type PrepareAction, toRequestAction } from './prepare.ts';
import { writeArguments } from './write-arguments.ts';

/**
 * Calls an action or function of Dataverse by its name, of the organization's own making too. Name, table and
 * parameters are checked against the organization's own `$metadata`; where that cannot be read, they go unchecked.
 * https://learn.microsoft.com/power-apps/developer/data-platform/webapi/use-web-api-actions
 */
export const callOperation: PrepareAction = async (input, { connection, action }) => {
  const wanted = input as unknown as OperationReference;
  const given = (input.parameters ?? {}) as JsonObject;
  const known = await connection.queryChecker.source.getOperations().catch(ignoreConnectorError);
  const operation = known && requireDataverseOperation(known, wanted);
  const written =
    operation === undefined ? given : await checkAndWrite(connection, { known: known!, operation, given });
  const start = await operationPath(connection, wanted);
  const request =
    wanted.kind === 'action'
      ? ({
          method: 'POST',
          path: literalTemplate(start),
          safety: 'once',
          body: literalBody(written),
        } as const)
      : ({
          method: 'GET',
          ...functionCall(start, written, parameterTypes(known, operation)),
          safety: 'repeatable',
        } as const);
  return { connection, action: toRequestAction(action, request, { kind: 'json' }), input: {} };
};

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
      issues.length === 1 ? `${first.path} ${first.message}` : `${issues.length} parameters do not fit`;
    throw new ConnectorError('INPUT_INVALID', `${operation.name}: ${what}`, { issues });
  }
  return await writeArguments(operation, given, { ...checking, source: queryChecker.source });
}

/** `/WhoAmI`, `/incidents(id)/Microsoft.Dynamics.CRM.X`, or `/incidents/Microsoft.Dynamics.CRM.X`. */
async function operationPath(connection: Connection, { name, on }: OperationReference): Promise<string> {
  if (on === undefined) return `/${name}`;
  const set = await requireEntitySet(connection, on.table);
  return `/${set}${on.id === undefined ? '' : `(${on.id})`}/Microsoft.Dynamics.CRM.${name}`;
}

function literalBody(value: JsonObject) {
  return { kind: 'literal', value } as const;
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

/** `(A=@p0,B=@p1)?@p0=1&@p1='x'`: aliases keep values out of the path. */
function functionCall(start: string, given: JsonObject, typeOf: TypeOf) {
  const names = Object.keys(given);
  const bad = names.find((name) => !/^[A-Za-z_][A-Za-z0-9_]*$/.test(name));
  if (bad !== undefined) throw new ConnectorError('INPUT_INVALID', 'A parameter has a name that is none.');
  const list = names.map((name, index) => `${name}=@p${index}`).join(',');
  const query = names.map((name, index) => {
    const template = literalTemplate(encodeArgument(given[name]!, ...typeOf(name)));
    return { name: `@p${index}`, kind: 'text', template } as const;
  });
  return { path: literalTemplate(`${start}(${list})`), query };
}
