import { ConnectorError } from '../errors/connector-error.ts';
import type { JsonObject } from '../model/json.ts';
import type { MetadataOperation, MetadataOperations } from '../model/metadata.ts';
import { checkArguments } from '../odata/operations/check-arguments.ts';
import { findOperation, type NamedOperation } from '../odata/operations/find-operation.ts';
import { writeArgument } from '../odata/operations/scalars.ts';
import { unreadable } from '../query/find-table.ts';
import type { Connection } from '../run/connection.ts';
import { entitySet } from '../run/organisation-table.ts';
import { checkNewRows } from './check-new-rows.ts';
import { writeArguments } from './operation-arguments.ts';
import { fixedPath, type Prepare, requestAction } from './prepare.ts';

/**
 * Calls an action or function of Dataverse by its name, of the organisation's own making too. Name, table and
 * parameters are checked against the organisation's own `$metadata`; where that cannot be read, they go unchecked.
 * https://learn.microsoft.com/power-apps/developer/data-platform/webapi/use-web-api-actions
 */
export const callOperation: Prepare = async (input, { connection, action }) => {
  const wanted = input as unknown as NamedOperation;
  const given = (input.parameters ?? {}) as JsonObject;
  const known = await connection.checker.source.operations().catch(unreadable);
  const operation = known && operationOf(known, wanted);
  const written =
    operation === undefined ? given : await checkAndWrite(connection, { known: known!, operation, given });
  const start = await startOf(connection, wanted);
  const request =
    wanted.kind === 'action'
      ? ({ method: 'POST', path: fixedPath(start), safety: 'once', body: literal(written) } as const)
      : ({
          method: 'GET',
          ...functionCall(start, written, typesOf(known, operation)),
          safety: 'repeatable',
        } as const);
  return { connection, action: requestAction(action, request, { kind: 'json' }), input: {} };
};

function operationOf(known: MetadataOperations, wanted: NamedOperation): MetadataOperation {
  const found = findOperation(known, wanted);
  if ('operation' in found) return found.operation;
  const { issue, suggestions = [] } = found;
  const what = issue.path === '/name' ? `"${wanted.name}"` : issue.path;
  throw new ConnectorError('INPUT_INVALID', `${what} ${issue.message}`, { issues: [issue], suggestions });
}

interface Calling {
  readonly known: MetadataOperations;
  readonly operation: MetadataOperation;
  readonly given: JsonObject;
}

async function checkAndWrite(
  connection: Connection,
  { known, operation, given }: Calling,
): Promise<JsonObject> {
  const { checker } = connection;
  const names = await checker.source.names().catch(unreadable);
  if (names === undefined) return given;
  const checking = { known, tables: new Set(names.map(({ name }) => name)) };
  const types = checkArguments(operation.parameters, given, checking);
  const issues =
    types.length > 0 ? types : await checkNewRows(operation.parameters, given, { ...checking, checker });
  const [first] = issues;
  if (first !== undefined) {
    const what =
      issues.length === 1 ? `${first.path} ${first.message}` : `${issues.length} parameters do not fit`;
    throw new ConnectorError('INPUT_INVALID', `${operation.name}: ${what}`, { issues });
  }
  return await writeArguments(operation, given, { ...checking, source: checker.source });
}

/** `/WhoAmI`, `/incidents(id)/Microsoft.Dynamics.CRM.X`, or `/incidents/Microsoft.Dynamics.CRM.X`. */
async function startOf(connection: Connection, { name, on }: NamedOperation): Promise<string> {
  if (on === undefined) return `/${name}`;
  const set = await entitySet(connection, on.table);
  return `/${set}${on.id === undefined ? '' : `(${on.id})`}/Microsoft.Dynamics.CRM.${name}`;
}

function literal(value: JsonObject) {
  return { kind: 'literal', value } as const;
}

type TypeOf = (parameter: string) => readonly [type: string | undefined, isEnum: boolean];

function typesOf(known: MetadataOperations | undefined, operation: MetadataOperation | undefined): TypeOf {
  return (parameter) => {
    const type = operation?.parameters.find(({ name }) => name === parameter)?.type;
    return [type, type !== undefined && Object.hasOwn(known?.enums ?? {}, type)];
  };
}

/** `(A=@p0,B=@p1)?@p0=1&@p1='x'`: aliases keep values out of the path. */
function functionCall(start: string, given: JsonObject, typeOf: TypeOf) {
  const names = Object.keys(given);
  const bad = names.find((name) => !/^[A-Za-z_][A-Za-z0-9_]*$/.test(name));
  if (bad !== undefined) throw new ConnectorError('INPUT_INVALID', 'A parameter has a name that is none.');
  const list = names.map((name, index) => `${name}=@p${index}`).join(',');
  const query = names.map((name, index) => {
    const template = fixedPath(writeArgument(given[name]!, ...typeOf(name)));
    return { name: `@p${index}`, kind: 'text', template } as const;
  });
  return { path: fixedPath(`${start}(${list})`), query };
}
