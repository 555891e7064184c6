import { type ParameterAliases, unquoteString } from 'dynamics365-connector/odata';
import { invalidQuery } from '../web-api/errors.ts';
import { splitTopLevel } from '../web-api/request-path.ts';

/** Parses the arguments of a function call: `EntityNames=@p1,Count=5`, with the parameter aliases of the query. */
export function parseFunctionArguments(
  args: string,
  aliases: ParameterAliases,
): Readonly<Record<string, unknown>> {
  if (args.trim() === '') return {};
  const pairs = splitTopLevel(args, ',').map((pair) => {
    const equals = pair.indexOf('=');
    if (equals < 1) throw invalidQuery('Bad Request - Error in query syntax.');
    const text = pair.slice(equals + 1).trim();
    const value = text.startsWith('@') ? aliases.get(text) : text;
    if (value === undefined) throw invalidQuery(`The parameter alias '${text.slice(0, 50)}' has no value.`);
    return [pair.slice(0, equals).trim(), parseArgument(value.trim())] as const;
  });
  return Object.fromEntries(pairs);
}

/** Parses `'text'`, `5`, `true`, `null`, `Ns.Enum'Member'`, a GUID, or JSON in which single quotes are allowed. */
function parseArgument(text: string): unknown {
  if (/^'.*'$/s.test(text)) return unquoteString(text);
  const member = /^[\w.]+'(\w+)'$/.exec(text);
  if (member) return member[1];
  try {
    return parseLenientJson(text);
  } catch {
    if (/^[\w.:+-]{1,200}$/.test(text)) return text;
    throw invalidQuery('Bad Request - Error in query syntax.');
  }
}

/**
 * Parses JSON in which single quotes may delimit texts, as Dataverse does. Single quotes inside double quotes belong to
 * the text: `{"Value":"['account']"}`. Throws a SyntaxError.
 */
export function parseLenientJson(text: string): unknown {
  return JSON.parse(
    text.replace(/"(?:\\.|[^"\\])*"|'(?:[^']|'')*'/g, (quoted) =>
      quoted.startsWith('"') ? quoted : JSON.stringify(unquoteString(quoted)),
    ),
  );
}
