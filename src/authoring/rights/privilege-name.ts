import type { AccessRight } from '../../errors/missing-privilege.ts';

/**
 * What follows the verb in the names of a table's privileges, where it is not the schema name of the table: several
 * tables share privileges. https://learn.microsoft.com/power-platform/admin/security-roles-privileges
 */
const shared: Readonly<Record<string, string>> = {
  activitymimeattachment: 'Activity',
  activityparty: 'Activity',
  activitypointer: 'Activity',
  annotation: 'Note',
  appointment: 'Activity',
  email: 'Activity',
  fax: 'Activity',
  incidentresolution: 'Activity',
  letter: 'Activity',
  msfp_surveyinvite: 'Activity',
  msfp_surveyresponse: 'Activity',
  opportunityclose: 'Activity',
  phonecall: 'Activity',
  recurringappointmentmaster: 'Activity',
  savedquery: 'Query',
  socialactivity: 'Activity',
  systemuser: 'User',
  task: 'Activity',
};

/** Schema names with capitals inside. Dataverse compares the names of privileges without regard to case. */
const spelled: Readonly<Record<string, string>> = {
  businessunit: 'BusinessUnit',
  knowledgearticle: 'KnowledgeArticle',
  knowledgearticleincident: 'KnowledgeArticleIncident',
  languagelocale: 'LanguageLocale',
  queueitem: 'QueueItem',
  sla: 'SLA',
  slakpiinstance: 'SLAKPIInstance',
  transactioncurrency: 'TransactionCurrency',
  userquery: 'UserQuery',
};

/** The name of a privilege by the rules of Dataverse: `prvReadIncident`. An organization's metadata goes before it. */
export function privilegeName(table: string, right: AccessRight): string {
  const subject = shared[table] ?? spelled[table] ?? (table.includes('_') ? table : capitalize(table));
  return `prv${right}${subject}`;
}

function capitalize(text: string): string {
  return `${text.slice(0, 1).toUpperCase()}${text.slice(1)}`;
}
