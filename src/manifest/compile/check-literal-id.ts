import { isGuid } from '../../model/guid.ts';
import type { SourceNode } from '../read/source-node.ts';

/**
 * Checks the ids that are written in a path or binding: `/accounts(hello)` is refused. An alternate key, the parameters of
 * a function, a parameter alias and a placeholder are something else. Returns whether all are valid.
 */
export function checkLiteralKeys(path: string, node: SourceNode): boolean {
  const keys = [...path.matchAll(/\(([^()]*)\)/g)].map(([, key = '']) => key);
  return keys.every((key) => isSomethingElse(key) || checkLiteralId(key, node));
}

/** Several values are the parameters of a function, and a value in quotes is the text of one. */
function isSomethingElse(key: string): boolean {
  return key === '' || key.includes('{{') || /[=,'@]/.test(key);
}

/** Checks an id that is written in YAML instead of a placeholder. */
export function checkLiteralId(id: string, node: SourceNode): boolean {
  if (isGuid(id)) return true;
  const [, name] = /^\$?\{\s*(\w+(?:\.\w+)*)\s*\}$/.exec(id) ?? [];
  const fix =
    name === undefined
      ? 'write "{{input.id}}", or an id: 00000000-0000-0000-0000-000000000000'
      : `write "{{${name}}}"`;
  const replacement = name && `{{${name}}}`;
  node.error('T113', `"${id}" is not the id of a row`, { text: id, fix, replacement });
  return false;
}
