import type { Attribute, TableModel } from './model/types.ts';
import type { Actor, ColumnValues, OrganizationStore } from './store/types.ts';

/** A system view of a table. */
interface StandardView {
  readonly name: string;
  /** `querytype`: 0 for a public view, 4 for the quick find, 64 for the lookup. */
  readonly type: 0 | 4 | 64;
  readonly isDefault: boolean;
  readonly conditions: readonly string[];
}

/** Columns beside the primary name. Other tables show when a row was created. */
const viewColumns: Readonly<Record<string, readonly string[]>> = {
  account: ['telephone1', 'address1_city', 'primarycontactid'],
  contact: ['emailaddress1', 'parentcustomerid', 'telephone1'],
  incident: ['ticketnumber', 'prioritycode', 'caseorigincode', 'customerid', 'statuscode', 'createdon'],
  lead: ['subject', 'statuscode', 'createdon'],
  opportunity: ['customerid', 'estimatedclosedate', 'estimatedvalue', 'statuscode'],
  task: ['regardingobjectid', 'prioritycode', 'scheduledend'],
  phonecall: ['regardingobjectid', 'prioritycode', 'scheduledend'],
  appointment: ['regardingobjectid', 'scheduledstart', 'scheduledend'],
  email: ['regardingobjectid', 'statuscode', 'modifiedon'],
};

/** Tables whose rows are parts of other rows, or are not shown in lists. */
const tablesWithoutViews = new Set([
  ...['activityparty', 'activitymimeattachment', 'fileattachment', 'savedquery', 'userquery', 'organization'],
  ...['routingruleitem', 'convertruleitem', 'postcomment', 'postfollow', 'systemform', 'appmodule'],
  ...['webresource', 'processstage', 'savedqueryvisualization', 'callbackregistration', 'teamtemplate'],
  ...['deleteditemreference', 'documenttemplate', 'environmentvariablevalue'],
]);

/**
 * Adds the system views that every organization has for its tables: "My Active Accounts", "Active Accounts" and one for
 * each further state, and the views of quick find and lookup. Their ids are the same in each organization.
 */
export function addStandardViews(store: OrganizationStore, actor: Actor): void {
  let number = 0;
  for (const table of store.model.tables.values()) {
    if (
      table.set === undefined ||
      table.view ||
      !table.primaryName ||
      tablesWithoutViews.has(table.logicalName)
    )
      continue;
    for (const view of listViews(table)) store.add('savedquery', toRow(table, view, ++number), actor);
  }
}

function listViews(table: TableModel): readonly StandardView[] {
  const plural = table.displayCollectionName;
  const state = findColumn(table, 'statecode');
  const [first, ...others] = state?.options ?? [];
  const isFirst = `<condition attribute="statecode" operator="eq" value="${first?.value}"/>`;
  const kept = first ? [isFirst] : [];
  const name = first ? `${first.label} ${plural}` : `All ${plural}`;
  const isMine = '<condition attribute="ownerid" operator="eq-userid"/>';
  const mine = { name: `My ${name}`, type: 0, isDefault: false, conditions: [...kept, isMine] } as const;
  return [
    ...(findColumn(table, 'ownerid') ? [mine] : []),
    { name, type: 0, isDefault: true, conditions: kept },
    ...others.map(({ value, label }) => ({
      name: `${label} ${plural}`,
      type: 0 as const,
      isDefault: false,
      conditions: [`<condition attribute="statecode" operator="eq" value="${value}"/>`],
    })),
    { name: `Quick Find ${name}`, type: 4, isDefault: true, conditions: kept },
    { name: `${table.displayName} Lookup View`, type: 64, isDefault: true, conditions: kept },
  ];
}

function findColumn(table: TableModel, name: string): Attribute | undefined {
  return table.attributes.find(({ logicalName }) => logicalName === name);
}

function toRow(table: TableModel, view: StandardView, number: number): ColumnValues {
  const id = `00000000-0000-0000-00aa-0000${String(10_001_000 + number)}`;
  return {
    savedqueryid: id,
    savedqueryidunique: id,
    name: view.name,
    returnedtypecode: table.logicalName,
    querytype: view.type,
    isdefault: view.isDefault,
    isquickfindquery: view.type === 4,
    ismanaged: true,
    iscustom: false,
    isuserdefined: false,
    queryapi: '',
    fetchxml: toFetchXml(table, view),
    layoutxml: toLayoutXml(table),
    componentstate: 0,
    statecode: 0,
    statuscode: 1,
  };
}

function columnsOf(table: TableModel): readonly string[] {
  const columns = [table.primaryName ?? '', ...(viewColumns[table.logicalName] ?? ['createdon'])];
  return columns.filter((name) => findColumn(table, name));
}

function toFetchXml(table: TableModel, { type, conditions }: StandardView): string {
  const attributes = [table.primaryId, ...columnsOf(table)].map((name) => `<attribute name="${name}"/>`);
  const find = `<condition attribute="${table.primaryName}" operator="like" value="{0}"/>`;
  const quickFind = type === 4 ? `<filter type="or" isquickfindfields="1">${find}</filter>` : '';
  const filter = conditions.length === 0 ? '' : `<filter type="and">${conditions.join('')}</filter>`;
  const order = `<order attribute="${table.primaryName}" descending="false"/>`;
  const entity = `<entity name="${table.logicalName}">${attributes.join('')}${order}${filter}${quickFind}</entity>`;
  return `<fetch version="1.0" output-format="xml-platform" mapping="logical">${entity}</fetch>`;
}

function toLayoutXml(table: TableModel): string {
  const cells = columnsOf(table).map(
    (name, index) => `<cell name="${name}" width="${index === 0 ? 300 : 150}"/>`,
  );
  const row = `<row name="result" id="${table.primaryId}">${cells.join('')}</row>`;
  const jump = `jump="${table.primaryName}" select="1" preview="1" icon="1"`;
  return `<grid name="resultset" object="${table.typeCode}" ${jump}>${row}</grid>`;
}
