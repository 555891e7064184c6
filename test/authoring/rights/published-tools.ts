/** The privileges that Microsoft publishes for a tool, and our operations that do the same. */
export interface PublishedTool {
  readonly tool: string;
  readonly privileges: readonly string[];
  readonly operations: readonly string[];
  /** Published privileges that our operations do not need, and why. */
  readonly exception?: Readonly<Record<string, string>>;
}

/**
 * The tools of the Dynamics 365 Customer Service MCP server. Microsoft hides a tool from users who lack its privileges;
 * the lists have no rights to append, so a computed role has more.
 * https://learn.microsoft.com/dynamics365/customer-service/develop/customer-service-tool-privilege-reference
 */
export const publishedTools: readonly PublishedTool[] = [
  { tool: 'get_case', privileges: ['prvReadIncident'], operations: ['case.get'] },
  {
    tool: 'close_case',
    privileges: ['prvReadIncident', 'prvWriteIncident', 'prvCreateActivity'],
    operations: ['case.resolve'],
  },
  {
    tool: 'create_case_from_email',
    privileges: ['prvCreateIncident', 'prvReadActivity'],
    operations: ['email.get', 'case.create'],
  },
  { tool: 'create_note', privileges: ['prvCreateNote'], operations: ['case.add-note'] },
  {
    tool: 'link_email_to_case',
    privileges: ['prvReadIncident', 'prvWriteActivity'],
    operations: ['case.get', 'email.update'],
  },
  {
    tool: 'pick_case_from_queue',
    privileges: ['prvReadIncident', 'prvWriteIncident'],
    operations: ['case.list', 'queue-item.pick'],
    exception: { prvWriteIncident: 'The tool also assigns the case; our action only takes the queue item.' },
  },
  {
    tool: 'reassign_case',
    privileges: ['prvWriteIncident', 'prvCreateNote'],
    operations: ['case.assign', 'case.add-note'],
  },
  {
    tool: 'get_case_sla_status',
    privileges: ['prvReadIncident', 'prvReadSLAKPIInstance'],
    operations: ['case.get', 'sla-kpi.list'],
  },
  {
    tool: 'query_cases_by_sla_status',
    privileges: ['prvReadIncident', 'prvReadSLAKPIInstance', 'prvReadQueue', 'prvReadQueueItem'],
    operations: ['case.list', 'sla-kpi.list', 'queue.get', 'queue-item.list'],
  },
  {
    tool: 'publish_knowledge_article',
    privileges: ['prvWriteKnowledgeArticle'],
    operations: ['knowledge-article.publish'],
  },
  {
    tool: 'send_email',
    privileges: ['prvCreateActivity', 'prvReadActivity'],
    operations: ['email.send-new'],
  },
  {
    tool: 'get_activity_timeline',
    privileges: ['prvReadActivity', 'prvReadNote'],
    operations: ['case.read-timeline'],
  },
];
