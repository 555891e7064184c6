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

/** Tables of service, knowledge and sales that only DevKit describes. */
export const furtherTables = [
  ...['slaitem', 'entitlementchannel', 'entitlementtemplate', 'entitlementtemplatechannel'],
  ...['knowledgearticleincident', 'knowledgearticleviews', 'languagelocale', 'feedback', 'category'],
  ...['quoteclose', 'orderclose', 'discounttype', 'discount', 'uomschedule', 'productassociation'],
  ...['productsubstitute', 'territory', 'campaignactivity', 'campaignresponse', 'contract'],
  ...['connectionrole', 'customeraddress', 'socialprofile', 'socialactivity', 'serviceappointment'],
  ...['calendar', 'post', 'goal', 'msfp_survey', 'msfp_question', 'msfp_surveyinvite'],
  ...['msfp_surveyresponse', 'msfp_questionresponse'],
  // Service: routing, automatic cases, scheduling, conversations.
  ...['routingrule', 'routingruleitem', 'convertrule', 'convertruleitem', 'equipment', 'service', 'site'],
  ...['bookableresource', 'bookableresourcebooking', 'bookableresourcecategory', 'bookingstatus'],
  ...['bookableresourcecharacteristic', 'characteristic'],
  ...['msdyn_ocliveworkitem', 'msdyn_ocsession', 'msdyn_transcript'],
  // The platform: e-mail, apps and forms, documents, further tables that tools read.
  ...['mailbox', 'emailserverprofile', 'systemform', 'appmodule', 'webresource', 'processstage'],
  ...['savedqueryvisualization', 'report', 'documenttemplate', 'sharepointsite', 'position'],
  ...['sharepointdocumentlocation', 'environmentvariablevalue', 'teamtemplate', 'callbackregistration'],
  ...['deleteditemreference', 'postcomment', 'postfollow', 'salesliterature', 'metric', 'rollupfield'],
  ...['goalrollupquery'],
] as const;

/** Entity sets whose name in the sources is wrong. */
export const setNames: Readonly<Record<string, string>> = { languagelocale: 'languagelocale' };

/** Tables of `salesTables` and `furtherTables` whose changes are not tracked in a new organization. */
export const untracked: ReadonlySet<string> = new Set([
  ...['languagelocale', 'entitlementtemplatechannel', 'calendar', 'post', 'category'],
  ...['equipment', 'service', 'site', 'emailserverprofile', 'systemform', 'appmodule', 'webresource'],
  ...['processstage', 'savedqueryvisualization', 'report', 'documenttemplate', 'position', 'teamtemplate'],
  ...['environmentvariablevalue', 'callbackregistration', 'deleteditemreference', 'postcomment'],
  ...['postfollow', 'salesliterature', 'metric', 'rollupfield', 'goalrollupquery', 'routingrule'],
  ...['routingruleitem', 'convertrule', 'convertruleitem'],
]);

/** The state of each status reason, where real metadata has no states. */
export const statesOfReasons: Readonly<Record<string, Readonly<Record<number, number>>>> = {
  quote: { 1: 0, 2: 1, 3: 1, 4: 2, 5: 3, 6: 3, 7: 3 },
  salesorder: { 1: 0, 2: 0, 3: 1, 4: 2, 100001: 3, 100002: 3, 100003: 4 },
  invoice: { 1: 0, 2: 0, 4: 0, 5: 0, 6: 0, 3: 1, 7: 1, 100001: 2, 100002: 2, 100003: 3 },
  pricelevel: { 100001: 0, 100002: 1 },
  campaign: { 0: 0, 1: 0, 2: 0, 3: 0, 4: 0, 5: 0, 6: 1 },
  list: { 0: 0, 1: 1 },
  fax: { 1: 0, 2: 1, 3: 1, 4: 1, 5: 2 },
  letter: { 1: 0, 2: 0, 3: 1, 4: 1, 5: 2 },
  appointment: { 1: 0, 2: 0, 3: 1, 4: 2, 5: 3, 6: 3 },
  recurringappointmentmaster: { 1: 0, 2: 0, 3: 1, 4: 2, 5: 3, 6: 3 },
  connection: { 1: 0, 2: 1 },
  userquery: { 1: 0, 2: 1, 3: 0 },
  productassociation: { 0: 2, 1: 0, 2: 1, 3: 3 },
  campaignactivity: { 0: 0, 1: 0, 4: 0, 5: 0, 6: 0, 2: 1, 3: 2 },
  socialactivity: { 3: 0, 4: 0, 1: 1, 2: 1, 5: 2 },
  serviceappointment: { 1: 0, 2: 0, 8: 1, 9: 2, 10: 2, 3: 3, 4: 3, 6: 3, 7: 3 },
  feedback: { 1: 0, 2: 0, 3: 1, 4: 1 },
  goal: { 0: 0, 1: 1, 2: 1 },
  metric: { 0: 0, 1: 1 },
  goalrollupquery: { 0: 0, 1: 1 },
  appmodule: { 1: 0, 2: 1, 3: 1 },
  msdyn_ocliveworkitem: { 1: 0, 2: 0, 3: 0, 5: 0, 4: 1, 6: 2, 7: 3 },
  msdyn_ocsession: { 1: 0, 2: 1, 3: 2, 4: 3 },
  msfp_survey: { 1: 0, 100000000: 0, 100000003: 0, 2: 1, 100000002: 1 },
};

/** Activities that are missing in the sources; they have the columns of every activity. */
export const activities: ReadonlySet<string> = new Set([
  ...['letter', 'fax', 'quoteclose', 'orderclose', 'campaignactivity', 'campaignresponse'],
  ...['socialactivity', 'serviceappointment', 'msfp_surveyinvite', 'msfp_surveyresponse'],
  ...['msdyn_ocliveworkitem', 'msdyn_ocsession'],
]);

/** Intersect columns of many-to-many relationships that share an intersect table. */
export const intersectColumns: Readonly<Record<string, string>> = {
  'listmember.account': 'entityid',
  'listmember.contact': 'entityid',
  'listmember.lead': 'entityid',
  'campaignitem.list': 'entityid',
  'campaignitem.product': 'entityid',
};

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

/** Tables and columns that are missing in the sources. Lookups have their target; `=` is followed by the default value. */
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
    auditretentionperiodv2: 'Integer',
    isauditenabled: 'Boolean',
    isexternalsearchindexenabled: 'Boolean',
    cascadestatusupdate: 'Boolean',
    restrictstatusupdate: 'Boolean',
    allowunresolvedpartiesonemailsend: 'Boolean',
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
    availability: 'Integer',
    iscustomprocessingstepallowed: 'Boolean',
    isvisible: 'Boolean',
    primaryobjecttypecode: 'EntityName',
    restrictionlevel: 'Integer',
    secondaryobjecttypecode: 'EntityName',
    sdkmessageid: 'Lookup(sdkmessage)',
  },
  subject: { parentsubject: 'Lookup(subject)', featuremask: 'Integer' },
  principal: { name: 'String(200)' },
  activitypointer: { activitytypecode: 'EntityName' },
  activityparty: { partyidname: 'String(400)', partyobjecttypecode: 'EntityName' },
  opportunityclose: { competitorid: 'Lookup(competitor)' },
  knowledgearticle: { subjectid: 'Lookup(subject)' },
  slakpiinstance: { regarding: 'Lookup(incident:regarding)', ownerid: 'Owner(principal)' },
  incident: {
    msdyn_casesentiment: 'Integer=0',
    msdyn_latestnextaction: 'Lookup(msdyn_latestnextaction)',
    msdyn_aiagentstatus: 'Lookup(msdyn_aiagentstatus)',
  },
  role: { iscustomizable: 'ManagedProperty', canbedeleted: 'ManagedProperty' },
  savedquery: { iscustomizable: 'ManagedProperty', canbedeleted: 'ManagedProperty' },
  template: { iscustomizable: 'ManagedProperty' },
  opportunity: { msdyn_copysourceid: 'Uniqueidentifier' },
  appointment: { msdyn_associatedagentname: 'String(100)' },
  email: { msdyn_associatedagentname: 'String(100)' },
  systemuser: {
    systemmanagedusertype: 'Integer=0',
    isallowedbyipfirewall: 'Boolean',
    msdyn_bottype: 'Integer',
    msdyn_ischatintentenabled: 'Boolean',
    msdyn_ismultichannelintentenabled: 'Boolean',
    msdyn_isvoiceintentenabled: 'Boolean',
    msdyn_activeconversationlimit: 'Integer',
  },
  queue: { primaryuserid: 'Lookup(systemuser)', businessunitid: 'Lookup(businessunit)' },
};

/** Columns of Sales, Customer Service and Microsoft's partner apps. Columns of other apps are left out. */
export const appColumns: Readonly<Record<string, readonly string[]>> = {
  account: [
    ...['msa_managingpartnerid', 'msdyn_accountkpiid', 'msdyn_gdproptout', 'msdyn_primarytimezone'],
    'msdyn_salesaccelerationinsightid',
  ],
  contact: ['msdyn_primarytimezone'],
  incident: ['msdyn_casesurveyinviteurl'],
  systemuser: [
    ...['msdyn_phonenumberid', 'msdyn_callforwardingnumber', 'msdyn_emergencyemailrecipients'],
    ...['msdyn_cognitiveservicesregion', 'msdyn_cognitiveservicessubscriptionkey'],
  ],
};

/** Columns of the metadata that rows do not have: they are not valid for read. */
export const unreadableColumns: ReadonlySet<string> = new Set([
  ...['account.isprivate', 'contact.isprivate', 'lead.isprivate', 'opportunity.isprivate'],
  ...['appointment.attachmentcount', 'role.supportingsolutionid', 'incident.responsiblecontactid'],
  ...['activedirectoryguid', 'isactivedirectoryuser', 'latestupdatetime'].map((name) => `systemuser.${name}`),
]);

/** Columns that can be written and never read. */
export const writeOnlyColumns: ReadonlySet<string> = new Set([
  ...[
    'callbackregistration.url',
    'mailbox.password',
    'mailbox.oauthaccesstoken',
    'mailbox.oauthrefreshtoken',
  ],
  ...['emailserverprofile.incomingpassword', 'emailserverprofile.outgoingpassword'],
]);

/** Lookups whose navigation property has the schema name of the column; DevKit has it in lower case. */
export const schemaNavigations: ReadonlySet<string> = new Set([
  ...['bookingstatus', 'header', 'resource'].map((name) => `bookableresourcebooking.${name}`),
  ...['accountid', 'calendarid', 'contactid', 'userid'].map((name) => `bookableresource.${name}`),
  ...['characteristic', 'ratingvalue', 'resource'].map((name) => `bookableresourcecharacteristic.${name}`),
]);

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
  { name: 'accountleads_association', intersect: 'accountleads', ends: ['account', 'lead'] },
  { name: 'listaccount_association', intersect: 'listmember', ends: ['list', 'account'] },
  { name: 'listcontact_association', intersect: 'listmember', ends: ['list', 'contact'] },
  { name: 'listlead_association', intersect: 'listmember', ends: ['list', 'lead'] },
  { name: 'campaignlist_association', intersect: 'campaignitem', ends: ['campaign', 'list'] },
  { name: 'campaignproduct_association', intersect: 'campaignitem', ends: ['campaign', 'product'] },
  { name: 'contactinvoices_association', intersect: 'contactinvoices', ends: ['contact', 'invoice'] },
  { name: 'contactorders_association', intersect: 'contactorders', ends: ['contact', 'salesorder'] },
  { name: 'contactquotes_association', intersect: 'contactquotes', ends: ['contact', 'quote'] },
  { name: 'competitorproduct_association', intersect: 'competitorproduct', ends: ['competitor', 'product'] },
  {
    name: 'knowledgearticle_category',
    intersect: 'knowledgearticlescategories',
    ends: ['knowledgearticle', 'category'],
  },
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
  'sla.sla_slaitem_slaId': ['slaitem', 'slaid'],
  'sla.manualsla_cases': ['incident', 'slaid'],
  'sla.sla_cases': ['incident', 'slainvokedid'],
  'slakpiinstance.slakpiinstance_incident_firstresponsebykpi': ['incident', 'firstresponsebykpiid'],
  'slakpiinstance.slakpiinstance_incident_resolvebykpi': ['incident', 'resolvebykpiid'],
  'entitlement.entitlement_entitlementchannel_EntitlementId': ['entitlementchannel', 'entitlementid'],
  'entitlement.entitlement_cases': ['incident', 'entitlementid'],
  'entitlementtemplate.entitlementtemplate_entitlement_EntitlementTemplateId': [
    'entitlement',
    'entitlementtemplateid',
  ],
  'entitlementtemplate.entitlementtemplate_entitlementtemplatechannel_EntitlementTemplateId': [
    'entitlementtemplatechannel',
    'entitlementtemplateid',
  ],
  'account.account_entitlement_Customer': ['entitlement', 'customerid'],
  'knowledgearticle.incident_knowledgearticles': ['knowledgearticleincident', 'knowledgearticleid'],
  'knowledgearticle.knowledgearticle_views': ['knowledgearticleviews', 'knowledgearticleid'],
  'incident.knowledgearticle_incidents': ['knowledgearticleincident', 'incidentid'],
  'languagelocale.languagelocale_knowledgearticle_languageid': ['knowledgearticle', 'languagelocaleid'],
  'discounttype.discount_type_discounts': ['discount', 'discounttypeid'],
  'discounttype.discount_type_product_price_levels': ['productpricelevel', 'discounttypeid'],
  'uomschedule.unit_of_measurement_schedule_conversions': ['uom', 'uomscheduleid'],
  'uomschedule.unit_of_measurement_schedule_products': ['product', 'defaultuomscheduleid'],
  'uom.unit_of_measurement_products': ['product', 'defaultuomid'],
  'uom.unit_of_measurement_product_prices': ['productpricelevel', 'uomid'],
  'uom.unit_of_measurement_quote_details': ['quotedetail', 'uomid'],
  'uom.unit_of_measurement_order_details': ['salesorderdetail', 'uomid'],
  'uom.unit_of_measurement_invoice_details': ['invoicedetail', 'uomid'],
  'uom.unit_of_measurement_opportunity_products': ['opportunityproduct', 'uomid'],
  'product.product_quote_details': ['quotedetail', 'productid'],
  'product.product_order_details': ['salesorderdetail', 'productid'],
  'product.product_invoice_details': ['invoicedetail', 'productid'],
  'product.product_opportunities': ['opportunityproduct', 'productid'],
  'product.product_price_levels': ['productpricelevel', 'productid'],
  'product.product_parent_product': ['product', 'parentproductid'],
  'product.product_incidents': ['incident', 'productid'],
  'product.Product_ProductAssociation_Prod': ['productassociation', 'productid'],
  'product.Product_ProductAssociation_AssocProd': ['productassociation', 'associatedproduct'],
  'product.Product_ProductSubstitute_productId': ['productsubstitute', 'productid'],
  'product.Product_ProductSubstitute_substitutedproductId': ['productsubstitute', 'substitutedproductid'],
  'pricelevel.price_level_quotes': ['quote', 'pricelevelid'],
  'pricelevel.price_level_orders': ['salesorder', 'pricelevelid'],
  'pricelevel.price_level_invoices': ['invoice', 'pricelevelid'],
  'pricelevel.price_level_opportunties': ['opportunity', 'pricelevelid'],
  'quote.Quote_QuoteClose': ['quoteclose', 'quoteid'],
  'quote.quote_QuoteCloses': ['quoteclose', 'regardingobjectid'],
  'salesorder.SalesOrder_OrderClose': ['orderclose', 'salesorderid'],
  'contact.contract_billingcustomer_contacts': ['contract', 'billingcustomerid'],
  'contact.contract_customer_contacts': ['contract', 'customerid'],
  'goal.goal_parent_goal': ['goal', 'parentgoalid'],
  'goal.Goal_RollupError_Goal': ['goal', 'goalwitherrorid'],
  'systemuser.user_goal_goalowner': ['goal', 'goalownerid'],
  'team.team_goal_goalowner': ['goal', 'goalownerid'],
  'campaignactivity.campaignactivity_activity_parties': ['activityparty', 'activityid'],
  'campaign.Campaign_CampaignActivities': ['campaignactivity', 'regardingobjectid'],
  'campaign.Campaign_CampaignResponses': ['campaignresponse', 'regardingobjectid'],
  'account.Account_CustomerAddress': ['customeraddress', 'parentid'],
  'contact.Contact_CustomerAddress': ['customeraddress', 'parentid'],
  'msfp_surveyresponse.msfp_surveyresponse_msfp_questionresponse': [
    'msfp_questionresponse',
    'msfp_surveyresponseid',
  ],
  'msfp_survey.msfp_msfp_survey_msfp_question_surveyid': ['msfp_question', 'msfp_survey'],
  'msfp_survey.msfp_msfp_survey_msfp_surveyinvite': ['msfp_surveyinvite', 'msfp_surveyid'],
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
  'incident.servicestage': 0,
  'annotation.filesize': 0,
  'lead.leadqualitycode': 2,
  'opportunity.opportunityratingcode': 2,
  preferredcontactmethodcode: 1,
  prioritycode: 1,
  directioncode: true,
  'knowledgearticle.majorversionnumber': 1,
  'knowledgearticle.minorversionnumber': 0,
  'transactioncurrency.currencyprecision': 2,
  'quote.revisionnumber': 0,
  'queue.queueviewtype': 0,
  'queue.incomingemailfilteringmethod': 0,
  'team.teamtype': 0,
  'systemuser.accessmode': 0,
  'systemuser.caltype': 0,
};

/** Choices of one option that new rows do not have. */
export const withoutDefault: ReadonlySet<string> = new Set(['lead.salesstage']);

/** Patterns of generated numbers. */
export const autoNumbers: Readonly<Record<string, string>> = {
  'knowledgearticle.articlepublicnumber': 'KA-{SEQNUM:5}',
  'quote.quotenumber': 'QUO-{SEQNUM:5}-{RANDSTRING:6}',
  'salesorder.ordernumber': 'ORD-{SEQNUM:5}-{RANDSTRING:6}',
  'invoice.invoicenumber': 'INV-{SEQNUM:5}-{RANDSTRING:6}',
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
  entityimage: 'File',
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
  'slaitem.slaid',
  'entitlementchannel.entitlementid',
  'entitlementtemplatechannel.entitlementtemplateid',
  'knowledgearticleincident.knowledgearticleid',
  'knowledgearticleviews.knowledgearticleid',
  'discount.discounttypeid',
  'productassociation.productid',
  'productsubstitute.productid',
  'quoteclose.quoteid',
  'orderclose.salesorderid',
  'customeraddress.parentid',
  'campaignresponse.regardingobjectid',
  'campaignactivity.regardingobjectid',
]);
