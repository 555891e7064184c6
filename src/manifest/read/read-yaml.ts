import { applyEdits, mapBack, sortEdits } from '../../model/apply-edits.ts';
import type { Diagnostic, Edit } from '../../model/diagnostic.ts';
import type { Span } from '../../model/span.ts';
import {
  locateDiagnostic,
  locateSpan,
  type NodeSpans,
  type SourceFile,
  type SourceText,
  toSourceText,
} from './source-file.ts';
import { type YamlDiagnostic, YamlParser } from './yaml-text.ts';

/** The result of reading one file: its source, unless it has errors that prevent reading it, and its errors. */
export interface YamlReadResult {
  readonly source?: SourceFile;
  readonly diagnostics: readonly Diagnostic[];
}

/** A file with more errors than this is repaired no further. */
const maxRepairs = 20;

/**
 * Reads one YAML 1.2 file as plain JSON data, with the location of each value. Anchors, aliases, merge keys, tags,
 * multiple documents and keys that are not text are errors. A syntax error whose fix is certain is reported and then
 * repaired in memory, so that the rest of the file is checked in the same run.
 *
 * @param repairs Edits that are made in memory before the file is read. All locations are those of `text`.
 */
export function readYaml(file: string, text: string, repairs: readonly Edit[] = []): YamlReadResult {
  const sourceText = toSourceText(file, text);
  const diagnostics: Diagnostic[] = [];
  for (let edits = sortEdits(repairs); ; ) {
    const parser = new YamlParser(applyEdits(text, edits));
    const data = parser.parse();
    const toOriginal = (span: Span) => mapBack(span, edits);
    const [first] = parser.diagnostics;
    if (first === undefined) {
      const nodeSpans = mapSpans(parser.nodeSpans, toOriginal);
      const source = { ...sourceText, data: data ?? null, nodeSpans, broken: [], repairs: edits };
      return { source, diagnostics };
    }
    const repaired =
      first.edit && sortEdits([...edits, { ...toOriginal(first.edit), text: first.edit.text }]);
    const isRepaired = repaired !== undefined && repaired.length > edits.length && edits.length < maxRepairs;
    for (const each of isRepaired ? [first] : parser.diagnostics)
      diagnostics.push(toDiagnostic(sourceText, each, toOriginal));
    if (!isRepaired) return { diagnostics };
    edits = repaired;
  }
}

/** Whether a text is YAML without errors. */
export function isReadable(text: string): boolean {
  const { source, diagnostics } = readYaml('', text);
  return source !== undefined && diagnostics.length === 0;
}

function toDiagnostic(
  source: SourceText,
  { code, message, span, fix, edit, related }: YamlDiagnostic,
  toOriginal: (span: Span) => Span,
): Diagnostic {
  return locateDiagnostic(source, toOriginal(span), {
    ...{ severity: 'error', code, message, fix },
    edit: edit && { ...toOriginal(edit), text: edit.text },
    related: related && { message: related.message, ...locateSpan(source, toOriginal(related.span)) },
  });
}

function mapSpans(
  nodeSpans: ReadonlyMap<string, NodeSpans>,
  toOriginal: (span: Span) => Span,
): ReadonlyMap<string, NodeSpans> {
  return new Map(
    [...nodeSpans].map(([pointer, { value, key }]) => [
      pointer,
      { value: toOriginal(value), key: key && toOriginal(key) },
    ]),
  );
}
