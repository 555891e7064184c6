import { type ClientSuite, check, type Scenario } from './scenario.ts';
import type { SuiteContext } from './suite-context.ts';

interface OptionLabel {
  readonly Label: { readonly UserLocalizedLabel: { readonly Label: string } | null };
}

interface ColumnDefinition {
  readonly LogicalName: string;
  readonly AttributeType: string;
  readonly IsValidForRead: boolean;
  readonly CanBeSecuredForRead: boolean;
  readonly IsValidODataAttribute: boolean;
  readonly DisplayName: { readonly UserLocalizedLabel: { readonly Label: string } | null };
}

type Send = <T>(method: string, path: string, options?: SendOptions) => Promise<T>;

interface SendOptions {
  readonly query?: Readonly<Record<string, string>>;
  readonly body?: object;
  readonly headers?: Readonly<Record<string, string>>;
}

/** The request sequences of n8n's nodes "Microsoft Dynamics CRM" and "Microsoft Dataverse". */
export function n8nSuite(context: SuiteContext): ClientSuite {
  const send = createSender(context);
  return {
    client: 'n8n nodes',
    scenarios: [
      ...crmFormScenarios(send),
      ...crmRowScenarios(send, context),
      ...dataverseFormScenarios(send),
      ...dataverseRowScenarios(send, context),
    ],
  };
}

function createSender({ gateway, token }: SuiteContext): Send {
  return async <T>(method: string, path: string, { query = {}, body, headers = {} }: SendOptions = {}) => {
    const url = new URL(`${gateway.httpOrigin}/api/data/v9.2${path}`);
    for (const [name, value] of Object.entries(query)) url.searchParams.set(name, value);
    const response = await fetch(url, {
      method,
      headers: {
        Authorization: `Bearer ${token}`,
        Accept: 'application/json',
        ...(body ? { 'Content-Type': 'application/json' } : {}),
        ...headers,
      },
      body: body && JSON.stringify(body),
    });
    if (!response.ok) throw new Error(`status ${response.status}`);
    const text = await response.text();
    return (text === '' ? {} : JSON.parse(text)) as T;
  };
}

/** The choice columns whose options the form of the CRM node lists. */
const crmChoices = [
  'accountcategorycode',
  'accountratingcode',
  'address1_addresstypecode',
  'businesstypecode',
  'customersizecode',
  'customertypecode',
  'industrycode',
  'paymenttermscode',
  'preferredappointmentdaycode',
  'preferredappointmenttimecode',
  'preferredcontactmethodcode',
  'shippingmethodcode',
  'territorycode',
] as const;

function crmFormScenarios(send: Send): readonly Scenario[] {
  const account = "/EntityDefinitions(LogicalName='account')/Attributes";
  const headers = { Prefer: 'return=representation' };
  const isListed = (field: ColumnDefinition) =>
    field.IsValidForRead && field.CanBeSecuredForRead && field.IsValidODataAttribute;
  return [
    ...crmChoices.map((column) => ({
      name: `Dynamics CRM: options of ${column}`,
      run: async () => {
        const cast = 'Microsoft.Dynamics.CRM.PicklistAttributeMetadata';
        const query =
          '$select=LogicalName&$expand=OptionSet($select=Options),GlobalOptionSet($select=Options)';
        const path = `${account}(LogicalName='${column}')/${cast}?${query}`;
        const { OptionSet } = await send<{ OptionSet: { Options: OptionLabel[] } }>('GET', path, { headers });
        check(OptionSet.Options.length > 0, 'options');
        for (const { Label } of OptionSet.Options) check(Label.UserLocalizedLabel !== null, 'labels');
      },
    })),
    {
      name: 'Dynamics CRM: columns to return',
      run: async () => {
        const { value } = await send<{ value: ColumnDefinition[] }>('GET', account, { headers });
        const named = value.filter(isListed).filter((field) => field.DisplayName.UserLocalizedLabel?.Label);
        check(named.length > 20, 'columns');
      },
    },
    {
      name: 'Dynamics CRM: columns to expand',
      run: async () => {
        const { value } = await send<{ value: ColumnDefinition[] }>('GET', account, { headers });
        const lookups = value.filter((field) => isListed(field) && field.AttributeType === 'Lookup');
        check(lookups.length > 0, 'lookup columns');
        for (const field of lookups) check(Boolean(field.DisplayName.UserLocalizedLabel), field.LogicalName);
      },
    },
  ];
}

function crmRowScenarios(send: Send, { rows }: SuiteContext): readonly Scenario[] {
  const headers = { Prefer: 'return=representation' };
  const path = `/accounts(${rows.account})`;
  return [
    {
      name: 'Dynamics CRM: create',
      run: async () => {
        const body = { name: 'From n8n', address1_city: 'Oslo', address2_city: 'Bergen', revenue: 5 };
        const query = { $select: 'name,accountid' };
        const row = await send<{ accountid: string }>('POST', '/accounts', { headers, body, query });
        check(row.accountid !== undefined, 'the id');
      },
    },
    {
      name: 'Dynamics CRM: get',
      run: () =>
        send('GET', path, { headers, query: { $select: 'name,telephone1', $expand: 'primarycontactid' } }),
    },
    {
      name: 'Dynamics CRM: get all',
      run: async () => {
        const { value } = await send<{ value: object[] }>('GET', '/accounts', {
          headers,
          query: { $select: 'name', $filter: "contains(name,'a')", $top: '100' },
        });
        check(value.length > 0, 'rows');
      },
    },
    {
      name: 'Dynamics CRM: update',
      run: () => send('PATCH', path, { headers, body: { telephone2: '1' }, query: { $select: 'accountid' } }),
    },
    {
      name: 'Dynamics CRM: delete',
      run: async () => {
        const query = { $select: 'accountid' };
        const body = { name: 'Gone' };
        const { accountid } = await send<{ accountid: string }>('POST', '/accounts', {
          headers,
          body,
          query,
        });
        await send('DELETE', `/accounts(${accountid})`, { headers });
      },
    },
  ];
}

const odataHeaders = { 'OData-MaxVersion': '4.0', 'OData-Version': '4.0' };

function dataverseFormScenarios(send: Send): readonly Scenario[] {
  const headers = odataHeaders;
  const columns =
    'LogicalName,DisplayName,AttributeOf,IsValidODataAttribute,IsValidForRead,IsValidForCreate,IsValidForUpdate,AttributeType';
  return [
    {
      name: 'Dataverse: tables',
      run: async () => {
        const $filter = 'IsIntersect eq false and IsLogicalEntity eq false and IsPrivate eq false';
        const query = { $select: 'LogicalName,EntitySetName,DisplayName', $filter };
        const { value } = await send<{ value: { EntitySetName: string }[] }>('GET', '/EntityDefinitions', {
          headers,
          query,
        });
        check(
          value.some(({ EntitySetName }) => EntitySetName === 'accounts'),
          'the table accounts',
        );
      },
    },
    {
      name: 'Dataverse: a table by its set name',
      run: async () => {
        const $select = 'LogicalName,EntitySetName,PrimaryIdAttribute,TableType';
        const query = { $select, $filter: "EntitySetName eq 'accounts'" };
        const { value } = await send<{ value: { TableType: string }[] }>('GET', '/EntityDefinitions', {
          headers,
          query,
        });
        check(value[0]?.TableType === 'Standard', 'the table type');
      },
    },
    {
      name: 'Dataverse: columns',
      run: async () => {
        const path = "/EntityDefinitions(LogicalName='account')/Attributes";
        const { value } = await send<{ value: { AttributeOf: string | null }[] }>('GET', path, {
          headers,
          query: { $select: columns },
        });
        check(
          value.some(({ AttributeOf }) => AttributeOf !== null),
          'columns with AttributeOf',
        );
      },
    },
    {
      name: 'Dataverse: lookups of a table',
      run: () =>
        send('GET', "/EntityDefinitions(LogicalName='contact')/ManyToOneRelationships", {
          headers,
          query: {
            $select: 'ReferencingAttribute,ReferencingEntityNavigationPropertyName,ReferencedEntity',
          },
        }),
    },
    {
      name: 'Dataverse: rows to choose from',
      run: async () => {
        const { value } = await send<{ value: object[] }>('GET', '/accounts', {
          headers: { ...headers, Prefer: 'odata.maxpagesize=100' },
          query: { $select: 'accountid,name', $filter: "contains(name,'a')" },
        });
        check(value.length > 0, 'rows');
      },
    },
  ];
}

function dataverseRowScenarios(send: Send, { rows }: SuiteContext): readonly Scenario[] {
  const headers = { ...odataHeaders, Prefer: 'return=representation' };
  const path = `/accounts(${rows.account})`;
  return [
    {
      name: 'Dataverse: create',
      run: () => send('POST', '/accounts', { headers, body: { name: 'From n8n' } }),
    },
    {
      name: 'Dataverse: update',
      run: () => send('PATCH', path, { headers: { ...headers, 'If-Match': '*' }, body: { telephone3: '1' } }),
    },
    {
      name: 'Dataverse: upsert by alternate key',
      run: () => send('PATCH', "/accounts(accountnumber='N-1')", { headers, body: { name: 'By key' } }),
    },
    {
      name: 'Dataverse: get',
      run: () => send('GET', path, { headers: odataHeaders, query: { $select: 'name' } }),
    },
    {
      name: 'Dataverse: get many with full metadata',
      run: () =>
        send('GET', '/incidents', {
          headers: { ...odataHeaders, Prefer: 'odata.include-annotations="*",odata.maxpagesize=5' },
          query: { $select: 'title,statuscode', $orderby: 'createdon desc' },
        }),
    },
    {
      name: 'Dataverse: delete',
      run: async () => {
        const body = { name: 'Gone' };
        const { accountid } = await send<{ accountid: string }>('POST', '/accounts', { headers, body });
        await send('DELETE', `/accounts(${accountid})`, { headers: odataHeaders });
      },
    },
  ];
}
