import type { JsonObject } from '../model/json.ts';
import { withRowType } from '../odata/row-type.ts';

/** Where the content of a file is, as the messages of blocks name it. */
export interface FileTarget {
  /** The word in the names of its messages: `InitializeAnnotationBlocksUpload`. */
  readonly message: 'Annotation' | 'Attachment' | 'File';
  /** Parameters of the first message of an upload or a download. */
  readonly open: JsonObject;
  /** Parameters of the last message of an upload. */
  readonly commit: JsonObject;
}

/** A table whose rows have one file each, as base64 in a text column. */
export interface FileTable {
  /** Our name of the table. */
  readonly name: 'note' | 'attachment';
  readonly logicalName: string;
  readonly entitySet: string;
  readonly key: string;
  /** The column with the content. */
  readonly column: string;
  readonly message: FileTarget['message'];
}

/** https://learn.microsoft.com/power-apps/developer/data-platform/attachment-annotation-files */
export const fileTables: Readonly<Record<FileTable['name'], FileTable>> = {
  note: {
    name: 'note',
    logicalName: 'annotation',
    entitySet: 'annotations',
    key: 'annotationid',
    column: 'documentbody',
    message: 'Annotation',
  },
  attachment: {
    name: 'attachment',
    logicalName: 'activitymimeattachment',
    entitySet: 'activitymimeattachments',
    key: 'activitymimeattachmentid',
    column: 'body',
    message: 'Attachment',
  },
};

/**
 * The file of a row of such a table.
 *
 * @param row the columns of the row with its id, as in a request body; an upload creates a row that does not exist
 */
export function fileOfRow({ message, logicalName }: FileTable, row: JsonObject): FileTarget {
  const Target = withRowType(logicalName, row);
  return { message, open: { Target }, commit: { Target } };
}
