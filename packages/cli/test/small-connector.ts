import { mkdirSync, mkdtempSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';

/** A connector with one table, and one that extends it: they compile in milliseconds. */
export const smallConnector = {
  'base/connector.yaml': `manifestVersion: 1
id: small-base
version: 1.0.0
title: Small
description: A small connector.
connection: { required: [orgUrl], properties: { orgUrl: { type: string, format: dataverse-origin, maxLength: 200 }, tenant: { type: string, format: entra-tenant, maxLength: 253 } } }
auth: { type: oauth2, grants: { client_credentials: { scopes: ["{{connection.orgUrl}}/.default"] } } }
api: { baseUrl: "{{connection.orgUrl}}/api/data/v9.2", timeout: 60s }
retry: { maxAttempts: 4, budget: 90s }
`,
  'base/schemas/tables/visit.yaml': `x-table: { name: new_visit, entitySet: new_visits, key: new_visitid, primaryName: new_name, plural: Visits }
title: Visit
description: A visit.
required: []
operations: [create]
properties:
  id: { title: Id, type: string, format: uuid, x-column: new_visitid, readOnly: true }
  name: { title: Name, type: string, maxLength: 100, x-column: new_name }
  priority: { title: Priority, x-column: new_priority, x-choices: { high: 1, normal: 2 } }
`,
  'base/actions/_.create.yaml': `title: Create {{table.titleLower}}
description: Creates one.
input: { columns: writable }
request: { create: "{{table.name}}", values: "{{input}}" }
tests:
  - { name: a name is text, table: visit, input: { name: 1 }, fails: { code: INPUT_INVALID } }
`,
  'own/connector.yaml': `manifestVersion: 1
id: own
version: 1.2.0
title: Own
description: A connector.
extends: ../base
`,
};

/** Writes files into a new folder and returns its path. */
export function writeFiles(files: Readonly<Record<string, string>>): string {
  const folder = mkdtempSync(join(tmpdir(), 'd365-'));
  for (const [file, text] of Object.entries(files)) {
    mkdirSync(dirname(join(folder, file)), { recursive: true });
    writeFileSync(join(folder, file), text);
  }
  return folder;
}
