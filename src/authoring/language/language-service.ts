import { type CompiledOperations, compileSources, readSources } from '../../manifest/compile-manifest.ts';
import type { ManifestPackage } from '../../manifest/read/manifest-package.ts';
import type { ConnectorDefinition } from '../../model/definition.ts';
import type { Diagnostic } from '../../model/diagnostic.ts';
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
  return {
    update(packages) {
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
    complete: (edited, offset) => (model === undefined ? [] : complete(edited, offset, model)),
    explainWord: (edited, offset) => (model === undefined ? undefined : explainWord(edited, offset, model)),
  };
}
