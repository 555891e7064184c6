import { isJsonObject, isSameJson, type Json, type JsonObject } from '../../model/json.ts';
import { changeYaml, printInline, type YamlChange } from './yaml-text.ts';

/** A value that is longer than this is printed in several lines. */
const maxInlineLength = 100;

/** Plain data as YAML text, in which what is short stands in one line: `name: { title: Name, type: string }`. */
export function printCompactYaml(data: JsonObject): string {
  return Object.entries(data)
    .map(([key, value]) => `${printInline(key)}:${printValue(value, key === 'properties')}\n`)
    .join('');
}

/** A value behind its key. The properties of a table stand below each other, however short they are. */
function printValue(value: Json, isList: boolean): string {
  const inline = printInline(value);
  if (!isJsonObject(value) || (!isList && inline.length <= maxInlineLength)) return ` ${inline}`;
  return `\n${printCompactYaml(value).trimEnd().replace(/^/gm, '  ')}`;
}

/**
 * Changes a YAML text so that it has other data. What stays is kept with its comments.
 *
 * @param before the data of the text
 * @param after the data that it is to have
 */
export function updateYaml(text: string, before: JsonObject, after: JsonObject): string {
  return changeYaml(text, listChanges([], before, after));
}

function listChanges(path: readonly string[], before: JsonObject, after: JsonObject): readonly YamlChange[] {
  const removed = Object.keys(before).filter((key) => after[key] === undefined);
  const changed = Object.entries(after).flatMap(([key, value]): readonly YamlChange[] => {
    const old = before[key];
    if (old !== undefined && isSameJson(old, value)) return [];
    if (isJsonObject(old) && isJsonObject(value)) return listChanges([...path, key], old, value);
    return [{ path: [...path, key], yaml: printValue(value, key === 'properties').trim() }];
  });
  return [...removed.map((key) => ({ path: [...path, key], yaml: undefined })), ...changed];
}
