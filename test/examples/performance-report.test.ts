import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { DatabaseSync } from 'node:sqlite';
import { expect } from 'chai';
import { readPerformance } from '../../examples/support/performance-report.ts';

describe('examples: the report of service-performance', () => {
  let folder: string;
  beforeEach(() => {
    folder = mkdtempSync(join(tmpdir(), 'd365-report-'));
  });
  afterEach(() => rmSync(folder, { recursive: true }));

  it('counts each SLA KPI that has ended once, however many a case has, and hours of resolved cases alone', () => {
    const file = join(folder, 'service.sqlite');
    const database = new DatabaseSync(file);
    database.exec(`
      CREATE TABLE incident_labeled (incidentid, prioritycode, prioritycode_label, statecode, createdon, customersatisfactioncode);
      CREATE TABLE incidentresolution_labeled (incidentid, createdon);
      CREATE TABLE slakpiinstance_labeled (regarding, status);
      INSERT INTO incident_labeled VALUES
        ('a', 1, 'High', 1, '2026-01-01T00:00:00Z', 5),
        ('b', 1, 'High', 1, '2026-01-01T00:00:00Z', 2),
        ('c', 1, 'High', 0, '2026-01-01T00:00:00Z', NULL),
        ('d', NULL, NULL, 0, '2026-01-01T00:00:00Z', NULL);
      INSERT INTO incidentresolution_labeled VALUES
        ('a', '2026-01-01T01:00:00Z'), ('a', '2026-01-01T02:00:00Z'),
        ('b', '2026-01-01T04:00:00Z'),
        ('c', '2026-01-01T09:00:00Z');
      INSERT INTO slakpiinstance_labeled VALUES ('a', 4), ('a', 4), ('a', 4), ('b', 1), ('c', 0), ('c', 5);`);
    database.close();
    const [none, { hours, ...row } = { hours: null }] = readPerformance(file);
    expect(none).to.include({ priority: 'None', cases: 1, slaMet: null });
    expect(row).to.deep.equal({ priority: 'High', cases: 3, resolved: 2, slaMet: 0.75, satisfaction: 3.5 });
    expect(hours).to.be.closeTo(3, 0.001);
  });
});
