import { ConnectorError } from '../../errors/connector-error.ts';
import type { TableFileYaml } from '../../manifest/read/yaml-types.ts';

/** Beside the table files: what was learned last, so that the author's changes can be told from those of the organization. */
export const learnedFile = 'schemas/learned.json';

/** What was learned last, by the logical name of the table. */
export type LearnedRecord = Readonly<Record<string, TableFileYaml>>;

const recordFormat = 'dynamics365-learned/1';

/** @throws SETTING_INVALID if the text is not a record */
export function readRecord(text: string | undefined): LearnedRecord {
  if (text === undefined) return {};
  try {
    const { format, tables } = JSON.parse(text) as { format?: unknown; tables?: LearnedRecord };
    if (format === recordFormat && tables !== undefined) return tables;
  } catch {
    // Reported below, like a file of another format.
  }
  throw new ConnectorError('SETTING_INVALID', `${learnedFile} is not a record of \`d365 learn\`.`, {
    advice: 'Restore the file; without it, columns that you removed are learned again.',
  });
}

/** One column in a line, sorted, so that a change is small in version control. */
export function printRecord(tables: LearnedRecord): string {
  const lines = Object.entries(tables)
    .sort(([a], [b]) => (a < b ? -1 : 1))
    .map(([name, { properties = {}, ...facts }]) => {
      const columns = Object.entries(properties).map(
        ([column, yaml]) => `   ${JSON.stringify(column)}: ${JSON.stringify(yaml)}`,
      );
      const head = JSON.stringify(facts).slice(1, -1);
      return ` ${JSON.stringify(name)}: {${head}${head === '' ? '' : ', '}"properties": {\n${columns.join(',\n')}}}`;
    });
  return `{"format": "${recordFormat}", "tables": {\n${lines.join(',\n')}}}\n`;
}
