import { attributeMetadataId } from '../model/metadata-ids.ts';
import type { Attribute, TableModel } from '../model/types.ts';
import { columnEquals, stringLiteral } from '../store/query/filter-nodes.ts';
import type { HiddenColumn } from '../store/read-access.ts';
import type { OrganizationStore } from '../store/types.ts';
import { columnNotWritable } from './access-errors.ts';

/** What column security profiles let a user do with the secured columns of a table. */
export interface ColumnPermissions {
  readonly readable: ReadonlySet<string>;
  readonly creatable: ReadonlySet<string>;
  readonly updatable: ReadonlySet<string>;
}

/** A write of columns: of a new row, or of an existing one. */
export interface ColumnWrite {
  readonly columns: readonly string[];
  /** Id of the existing row. */
  readonly rowId?: string;
}

/** The value of `canread`, `cancreate` and `canupdate` that allows. */
export const allowed = 4;

/**
 * The permissions of a user for secured columns: from the column security profiles of the user and of its teams, and
 * from columns of single rows that are shared.
 * https://learn.microsoft.com/power-apps/developer/data-platform/column-level-security
 */
export class ColumnSecurity {
  readonly #store: OrganizationStore;
  readonly #principalId: string;
  readonly #permissions = new Map<string, ColumnPermissions>();
  readonly #principalIds: () => readonly string[];

  /** `principalIds`: the user and its teams. */
  constructor(store: OrganizationStore, principalId: string, principalIds: () => readonly string[]) {
    this.#store = store;
    this.#principalId = principalId;
    this.#principalIds = principalIds;
  }

  /** The secured columns that no profile lets the user read. */
  hidden(table: TableModel): readonly HiddenColumn[] {
    const secured = securedColumns(table);
    if (secured.length === 0) return [];
    const { readable } = this.permissionsOf(table);
    return secured
      .filter(({ logicalName }) => !readable.has(logicalName))
      .map(({ logicalName }) => ({
        logicalName,
        attributeId: attributeMetadataId(table, logicalName),
        sharedWith: this.#principalIds(),
      }));
  }

  /** Throws 403 when the user writes a secured column without permission. */
  requireWritable(table: TableModel, { columns, rowId }: ColumnWrite): void {
    for (const column of securedColumns(table)) {
      if (!columns.includes(column.logicalName) || this.#canWrite(table, column, rowId)) continue;
      const creating = rowId === undefined;
      throw columnNotWritable(this.#principalId, { table, column: column.displayName, creating });
    }
  }

  /** What the profiles of the user allow. */
  permissionsOf(table: TableModel): ColumnPermissions {
    const known = this.#permissions.get(table.logicalName);
    if (known) return known;
    const read = this.#readPermissions(table);
    this.#permissions.set(table.logicalName, read);
    return read;
  }

  #canWrite(table: TableModel, { logicalName }: Attribute, objectId: string | undefined): boolean {
    const { creatable, updatable } = this.permissionsOf(table);
    if (objectId === undefined) return creatable.has(logicalName);
    const attributeId = attributeMetadataId(table, logicalName);
    const share = {
      objectId,
      attributeId,
      principalIds: this.#principalIds(),
      right: 'updateaccess',
    } as const;
    return updatable.has(logicalName) || this.#store.security.sharesColumn(share);
  }

  #readPermissions(table: TableModel): ColumnPermissions {
    const profiles = new Set(this.#store.security.columnProfilesOf(this.#principalId));
    const { rows } = this.#store.query('fieldpermission', {
      filter: columnEquals('entityname', stringLiteral(table.logicalName)),
      actor: { userId: '' },
    });
    const granted = rows.filter(({ values: { fieldsecurityprofileid: profile } }) => {
      return profile !== null && typeof profile === 'object' && profiles.has(profile.id);
    });
    const names = (right: string) =>
      new Set(
        granted
          .filter(({ values }) => values[right] === allowed)
          .map(({ values }) => String(values.attributelogicalname)),
      );
    return { readable: names('canread'), creatable: names('cancreate'), updatable: names('canupdate') };
  }
}

/** The columns of a table that column security profiles protect. */
export const securedColumns = ({ attributes }: TableModel): readonly Attribute[] =>
  attributes.filter(({ secured }) => secured);
