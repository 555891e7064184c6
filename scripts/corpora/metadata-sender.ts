import type { HttpSender } from 'dynamics365-connector';

/** A table as `EntityDefinitions` returns it, with the details of its columns. */
export interface WireTable {
  readonly LogicalName: string;
  readonly EntitySetName: string | null;
  readonly Details: readonly WireColumnDetails[];
}

interface WireColumnDetails {
  readonly LogicalName: string;
  readonly kind: string;
  readonly options?: readonly { readonly value: number; readonly label: string; readonly state?: number }[];
  readonly global_?: boolean;
  readonly maxLength?: number;
  readonly behavior?: string;
}

const csdl =
  '<edmx:Edmx Version="4.0" xmlns:edmx="http://docs.oasis-open.org/odata/ns/edmx"><edmx:DataServices><Schema Namespace="Microsoft.Dynamics.CRM" xmlns="http://docs.oasis-open.org/odata/ns/edm"/></edmx:DataServices></edmx:Edmx>';

/** Answers the requests for the metadata of an organization with that of these tables. */
export function createMetadataSender(tables: readonly WireTable[]): HttpSender {
  const byName = new Map(tables.map((table) => [table.LogicalName, table]));
  return async ({ url }) => {
    const path = decodeURIComponent(new URL(url).pathname);
    if (path.endsWith('/$metadata')) return respond(200, csdl, 'application/xml');
    const json = findMetadata(path, tables, byName);
    return json === undefined
      ? respond(404, JSON.stringify({ error: { code: '0x80060888', message: 'Not found.' } }))
      : respond(200, JSON.stringify(json));
  };
}

async function respond(
  status: number,
  text: string,
  type = 'application/json; odata.metadata=minimal',
): ReturnType<HttpSender> {
  async function* body() {
    yield new TextEncoder().encode(text);
  }
  return { status, headers: { 'content-type': type, 'odata-version': '4.0' }, body: body() };
}

function findMetadata(
  path: string,
  tables: readonly WireTable[],
  byName: ReadonlyMap<string, WireTable>,
): object | undefined {
  const id = '11111111-1111-4111-8111-111111111111';
  if (path.endsWith('/organizations'))
    return { '@Microsoft.Dynamics.CRM.globalmetadataversion': '1', value: [{ organizationid: id }] };
  if (path.endsWith('/WhoAmI')) return { BusinessUnitId: id, UserId: id, OrganizationId: id };
  if (path.endsWith('/EntityDefinitions')) return { value: tables };
  const [, name, type] =
    /\/EntityDefinitions\(LogicalName='([^']+)'\)(?:\/Attributes\/Microsoft\.Dynamics\.CRM\.(\w+)AttributeMetadata)?$/.exec(
      path,
    ) ?? [];
  const table = byName.get(name ?? '');
  if (table === undefined || type === undefined) return table;
  return { value: table.Details.filter(({ kind }) => kind === type).map(toDefinition) };
}

const label = (text: string) => ({ UserLocalizedLabel: { Label: text } });

function toDefinition(column: WireColumnDetails): object {
  const { LogicalName, kind, global_: isGlobal, maxLength = null, behavior = 'UserLocal' } = column;
  const options = (column.options ?? []).map(({ value, label: text, state }) => ({
    Value: value,
    Label: label(text),
    State: state,
  }));
  if (kind === 'Boolean') {
    const of = (value: number) =>
      options.find(({ Value }) => Value === value) ?? {
        Value: value,
        Label: label(value === 0 ? 'No' : 'Yes'),
      };
    return { LogicalName, OptionSet: { FalseOption: of(0), TrueOption: of(1) } };
  }
  const set = { Options: options };
  return {
    LogicalName,
    OptionSet: isGlobal ? null : set,
    GlobalOptionSet: isGlobal ? set : null,
    MaxLength: maxLength,
    DateTimeBehavior: { Value: behavior },
  };
}
