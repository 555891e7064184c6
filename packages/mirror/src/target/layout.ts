import { ConnectorError } from 'dynamics365-connector';
import type { MirrorSql, MirrorTarget } from './target.ts';

/** The tables in which a mirror keeps what it knows of itself, beside the mirrored ones. */
export const layoutTables = {
  /** Format of the layout, and who writes. */
  mirror: 'd365_mirror',
  /** The organization whose rows the tables have. */
  organization: 'd365_mirror_organization',
  /** The state of each table. */
  table: 'd365_mirror_table',
  /** Each column that was ever mirrored, also if the organization lacks it now. */
  column: 'd365_mirror_column',
  /** Ids that a walk over keys has seen. */
  seen: 'd365_mirror_seen',
  /** The latest deletions, which a restore of the organization can undo. */
  deleted: 'd365_mirror_deleted',
  /** Labels of choices. */
  choice: 'd365_choice',
} as const;

/** The format of the layout. A mirror of another format is refused, not converted. */
const format = 1;

/** Creates the tables that are missing. Throws SETTING_INVALID if they are those of another version of the program. */
export async function createLayout(target: MirrorTarget): Promise<void> {
  const { dialect } = target;
  const { text, bigint, uuid, timestamp, integer } = dialect.types;
  const tables: Readonly<Record<keyof typeof layoutTables, string>> = {
    mirror: `format ${integer} NOT NULL, owner ${text}, owner_name ${text}, until_ms ${bigint}`,
    organization: `origin ${text} NOT NULL PRIMARY KEY`,
    table: `table_name ${text} NOT NULL PRIMARY KEY, key_column ${text} NOT NULL, state ${text} NOT NULL`,
    column: `table_name ${text} NOT NULL, column_name ${text} NOT NULL, source ${text} NOT NULL, type ${text} NOT NULL, gone_at ${timestamp}, PRIMARY KEY (table_name, column_name)`,
    seen: `table_name ${text} NOT NULL, id ${uuid} NOT NULL, PRIMARY KEY (table_name, id)`,
    deleted: `table_name ${text} NOT NULL, id ${uuid} NOT NULL, at_ms ${bigint} NOT NULL, PRIMARY KEY (table_name, id)`,
    choice: `table_name ${text} NOT NULL, column_name ${text} NOT NULL, value ${integer} NOT NULL, label ${text} NOT NULL, PRIMARY KEY (table_name, column_name, value)`,
  };
  await target.transaction(async (sql) => {
    if (dialect.lockLayout !== '') await sql.query(dialect.lockLayout);
    for (const [name, columns] of Object.entries(tables)) {
      const table = dialect.tableName(layoutTables[name as keyof typeof layoutTables]);
      await sql.query(`CREATE TABLE IF NOT EXISTS ${table} (${columns})`);
    }
    await checkFormat(sql, target);
  });
}

async function checkFormat(sql: MirrorSql, { dialect, title }: MirrorTarget): Promise<void> {
  const table = dialect.tableName(layoutTables.mirror);
  const [row] = await sql.query<{ readonly format: number }>(`SELECT format FROM ${table}`);
  if (row === undefined) await sql.query(`INSERT INTO ${table} (format) VALUES (${format})`);
  else if (Number(row.format) !== format) {
    throw new ConnectorError('SETTING_INVALID', `${title} has a mirror of format ${row.format}.`, {
      advice: `This version writes format ${format}. Use the version that wrote it, or another target.`,
    });
  }
}

/**
 * Records whose rows a target has. To be called by the mirror that writes to it.
 *
 * @param origin `https://contoso.crm.dynamics.com`
 * @throws SETTING_INVALID if it has the rows of another organization, which would be replaced
 */
export async function claimOrganization(target: MirrorTarget, origin: string): Promise<void> {
  const table = target.dialect.tableName(layoutTables.organization);
  await target.transaction(async (sql) => {
    const [row] = await sql.query<{ readonly origin: string }>(`SELECT origin FROM ${table}`);
    if (row === undefined) await sql.query(`INSERT INTO ${table} (origin) VALUES ($1)`, [origin]);
    else if (row.origin !== origin)
      throw new ConnectorError(
        'SETTING_INVALID',
        `${target.title} has the rows of ${row.origin}, not of ${origin}.`,
        {
          advice: 'Use a target of its own for each organization.',
        },
      );
  });
}
