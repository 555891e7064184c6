import { type DataverseError, invalidQuery } from './errors.ts';

/** Quoted texts, and names in front of one: `guid'…'`. A name with a dot is the type of an enumeration member. */
const literals = /(?<![\w.'])([A-Za-z_]\w*)?'(?:[^']|'')*'/g;

/** The error for a quote that is never closed; undefined when all are. */
export function unterminatedLiteral(text: string): DataverseError | undefined {
  const open = text.replace(/'(?:[^']|'')*'/g, (closed) => ' '.repeat(closed.length)).indexOf("'");
  if (open < 0) return undefined;
  const kind = /\w/.test(text.charAt(open - 1)) ? 'literal' : 'string literal';
  return invalidQuery(`There is an unterminated ${kind} at position ${text.length} in '${text}'.`);
}

/** The error for the first literal with a type of OData 3 in front: `guid'…'`, `datetime'…'`; undefined without one. */
export function unrecognizedLiteral(text: string): DataverseError | undefined {
  for (const { 0: literal, 1: prefix, index } of text.matchAll(literals)) {
    if (prefix === undefined) continue;
    return invalidQuery(`Unrecognized 'Edm.String' literal '${literal}' at '${index}' in '${text}'.`);
  }
  return undefined;
}
