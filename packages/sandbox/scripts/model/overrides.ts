import type { ChoiceOption } from '../../src/model/types.ts';

/** What the sources lack about a table: object type code, names, whether change tracking is enabled. */
export interface TableOverrides {
  readonly code: number;
  readonly schema: string;
  readonly display: string;
  readonly plural: string;
  readonly set: string;
  readonly name?: string;
  readonly tracked?: boolean;
}

const table = (
  code: number,
  [schema, display, plural, set]: readonly [string, string, string, string],
  rest: { readonly name?: string; readonly tracked?: boolean } = {},
): TableOverrides => ({ code, schema, display, plural, set, ...rest });

/** The tables of the sandbox, by logical name. */
export const tables: Readonly<Record<string, TableOverrides>> = {
  account: table(1, ['Account', 'Account', 'Accounts', 'accounts'], { name: 'name', tracked: true }),
  contact: table(2, ['Contact', 'Contact', 'Contacts', 'contacts'], { name: 'fullname', tracked: true }),
  incident: table(112, ['Incident', 'Case', 'Cases', 'incidents'], { name: 'title', tracked: true }),
  incidentresolution: table(
    4206,
    ['IncidentResolution', 'Case Resolution', 'Case Resolutions', 'incidentresolutions'],
    { name: 'subject', tracked: true },
  ),
  email: table(4202, ['Email', 'Email', 'Email Messages', 'emails'], { name: 'subject', tracked: true }),
  phonecall: table(4210, ['PhoneCall', 'Phone Call', 'Phone Calls', 'phonecalls'], {
    name: 'subject',
    tracked: true,
  }),
  task: table(4212, ['Task', 'Task', 'Tasks', 'tasks'], { name: 'subject', tracked: true }),
  appointment: table(4201, ['Appointment', 'Appointment', 'Appointments', 'appointments'], {
    name: 'subject',
    tracked: true,
  }),
  recurringappointmentmaster: table(
    4251,
    [
      'RecurringAppointmentMaster',
      'Recurring Appointment',
      'Recurring Appointments',
      'recurringappointmentmasters',
    ],
    { name: 'subject', tracked: true },
  ),
  letter: table(4207, ['Letter', 'Letter', 'Letters', 'letters'], { name: 'subject', tracked: true }),
  opportunity: table(3, ['Opportunity', 'Opportunity', 'Opportunities', 'opportunities'], {
    name: 'name',
    tracked: true,
  }),
  opportunityclose: table(
    4208,
    ['OpportunityClose', 'Opportunity Close', 'Opportunity Close Activities', 'opportunitycloses'],
    { name: 'subject', tracked: true },
  ),
  lead: table(4, ['Lead', 'Lead', 'Leads', 'leads'], { name: 'fullname', tracked: true }),
  systemuser: table(8, ['SystemUser', 'User', 'Users', 'systemusers'], { name: 'fullname', tracked: true }),
  team: table(9, ['Team', 'Team', 'Teams', 'teams'], { name: 'name', tracked: true }),
  queue: table(2020, ['Queue', 'Queue', 'Queues', 'queues'], { name: 'name', tracked: true }),
  queueitem: table(2029, ['QueueItem', 'Queue Item', 'Queue Items', 'queueitems'], {
    name: 'title',
    tracked: true,
  }),
  annotation: table(5, ['Annotation', 'Note', 'Notes', 'annotations'], { name: 'subject', tracked: true }),
  sla: table(9750, ['SLA', 'SLA', 'SLAs', 'slas'], { name: 'name' }),
  slakpiinstance: table(
    9752,
    ['SLAKPIInstance', 'SLA KPI Instance', 'SLA KPI Instances', 'slakpiinstances'],
    { name: 'name', tracked: true },
  ),
  knowledgearticle: table(
    9953,
    ['KnowledgeArticle', 'Knowledge Article', 'Knowledge Articles', 'knowledgearticles'],
    { name: 'title', tracked: true },
  ),
  activityparty: table(135, ['ActivityParty', 'Activity Party', 'Activity Parties', 'activityparties'], {
    name: 'partyidname',
  }),
  activitypointer: table(4200, ['ActivityPointer', 'Activity', 'Activities', 'activitypointers'], {
    name: 'subject',
  }),
  businessunit: table(10, ['BusinessUnit', 'Business Unit', 'Business Units', 'businessunits'], {
    name: 'name',
    tracked: true,
  }),
  transactioncurrency: table(
    9105,
    ['TransactionCurrency', 'Currency', 'Currencies', 'transactioncurrencies'],
    { name: 'currencyname', tracked: true },
  ),
  entitlement: table(9700, ['Entitlement', 'Entitlement', 'Entitlements', 'entitlements'], { name: 'name' }),
  subject: table(129, ['Subject', 'Subject', 'Subjects', 'subjects'], { name: 'title' }),
  product: table(1024, ['Product', 'Product', 'Products', 'products'], { name: 'name', tracked: true }),
  competitor: table(123, ['Competitor', 'Competitor', 'Competitors', 'competitors'], { name: 'name' }),
  organization: table(1019, ['Organization', 'Organization', 'Organizations', 'organizations'], {
    name: 'name',
  }),
  role: table(1036, ['Role', 'Security Role', 'Security Roles', 'roles'], { name: 'name' }),
  template: table(2010, ['Template', 'Email Template', 'Email Templates', 'templates'], { name: 'title' }),
  activitymimeattachment: table(
    1001,
    ['ActivityMimeAttachment', 'Attachment', 'Attachments', 'activitymimeattachments'],
    { name: 'filename' },
  ),
  fileattachment: table(55, ['FileAttachment', 'File Attachment', 'File Attachments', 'fileattachments'], {
    name: 'filename',
  }),
  savedquery: table(1039, ['SavedQuery', 'View', 'Views', 'savedqueries'], { name: 'name' }),
  userquery: table(4230, ['UserQuery', 'Saved View', 'Saved Views', 'userqueries'], { name: 'name' }),
  sdkmessage: table(4606, ['SdkMessage', 'Sdk Message', 'Sdk Messages', 'sdkmessages'], { name: 'name' }),
  sdkmessagefilter: table(
    4607,
    ['SdkMessageFilter', 'Sdk Message Filter', 'Sdk Message Filters', 'sdkmessagefilters'],
    { name: 'name' },
  ),
  principal: table(7, ['Principal', 'Principal', 'Principals', ''], { name: 'name' }),
};

/** Tables whose names and codes come from real metadata. */
export const salesTables = [
  ...['quote', 'quotedetail', 'salesorder', 'salesorderdetail', 'invoice', 'invoicedetail'],
  ...[
    'opportunityproduct',
    'pricelevel',
    'productpricelevel',
    'uom',
    'campaign',
    'list',
    'connection',
    'fax',
  ],
] as const;

/** The state of each status reason, where real metadata has no states. */
export const statesOfReasons: Readonly<Record<string, Readonly<Record<number, number>>>> = {
  quote: { 1: 0, 2: 1, 3: 1, 4: 2, 5: 3, 6: 3, 7: 3 },
  salesorder: { 1: 0, 2: 0, 3: 1, 4: 2, 100001: 3, 100002: 3, 100003: 4 },
  invoice: { 1: 0, 2: 0, 4: 0, 5: 0, 6: 0, 3: 1, 7: 1, 100001: 2, 100002: 2, 100003: 3 },
  pricelevel: { 100001: 0, 100002: 1 },
  campaign: { 0: 0, 1: 0, 2: 0, 3: 0, 4: 0, 5: 0, 6: 1 },
  list: { 0: 0, 1: 1 },
  fax: { 1: 0, 2: 1, 3: 1, 4: 1, 5: 2 },
  connection: { 1: 0, 2: 1 },
};

/** Activities that are missing in the sources; they have the columns of every activity. */
export const activities: ReadonlySet<string> = new Set(['letter', 'fax']);

/** Columns with a global choice. */
export const globalChoices: Readonly<Record<string, string>> = {
  'incident.caseorigincode': 'incident_caseorigincode',
  'incident.servicestage': 'servicestage',
  ...Object.fromEntries(
    ['lead', 'opportunity'].flatMap((name) =>
      ['budgetstatus', 'initialcommunication', 'need', 'purchaseprocess', 'purchasetimeframe'].map(
        (choice) => [`${name}.${choice}`, choice],
      ),
    ),
  ),
};

/** Tables that are views over other tables. */
export const views: ReadonlySet<string> = new Set(['activitypointer', 'principal']);

/** Tables and columns that are missing in the sources. Lookups have their target. */
export const additions: Readonly<Record<string, Readonly<Record<string, string>>>> = {
  competitor: {
    name: 'String(100)!',
    websiteurl: 'String(200)',
    strengths: 'Memo(2000)',
    weaknesses: 'Memo(2000)',
    overview: 'Memo(2000)',
    address1_city: 'String(80)',
    address1_country: 'String(80)',
    stockexchange: 'String(20)',
    tickersymbol: 'String(10)',
    transactioncurrencyid: 'Lookup(transactioncurrency)',
    organizationid: 'Uniqueidentifier',
  },
  organization: {
    name: 'String(160)!',
    languagecode: 'Integer',
    localeid: 'Integer',
    basecurrencyid: 'Lookup(transactioncurrency)',
    expirechangetrackingindays: 'Integer',
    expiresubscriptionsindays: 'Integer',
    maxuploadfilesize: 'Integer',
    isexternalsearchindexenabled: 'Boolean',
    fiscalcalendarstart: 'DateTime',
  },
  userquery: {
    name: 'String(200)!',
    description: 'Memo(2000)',
    returnedtypecode: 'EntityName',
    fetchxml: 'Memo(1073741823)',
    layoutxml: 'Memo(1073741823)',
    querytype: 'Integer',
    ownerid: 'Owner(principal)',
    owningbusinessunit: 'Lookup(businessunit)',
  },
  fileattachment: {
    filename: 'String(255)',
    mimetype: 'String(256)',
    filesizeinbytes: 'BigInt',
    regardingfieldname: 'String(50)',
    objectid: 'Lookup(account:objectid_account,contact:objectid_contact,incident:objectid_incident)',
  },
  sdkmessage: {
    name: 'String(256)!',
    categoryname: 'String(25)',
    isprivate: 'Boolean',
    isreadonly: 'Boolean',
    isvalidforexecuteasync: 'Boolean',
  },
  sdkmessagefilter: {
    name: 'String(100)',
    primaryobjecttypecode: 'EntityName',
    sdkmessageid: 'Lookup(sdkmessage)',
  },
  subject: { parentsubject: 'Lookup(subject)', featuremask: 'Integer' },
  principal: { name: 'String(200)' },
  activitypointer: { activitytypecode: 'EntityName' },
  activityparty: { partyidname: 'String(400)', partyobjecttypecode: 'EntityName' },
  opportunityclose: { competitorid: 'Lookup(competitor)' },
  knowledgearticle: { subjectid: 'Lookup(subject)' },
  slakpiinstance: { regarding: 'Lookup(incident:regarding)', ownerid: 'Owner(principal)' },
  incident: { responsiblecontactid: 'Lookup(contact)' },
  queue: { primaryuserid: 'Lookup(systemuser)', businessunitid: 'Lookup(businessunit)' },
};

/** Many-to-many relationships: navigation property of both ends, intersect table, tables of both ends. */
export const manyToMany: readonly {
  readonly name: string;
  readonly intersect: string;
  readonly ends: readonly [string, string];
}[] = [
  { name: 'teammembership_association', intersect: 'teammembership', ends: ['team', 'systemuser'] },
  { name: 'queuemembership_association', intersect: 'queuemembership', ends: ['queue', 'systemuser'] },
  { name: 'contactleads_association', intersect: 'contactleads', ends: ['contact', 'lead'] },
  { name: 'systemuserroles_association', intersect: 'systemuserroles', ends: ['systemuser', 'role'] },
  { name: 'teamroles_association', intersect: 'teamroles', ends: ['team', 'role'] },
  {
    name: 'entitlementcontacts_association',
    intersect: 'entitlementcontacts',
    ends: ['entitlement', 'contact'],
  },
  {
    name: 'product_entitlement_association',
    intersect: 'entitlementproducts',
    ends: ['entitlement', 'product'],
  },
  { name: 'leadproduct_association', intersect: 'leadproduct', ends: ['lead', 'product'] },
  {
    name: 'opportunitycompetitors_association',
    intersect: 'opportunitycompetitors',
    ends: ['opportunity', 'competitor'],
  },
  { name: 'leadcompetitors_association', intersect: 'leadcompetitors', ends: ['lead', 'competitor'] },
];

/** Collections whose lookup cannot be derived from their name, and relationships that are missing in the sources. */
export const collections: Readonly<Record<string, readonly [referencing: string, attribute: string]>> = {
  'account.opportunity_customer_accounts': ['opportunity', 'customerid'],
  'account.opportunity_parent_account': ['opportunity', 'parentaccountid'],
  'account.account_parent_account': ['account', 'parentaccountid'],
  'account.account_master_account': ['account', 'masterid'],
  'account.Account_ActivityPointers': ['activitypointer', 'regardingobjectid'],
  'account.account_activity_parties': ['activityparty', 'partyid'],
  'account.lead_customer_accounts': ['lead', 'customerid'],
  'account.Account_Appointments': ['appointment', 'regardingobjectid'],
  'account.Account_Emails': ['email', 'regardingobjectid'],
  'account.contact_customer_accounts': ['contact', 'parentcustomerid'],
  'account.incident_customer_accounts': ['incident', 'customerid'],
  'quote.quote_details': ['quotedetail', 'quoteid'],
  'salesorder.order_details': ['salesorderdetail', 'salesorderid'],
  'invoice.invoice_details': ['invoicedetail', 'invoiceid'],
  'opportunity.product_opportunities': ['opportunityproduct', 'opportunityid'],
  'opportunity.opportunity_quotes': ['quote', 'opportunityid'],
  'opportunity.opportunity_sales_orders': ['salesorder', 'opportunityid'],
  'opportunity.opportunity_invoices': ['invoice', 'opportunityid'],
  'quote.quote_orders': ['salesorder', 'quoteid'],
  'salesorder.order_invoices': ['invoice', 'salesorderid'],
  'account.quote_customer_accounts': ['quote', 'customerid'],
  'contact.quote_customer_contacts': ['quote', 'customerid'],
  'account.order_customer_accounts': ['salesorder', 'customerid'],
  'contact.order_customer_contacts': ['salesorder', 'customerid'],
  'account.invoice_customer_accounts': ['invoice', 'customerid'],
  'contact.invoice_customer_contacts': ['invoice', 'customerid'],
  'pricelevel.price_level_product_price_levels': ['productpricelevel', 'pricelevelid'],
  'account.Account_Letters': ['letter', 'regardingobjectid'],
  'account.account_FileAttachments': ['fileattachment', 'objectid'],
  'contact.contact_FileAttachments': ['fileattachment', 'objectid'],
  'incident.incident_FileAttachments': ['fileattachment', 'objectid'],
  'contact.account_primary_contact': ['account', 'primarycontactid'],
  'contact.contact_master_contact': ['contact', 'masterid'],
  'contact.contact_customer_contacts': ['contact', 'parentcustomerid'],
  'contact.Contact_Email_EmailSender': ['email', 'emailsender'],
  'contact.Contact_Emails': ['email', 'regardingobjectid'],
  'contact.lead_customer_contacts': ['lead', 'customerid'],
  'contact.lead_parent_contact': ['lead', 'parentcontactid'],
  'contact.contact_as_responsible_contact': ['incident', 'responsiblecontactid'],
  'contact.incident_customer_contacts': ['incident', 'customerid'],
  'contact.contact_as_primary_contact': ['incident', 'primarycontactid'],
  'contact.contact_entitlement_ContactId': ['entitlement', 'contactid'],
  'contact.contact_entitlement_Customer': ['entitlement', 'customerid'],
  'contact.opportunity_customer_contacts': ['opportunity', 'customerid'],
  'contact.opportunity_parent_contact': ['opportunity', 'parentcontactid'],
  'incident.incident_existingcase': ['incident', 'existingcase'],
  'incident.incident_master_incident': ['incident', 'masterid'],
  'incident.incident_parent_incident': ['incident', 'parentcaseid'],
  'incident.Incident_IncidentResolutions': ['incidentresolution', 'incidentid'],
  'activitypointer.activitypointer_activity_parties': ['activityparty', 'activityid'],
  'incident.slakpiinstance_incident': ['slakpiinstance', 'regarding'],
  'lead.Lead_Emails': ['email', 'regardingobjectid'],
  'opportunity.opportunity_OpportunityCloses': ['opportunityclose', 'regardingobjectid'],
  'opportunity.Opportunity_OpportunityClose': ['opportunityclose', 'opportunityid'],
  'systemuser.user_activity': ['activitypointer', 'owninguser'],
  'systemuser.user_appointment': ['appointment', 'owninguser'],
  'systemuser.user_email': ['email', 'owninguser'],
  'systemuser.user_entitlement': ['entitlement', 'owninguser'],
  'systemuser.user_incidentresolution': ['incidentresolution', 'owninguser'],
  'systemuser.user_knowledgearticle': ['knowledgearticle', 'owninguser'],
  'systemuser.user_opportunityclose': ['opportunityclose', 'owninguser'],
  'systemuser.user_parent_user': ['systemuser', 'parentsystemuserid'],
  'systemuser.system_user_email_templates': ['template', 'owninguser'],
  'systemuser.system_user_incidents': ['incident', 'owninguser'],
  'systemuser.system_user_contacts': ['contact', 'preferredsystemuserid'],
  'systemuser.queue_primary_user': ['queue', 'primaryuserid'],
  'queue.Queue_Email_EmailSender': ['email', 'emailsender'],
  'queue.email_acceptingentity_queue': ['email', 'acceptingentityid'],
  'businessunit.business_unit_queues': ['queue', 'businessunitid'],
  'businessunit.business_unit_queues2': ['queue', 'owningbusinessunit'],
  'knowledgearticle.knowledgearticle_previousarticle_contentid': [
    'knowledgearticle',
    'previousarticlecontentid',
  ],
  'knowledgearticle.knowledgearticle_rootarticle_id': ['knowledgearticle', 'rootarticleid'],
  'knowledgearticle.knowledgearticle_parentarticle_contentid': ['knowledgearticle', 'parentarticlecontentid'],
  'role.role_parent_role': ['role', 'parentroleid'],
  'role.role_parent_root_role': ['role', 'parentrootroleid'],
  'sdkmessage.sdkmessageid_sdkmessagefilter': ['sdkmessagefilter', 'sdkmessageid'],
};

/** Choices that are missing in the sources: those of every activity. */
export const choices: Readonly<Record<string, ChoiceOption[]>> = {
  prioritycode: [
    { value: 0, label: 'Low' },
    { value: 1, label: 'Normal' },
    { value: 2, label: 'High' },
  ],
};

/** Default values of new rows, by column or `table.column`. */
export const defaults: Readonly<Record<string, number | boolean>> = {
  'incident.prioritycode': 2,
  'lead.leadqualitycode': 2,
  'opportunity.opportunityratingcode': 2,
  preferredcontactmethodcode: 1,
  prioritycode: 1,
  directioncode: true,
  isregularactivity: true,
  'knowledgearticle.majorversionnumber': 1,
  'knowledgearticle.minorversionnumber': 0,
  'knowledgearticle.islatestversion': true,
  'transactioncurrency.currencyprecision': 2,
  'queue.queueviewtype': 0,
  'queue.incomingemailfilteringmethod': 0,
  'team.teamtype': 0,
  'systemuser.accessmode': 0,
  'systemuser.caltype': 0,
  'systemuser.islicensed': true,
};

/** Default status reasons that are not the lowest of their state. */
export const defaultStatus: Readonly<Record<string, Readonly<Record<number, number>>>> = {
  incident: { 0: 1, 1: 5, 2: 6 },
  email: { 0: 1, 1: 2, 2: 5 },
  knowledgearticle: { 0: 2, 3: 7 },
};

/** Column types that the sources do not have exactly. */
export const types: Readonly<Record<string, string>> = {
  activitytypecode: 'EntityName',
  partyobjecttypecode: 'EntityName',
  'annotation.objecttypecode': 'EntityName',
  'queueitem.objecttypecode': 'Integer',
  description: 'Memo',
  'annotation.notetext': 'Memo',
  'annotation.documentbody': 'Memo',
  'knowledgearticle.content': 'Memo',
  fetchxml: 'Memo',
  layoutxml: 'Memo',
  'template.body': 'Memo',
};

const addressLengths = {
  line1: 250,
  line2: 250,
  line3: 250,
  city: 80,
  county: 50,
  stateorprovince: 50,
  postalcode: 20,
  country: 80,
};

/** Maximum lengths that are missing in the sources. */
export const lengths: Readonly<Record<string, number>> = {
  subject: 200,
  'annotation.subject': 500,
  ...Object.fromEntries(
    ['account', 'contact', 'lead'].flatMap((table) =>
      ['address1', 'address2', 'address3'].flatMap((address) =>
        Object.entries(addressLengths).map(([part, length]) => [`${table}.${address}_${part}`, length]),
      ),
    ),
  ),
  'annotation.documentbody': 1_073_741_823,
  'annotation.mimetype': 256,
  'email.description': 1_073_741_823,
  'template.body': 1_073_741_823,
  fetchxml: 1_073_741_823,
  layoutxml: 1_073_741_823,
};

/** Lookups whose rows are deleted with the referenced row. All other lookups are cleared. */
export const cascades: ReadonlySet<string> = new Set([
  'annotation.objectid',
  'queueitem.objectid',
  'queueitem.queueid',
  'activityparty.activityid',
  'activitymimeattachment.objectid',
  'email.regardingobjectid',
  'phonecall.regardingobjectid',
  'task.regardingobjectid',
  'appointment.regardingobjectid',
  'letter.regardingobjectid',
  'fileattachment.objectid',
  'incidentresolution.incidentid',
  'opportunityclose.opportunityid',
  'incident.customerid',
  'opportunity.customerid',
  'slakpiinstance.regarding',
  'quotedetail.quoteid',
  'salesorderdetail.salesorderid',
  'invoicedetail.invoiceid',
  'opportunityproduct.opportunityid',
  'productpricelevel.pricelevelid',
]);
