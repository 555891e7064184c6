import { fileColumn, type SuiteContext } from './suite-context.ts';

/** Arguments of a tool; undefined for a tool that is not called. */
type ToolCalls = Readonly<Record<string, object | undefined>>;

/** The calls of the tools in the order in which they run. */
export function buildToolCalls(context: SuiteContext): ToolCalls {
  return {
    ...metadataCalls(),
    ...rowCalls(context),
    ...operationCalls(context),
    ...administrationCalls(context),
    ...schemaCalls(),
    ...browserCalls(context),
    ...withoutCalls(),
  };
}

function metadataCalls(): ToolCalls {
  return {
    dataverse_whoami: {},
    dataverse_list_tables: { includeSystemTables: true },
    dataverse_get_table_metadata: { logicalName: 'account' },
    dataverse_get_relationships: { logicalName: 'account' },
    dataverse_list_global_option_sets: {},
    dataverse_get_option_set: { name: 'budgetstatus' },
    dataverse_get_entity_key: { tableName: 'account' },
    dataverse_get_attribute_option_set: {
      entityLogicalName: 'incident',
      attributeLogicalName: 'prioritycode',
    },
    dataverse_resolve_entity_name: { name: 'account' },
    dataverse_list_views: { entityLogicalName: 'account', includePersonal: true },
    dataverse_environment_capabilities: {},
  };
}

function rowCalls({ rows, otherUserId }: SuiteContext): ToolCalls {
  const account = { entitySetName: 'accounts', id: rows.account };
  const link = { ...account, relationshipName: 'contact_customer_accounts' };
  const fetchXml =
    '<fetch count="5"><entity name="incident"><attribute name="title"/><order attribute="title"/></entity></fetch>';
  return {
    dataverse_query: { entitySetName: 'incidents', select: ['title'], filter: 'statecode eq 0', count: true },
    dataverse_execute_fetchxml: { fetchXml, fetchAll: true, formattedValues: true },
    dataverse_retrieve_multiple_with_paging: { entitySetName: 'incidents', select: ['title'] },
    dataverse_get: { ...account, select: ['name'], expand: 'primarycontactid($select=fullname)' },
    dataverse_create: { entitySetName: 'accounts', data: { name: 'Created' } },
    dataverse_update: { ...account, data: { telephone1: '555-0100' } },
    dataverse_assign: { ...account, ownerType: 'systemuser', ownerId: otherUserId },
    dataverse_associate: { ...link, relatedEntitySetName: 'contacts', relatedId: rows.contact },
    dataverse_query_associations: { ...account, navigationProperty: 'contact_customer_accounts' },
    dataverse_disassociate: {
      ...link,
      relatedEntitySetName: 'contacts',
      relatedId: rows.contact,
      confirm: true,
    },
    dataverse_associate_bulk: { ...link, relatedEntitySetName: 'contacts', relatedIds: [rows.contact] },
    dataverse_create_annotation: {
      entitySetName: 'accounts',
      recordId: rows.account,
      noteText: 'Hello',
      fileName: 'a.txt',
      mimeType: 'text/plain',
      documentBody: 'YWJj',
    },
    dataverse_get_annotations: { recordId: rows.account, includeContent: true },
    dataverse_upload_file_column: {
      entitySetName: 'accounts',
      recordId: rows.account,
      columnName: fileColumn,
      fileContent: 'YWJj',
      fileName: 'a.txt',
    },
    dataverse_download_file_column: {
      entitySetName: 'accounts',
      recordId: rows.account,
      columnName: fileColumn,
    },
    dataverse_change_detection: { entitySetName: 'accounts', deltaToken: null, select: ['name'] },
  };
}

function operationCalls({ rows, userId, otherUserId }: SuiteContext): ToolCalls {
  const access = { entitySetName: 'accounts', recordId: rows.account, principalId: otherUserId };
  return {
    dataverse_execute_action: {
      actionName: 'GrantAccess',
      parameters: {
        Target: { accountid: rows.account, '@odata.type': 'Microsoft.Dynamics.CRM.account' },
        PrincipalAccess: {
          Principal: { teamid: rows.team, '@odata.type': 'Microsoft.Dynamics.CRM.team' },
          AccessMask: 'ReadAccess',
        },
      },
    },
    dataverse_execute_function: { functionName: 'WhoAmI', parameters: {} },
    dataverse_execute_bound_action: {
      entitySetName: 'queues',
      id: rows.queue,
      actionName: 'AddToQueue',
      parameters: { Target: { incidentid: rows.incident, '@odata.type': 'Microsoft.Dynamics.CRM.incident' } },
    },
    dataverse_execute_bound_function: {
      entitySetName: 'incidents',
      id: rows.incident,
      functionName: 'CalculateTotalTimeIncident',
      parameters: {},
    },
    dataverse_batch_execute: {
      requests: [
        { method: 'GET', url: 'accounts?$select=name&$top=1' },
        { method: 'POST', url: 'accounts', body: { name: 'In a batch' } },
        { method: 'PATCH', url: `accounts(${rows.account})`, body: { fax: '1' } },
      ],
      useChangeset: true,
    },
    dataverse_check_record_access: { ...access, principalId: userId },
    dataverse_grant_access: { ...access, accessRights: ['ReadAccess', 'WriteAccess'] },
    dataverse_revoke_access: access,
    dataverse_search: { query: 'delivery', entities: ['incident'], top: 3 },
    dataverse_detect_duplicates: { entityLogicalName: 'account', record: { name: 'Litware' } },
    dataverse_merge_records: {
      entityLogicalName: 'account',
      entitySetName: 'accounts',
      targetId: rows.account,
      subordinateId: rows.subordinate,
      confirm: true,
    },
    dataverse_impersonate: {
      callerId: otherUserId,
      toolName: 'dataverse_whoami',
      toolArgs: {},
    },
  };
}

function administrationCalls({ userId, rows }: SuiteContext): ToolCalls {
  return {
    dataverse_get_user_roles: { userId },
    dataverse_list_users: { search: 'Rosa' },
    dataverse_list_roles: {},
    dataverse_list_business_units: {},
    dataverse_list_teams: {},
    dataverse_list_workflows: {},
    dataverse_list_custom_actions: {},
    dataverse_list_plugin_steps: {},
    dataverse_list_connection_references: {},
    dataverse_get_plugin_trace_logs: {},
    dataverse_get_workflow_trace_logs: {},
    dataverse_list_dependencies: { tableName: 'account' },
    dataverse_delete: { entitySetName: 'queues', id: rows.queue, confirm: true },
  };
}

function schemaCalls(): ToolCalls {
  return {
    dataverse_create_table: {
      schemaName: 'new_Vessel',
      displayName: 'Vessel',
      displayCollectionName: 'Vessels',
    },
    dataverse_create_attribute: {
      entityLogicalName: 'new_vessel',
      schemaName: 'new_Length',
      attributeType: 'Integer',
      displayName: 'Length',
      confirm: true,
    },
    dataverse_update_attribute: {
      entityLogicalName: 'new_vessel',
      attributeLogicalName: 'new_length',
      displayName: 'Length in metres',
      confirm: true,
    },
    dataverse_create_lookup_attribute: {
      entityLogicalName: 'new_vessel',
      schemaName: 'new_OwnerAccountId',
      displayName: 'Owner',
      referencedEntity: 'account',
      confirm: true,
    },
    dataverse_create_relationship: {
      type: 'ManyToMany',
      schemaName: 'new_vessel_contact',
      entity1LogicalName: 'new_vessel',
      entity2LogicalName: 'contact',
    },
    dataverse_publish_customizations: { components: { entities: ['new_vessel'] } },
    dataverse_delete_attribute: {
      entityLogicalName: 'new_vessel',
      attributeLogicalName: 'new_length',
      confirm: true,
    },
  };
}

function browserCalls({ userId }: SuiteContext): ToolCalls {
  const fetchXml = '<fetch top="3"><entity name="account"><attribute name="name"/></entity></fetch>';
  return {
    dataverse_open_table_browser: {},
    dataverse_table_browser_list_tables: {},
    dataverse_table_browser_get_rows: { entitySetName: 'accounts', top: 5 },
    dataverse_open_fetchxml_workbench: {},
    dataverse_fetchxml_workbench_list_tables: {},
    dataverse_fetchxml_workbench_list_attributes: { entityLogicalName: 'account' },
    dataverse_fetchxml_workbench_execute: { fetchXml, entitySetName: 'accounts' },
    dataverse_open_plugin_trace_viewer: {},
    dataverse_plugin_trace_viewer_get_logs: {},
    dataverse_open_schema_explorer: {},
    dataverse_schema_explorer_list_tables: {},
    dataverse_schema_explorer_get_entity: { logicalName: 'account' },
    dataverse_open_rbac_inspector: {},
    dataverse_rbac_inspector_list_roles: {},
    dataverse_rbac_inspector_list_users: {},
    dataverse_rbac_inspector_get_user_roles: { userId },
    dataverse_rbac_inspector_list_field_profiles: {},
    dataverse_list_guides: {},
    dataverse_suggest_tools: { intent: 'close a case' },
    dataverse_list_tool_tags: {},
  };
}

/** Tools that change solutions, processes, roles or apps, or that need such a component. */
function withoutCalls(): ToolCalls {
  return {
    // Sends PUT to a row; the Web API documents PUT for properties, lookups and metadata.
    dataverse_upsert: undefined,
    // Sends PATCH to a table definition, which Dataverse refuses.
    dataverse_update_entity: undefined,
    // Selects a column of audits that the Web API does not have.
    dataverse_get_audit_log: undefined,
    dataverse_set_table_icon: undefined,
    dataverse_retrieve_dependencies_for_delete: undefined,
    dataverse_set_workflow_state: undefined,
    dataverse_get_workflow: undefined,
    dataverse_get_environment_variable: undefined,
    dataverse_set_environment_variable: undefined,
    dataverse_create_environment_variable: undefined,
    dataverse_assign_role_to_user: undefined,
    dataverse_remove_role_from_user: undefined,
    dataverse_assign_role_to_team: undefined,
    dataverse_get_role_privileges: undefined,
    dataverse_add_role_privileges: undefined,
    dataverse_replace_role_privileges: undefined,
    dataverse_rbac_inspector_get_role_privileges: undefined,
    dataverse_rbac_inspector_get_profile_permissions: undefined,
    dataverse_create_web_resource: undefined,
    dataverse_create_sitemap: undefined,
    dataverse_get_guide: undefined,
  };
}
