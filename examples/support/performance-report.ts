/** The report of service-performance.ts: one query over the mirror, as a table and as a chart. */
import { DatabaseSync } from 'node:sqlite';

/** The performance of cases of one priority. */
export interface PriorityPerformance {
  readonly priority: string;
  readonly cases: number;
  readonly resolved: number;
  /** Average hours from creation to resolution. */
  readonly hours: number | null;
  /** The part of SLA KPIs that were met, from 0 to 1. */
  readonly slaMet: number | null;
  /** Average rating, from 1 to 5. */
  readonly satisfaction: number | null;
}

/** `status` of an SLA KPI that has ended: 4 succeeded, 1 noncompliant. */
const reportSql = `
  SELECT coalesce(c.prioritycode_label, 'None') AS priority,
         count(*) AS cases,
         sum(c.statecode = 1) AS resolved,
         avg((julianday(r.resolvedon) - julianday(c.createdon)) * 24) AS hours,
         1.0 * sum(k.met) / sum(k.ended) AS slaMet,
         avg(c.customersatisfactioncode) AS satisfaction
  FROM incident_labeled AS c
  LEFT JOIN (SELECT incidentid, max(createdon) AS resolvedon FROM incidentresolution_labeled GROUP BY incidentid) AS r
    ON r.incidentid = c.incidentid AND c.statecode = 1
  LEFT JOIN (SELECT regarding, sum(status = 4) AS met, count(*) AS ended FROM slakpiinstance_labeled
              WHERE status IN (1, 4) GROUP BY regarding) AS k
    ON k.regarding = c.incidentid
  GROUP BY c.prioritycode
  ORDER BY c.prioritycode`;

/** Reads the report from a mirror in SQLite. */
export function readPerformance(file: string): readonly PriorityPerformance[] {
  const database = new DatabaseSync(file, { readOnly: true });
  try {
    return database.prepare(reportSql).all() as unknown as readonly PriorityPerformance[];
  } finally {
    database.close();
  }
}

/** Lines of a table. */
export function formatPerformance(rows: readonly PriorityPerformance[]): readonly string[] {
  const formatRow = (cells: readonly string[]) =>
    cells.map((cell, index) => (index === 0 ? cell.padEnd(8) : cell.padStart(13))).join('');
  return [
    formatRow(['priority', 'cases', 'resolved', 'avg. hours', 'SLA met', 'satisfaction']),
    ...rows.map(({ priority, cases, resolved, hours, slaMet, satisfaction }) =>
      formatRow([
        priority,
        String(cases),
        String(resolved),
        formatNumber(hours, (value) => value.toFixed(1)),
        formatNumber(slaMet, (value) => `${Math.round(value * 100)} %`),
        formatNumber(satisfaction, (value) => value.toFixed(1)),
      ]),
    ),
  ];
}

function formatNumber(value: number | null, format: (value: number) => string): string {
  return value === null ? '-' : format(value);
}

const barHeight = 28;
const labelWidth = 90;
const chartWidth = 480;

/** A bar chart of the hours to resolution, as SVG. */
export function drawHours(rows: readonly PriorityPerformance[]): string {
  const longest = Math.max(1, ...rows.map(({ hours }) => hours ?? 0));
  const bars = rows.map(({ priority, hours }, index) => {
    const y = 40 + index * (barHeight + 8);
    const width = Math.round(((hours ?? 0) / longest) * (chartWidth - labelWidth - 70));
    const text = formatNumber(hours, (value) => `${value.toFixed(1)} h`);
    return [
      `<text x="${labelWidth - 8}" y="${y + 19}" text-anchor="end">${escapeText(priority)}</text>`,
      `<rect x="${labelWidth}" y="${y}" width="${width}" height="${barHeight}" rx="3" fill="#0f6cbd"/>`,
      `<text x="${labelWidth + width + 6}" y="${y + 19}">${text}</text>`,
    ].join('\n');
  });
  const height = 48 + rows.length * (barHeight + 8);
  return `<svg xmlns="http://www.w3.org/2000/svg" width="${chartWidth}" height="${height}" font-family="sans-serif" font-size="14">
<title>Hours to resolution by priority</title>
<text x="${labelWidth}" y="22" font-weight="bold">Hours to resolution by priority</text>
${bars.join('\n')}
</svg>
`;
}

function escapeText(text: string): string {
  return text.replace(/[&<>]/g, (character) => `&#${character.charCodeAt(0)};`);
}
