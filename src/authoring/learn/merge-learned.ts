import { isJsonObject, isSameJson, type Json } from '../../model/json.ts';
import { ownValue } from '../../model/own-value.ts';

/**
 * Merges what is learned now with what the author has made of it since it was learned last. What the author changed or
 * removed stays; everything else follows the organization.
 *
 * @param last what was learned last; undefined if nothing was
 * @param next what is learned now
 * @param own what the author has now
 */
export function mergeLearned(
  last: Json | undefined,
  next: Json | undefined,
  own: Json | undefined,
): Json | undefined {
  if (isSameJson(own, last)) return next;
  if (isSameJson(next, last)) return own;
  if (Array.isArray(own) && Array.isArray(next))
    return mergeLists(Array.isArray(last) ? last : [], next, own);
  if (!isJsonObject(own) || !isJsonObject(next)) return own;
  const before = isJsonObject(last) ? last : {};
  const keys = [...new Set([...Object.keys(own), ...Object.keys(next)])];
  return Object.fromEntries(
    keys.flatMap((key) => {
      const merged = mergeLearned(ownValue(before, key), ownValue(next, key), ownValue(own, key));
      return merged === undefined ? [] : [[key, merged]];
    }),
  );
}

function mergeLists(last: readonly Json[], next: readonly Json[], own: readonly Json[]): Json {
  const has = (list: readonly Json[], item: Json) => list.some((one) => isSameJson(one, item));
  const kept = own.filter((item) => has(next, item) || !has(last, item));
  const added = next.filter((item) => !has(own, item) && !has(last, item));
  return [...kept, ...added];
}
