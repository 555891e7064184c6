import { ConnectorError } from '../../errors/connector-error.ts';
import { guardFunctions } from '../../errors/guard-functions.ts';
import { type CompiledOperations, compileSources, readSources } from '../../manifest/compile-manifest.ts';
import type { ManifestPackage } from '../../manifest/read/manifest-package.ts';
import type { ConnectorDefinition } from '../../model/definition.ts';
import type { Diagnostic } from '../../model/diagnostic.ts';
import { assertOptions, assertText, type OptionsRule } from '../../validation/assert-options.ts';
import { createValidator } from '../../validation/validator.ts';
import { type Completion, complete } from './complete.ts';
import { explainWord, type WordInfo } from './explain-word.ts';
import type { EditedFile, LanguageModel } from './language-model.ts';

/** Answers an editor's questions about the files of one manifest. */
export interface LanguageService {
  /** Replaces the files, as they are in the editor, and returns all diagnostics. */
  update(packages: readonly ManifestPackage[]): readonly Diagnostic[];
  complete(edited: EditedFile, offset: number): readonly Completion[];
  /** The files of the last update, compiled; undefined if they have errors. */
  definition(): ConnectorDefinition | undefined;
  /** What the word at an offset means, and where it is defined. */
  explainWord(edited: EditedFile, offset: number): WordInfo | undefined;
}

/**
 * Creates the language service of one manifest. It is independent of any editor protocol; `d365 lsp` speaks LSP.
 *
 * @example
 * const service = createLanguageService();
 * const diagnostics = service.update((await readManifest('./my-connector')).packages);
 * service.complete({ file: 'actions/case.escalate.yaml', text }, text.length);
 */
export function createLanguageService(): LanguageService {
  const validator = createValidator();
  let model: LanguageModel | undefined;
  let operations: CompiledOperations = { actions: {}, triggers: {} };
  let definition: ConnectorDefinition | undefined;
  return guardFunctions({
    update(packages: readonly ManifestPackage[]) {
      const sources = readSources(packages, validator);
      const { operations: compiled, definition: whole, diagnostics } = compileSources(sources);
      definition = whole;
      // An operation that is being written is known as it was when it last had no errors.
      operations = {
        actions: { ...operations.actions, ...compiled.actions },
        triggers: { ...operations.triggers, ...compiled.triggers },
      };
      model = { sources, operations };
      return diagnostics;
    },
    definition: () => definition,
    complete(edited: EditedFile, offset: number) {
      const file = assertOffset(edited, offset);
      return model === undefined ? [] : complete(file, offset, model);
    },
    explainWord(edited: EditedFile, offset: number) {
      const file = assertOffset(edited, offset);
      return model === undefined ? undefined : explainWord(file, offset, model);
    },
  });
}

const editedRule: OptionsRule<EditedFile> = { of: 'the edited file', types: { file: 'text', text: 'text' } };

/** The file, with an offset inside of it. */
function assertOffset(edited: EditedFile, offset: number): EditedFile {
  const { file, text } = assertOptions(edited, editedRule);
  const checked = {
    file: assertText(file, 'The name of the file'),
    text: assertText(text, 'The text of the file'),
  };
  if (Number.isInteger(offset) && offset >= 0 && offset <= checked.text.length) return checked;
  const message = `The offset must be a whole number from 0 to ${checked.text.length}, the length of the text.`;
  throw new ConnectorError('INPUT_INVALID', message);
}
