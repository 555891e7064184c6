import type { SourceNode } from '../read/source-node.ts';
import type { TriggerYaml } from '../read/yaml-types.ts';

/**
 * A trigger watches changes or a deadline; a deleted row has only its id; `changedTo` needs an update; only a row that
 * was reported can leave a filter.
 */
export function checkChanges(watch: TriggerYaml['watch'], node: SourceNode): boolean {
  const { changes, where, columns, changedTo, due } = watch;
  if ((changes === undefined) === (due === undefined) || (due && (columns || changedTo))) {
    const other = ['changes', 'columns', 'changedTo'].find((key) => node.at(key).data !== undefined);
    node.at('due').error('M116', 'a trigger watches either changes or a due column', {
      key: true,
      fix: 'write changes, or write due without columns and changedTo',
      related:
        due === undefined || other === undefined
          ? undefined
          : { node: node.at(other), message: 'what else it watches', key: true },
    });
    return false;
  }
  if (changes === undefined) return true;
  if (changes.includes('deleted') && (where || columns || changedTo)) {
    const fix = 'remove where, columns and changedTo, or watch deletions in a separate trigger';
    node
      .at('changes')
      .error('M116', 'a deleted row has only its id: no other column can be compared', { key: true, fix });
    return false;
  }
  if (changes.includes('left') && (!where || changes.length === 1)) {
    const fix = 'write where, and created or updated beside left';
    node.at('changes').error('M116', 'left reports that a row which was reported no longer matches where', {
      key: true,
      fix,
    });
    return false;
  }
  if ((columns || changedTo) && !changes.includes('updated')) {
    node
      .at('changes')
      .error('M116', 'columns and changedTo need updates', { key: true, fix: 'add updated to changes' });
    return false;
  }
  return true;
}
