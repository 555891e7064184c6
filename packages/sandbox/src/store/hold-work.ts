import type { EditableModel } from '../model/create-model.ts';
import type { DelayedCommits, HeldWork } from './delayed-commits.ts';
import type { RowVersions } from './row-versions.ts';

/**
 * Runs work without a commit. Discarded work also gives its row versions back, so that the same work gets the same ids.
 * The model has no invisible changes: work that changes the schema is committed at once, by `run`.
 */
export function holdWork<T>(
  state: {
    readonly model: EditableModel;
    readonly versions: RowVersions;
    readonly delayedCommits: DelayedCommits;
  },
  { work, run }: { readonly work: () => T; readonly run: () => T },
): HeldWork<T> {
  const { model, versions, delayedCommits } = state;
  const restoreModel = model.checkpoint();
  const { revision } = model;
  const before = versions.current;
  const held = delayedCommits.hold(before, work);
  const after = versions.current;
  if (model.revision !== revision) {
    restoreModel();
    held.discard();
    return { result: run(), commit() {}, commitAt() {}, discard() {} };
  }
  return {
    ...held,
    discard() {
      held.discard();
      versions.rewind(after, before);
    },
  };
}
