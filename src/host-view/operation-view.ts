import type { FieldView } from './field-view.ts';

/** A column that the rows of an answer can have. */
export interface ColumnView {
  readonly name: string;
  readonly title: string;
}

/** What an action answers, or the row of a trigger's item. */
export interface AnswerView {
  /** `file`: `{ fileName, mimeType, content }`. `data`: JSON of another shape. */
  readonly kind: 'nothing' | 'row' | 'rows' | 'count' | 'file' | 'data';
  /** One sentence: "The case." */
  readonly text: string;
  /** Our name of the table of the rows. */
  readonly table?: string;
  /** The columns that the rows can have; none for other answers, and for any table of the organization. */
  readonly columns: readonly ColumnView[];
  /** The names of the few columns that tell most, for a short answer. */
  readonly mainColumns: readonly string[];
}

/** One action or trigger as hosts show it to people and models. It follows from the definition alone. */
export interface OperationView {
  readonly kind: 'action' | 'trigger';
  readonly id: string;
  /** "Resolve case" */
  readonly title: string;
  readonly description: string;
  /** The first part of the id: `case`. */
  readonly resource: string;
  /** The heading under which it stands: "Case". */
  readonly group: string;
  /** Its name within the group: "Resolve". */
  readonly name: string;
  /** Words that people use for it and that are not in its id, title and description: `ticket`, `close`. */
  readonly keywords: readonly string[];
  /** Those of them that people use for its table: `ticket`. */
  readonly resourceKeywords: readonly string[];
  /** It changes nothing in the organization. */
  readonly readOnly: boolean;
  /** The required ones first. */
  readonly fields: readonly FieldView[];
  /** For an action: the options of a call that it supports, such as the user to act as. */
  readonly callOptions: readonly FieldView[];
  readonly answer: AnswerView;
}
