import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';

/* Runs in its own process: the metadata of an organization with 2,000 tables of 150 columns. */
const tableCount = 2000;
const columnCount = 150;

const label = (text: string) => ({ UserLocalizedLabel: { Label: text, LanguageCode: 1033 } });
const column = (name: string, title: string, type: string) => ({
  LogicalName: name,
  AttributeType: type,
  AttributeTypeName: { Value: `${type}Type` },
  AttributeOf: null,
  DisplayName: label(title),
  RequiredLevel: { Value: 'None' },
  IsValidForCreate: true,
  IsValidForUpdate: true,
  IsValidODataAttribute: true,
});

function tableOf(name: string) {
  const own = Array.from({ length: columnCount - 20 }, (_, index) =>
    column(`new_column${index}`, `Column ${index}`, 'String'),
  );
  const choices = Array.from({ length: 15 }, (_, index) =>
    column(`new_choice${index}`, `Choice ${index}`, 'Picklist'),
  );
  return {
    ...nameOf(name),
    PrimaryIdAttribute: `${name}id`,
    PrimaryNameAttribute: 'new_name',
    Attributes: [
      column(`${name}id`, 'Id', 'Uniqueidentifier'),
      column('new_name', 'Name', 'String'),
      column('createdon', 'Created On', 'DateTime'),
      column('ownerid', 'Owner', 'Owner'),
      column('statecode', 'Status', 'State'),
      ...own,
      ...choices,
    ],
    Keys: [],
    ManyToOneRelationships: [
      {
        ReferencingAttribute: 'ownerid',
        ReferencedEntity: 'owner',
        ReferencingEntityNavigationPropertyName: 'ownerid',
      },
    ],
    OneToManyRelationships: [],
    ManyToManyRelationships: [],
  };
}

function nameOf(name: string) {
  return {
    LogicalName: name,
    EntitySetName: `${name}s`,
    DisplayName: label(name),
    DisplayCollectionName: label(`${name}s`),
  };
}

const picklists = {
  value: Array.from({ length: 15 }, (_, index) => ({
    LogicalName: `new_choice${index}`,
    OptionSet: {
      Options: Array.from({ length: 8 }, (_, value) => ({ Value: value, Label: label(`Option ${value}`) })),
    },
  })),
};

const names = { value: Array.from({ length: tableCount }, (_, index) => nameOf(`new_table${index}`)) };

function respond(url: string): object {
  const pattern = /EntityDefinitions\(LogicalName='(\w+)'\)(\/Attributes\/[\w.]+)?/;
  const [, table, attributes] = pattern.exec(decodeURIComponent(url)) ?? [];
  if (url.includes('/organizations'))
    return { '@Microsoft.Dynamics.CRM.globalmetadataversion': '1', value: [] };
  if (table === undefined) return names;
  if (attributes === undefined) return tableOf(table);
  return attributes.includes('.PicklistAttribute') ? picklists : { value: [] };
}

const server = createServer((request, response) => {
  response.writeHead(200, { 'content-type': 'application/json' });
  response.end(JSON.stringify(respond(request.url ?? '')));
});
server.listen(0, '127.0.0.1', () => process.send?.((server.address() as AddressInfo).port));
process.on('disconnect', () => process.exit());
