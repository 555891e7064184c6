import type { RequestTemplate } from '../model/definition.ts';
import { compilePlain } from './compile-plain.ts';
import type { Place } from './compile-query.ts';
import { compileVerb } from './compile-verb.ts';
import { complete } from './complete.ts';
import { requestForms } from './grammar/action.ts';
import { compileTemplate } from './holes.ts';
import { findTable } from './references.ts';
import type { RequestContext, Verb } from './request-form.ts';
import type { RequestYaml } from './shapes.ts';
import type { Site } from './site.ts';
import type { Workshop } from './workshop.ts';

/** Reads what a request is: one of the verbs, or `plain` (method and path); undefined after a fault. */
export function readForm(yaml: RequestYaml, site: Site, shop: Workshop): Verb | 'plain' | undefined {
  const words = Object.keys(requestForms).filter((word) => Object.hasOwn(yaml, word));
  const [word] = words;
  if (words.length !== 1 || word === undefined) {
    const message =
      word === undefined ? 'the request does not say what to do' : `${words.join(' and ')} are two requests`;
    site.error('M106', message, { key: true, fix: `write one of: ${Object.keys(requestForms).join(', ')}` });
    return undefined;
  }
  if (word === 'method') return 'plain';
  const verb = word as Verb['verb'];
  const table = findTable(yaml[verb]!, site.at(verb), shop);
  return table && { verb, table };
}

/** Compiles a request; undefined after a fault. */
export function compileRequest(
  yaml: RequestYaml,
  form: Verb | 'plain',
  context: RequestContext,
): RequestTemplate | undefined {
  const lowered = form === 'plain' ? compilePlain(yaml, context) : compileVerb(yaml, form, context);
  const headers = compileHeaders(yaml.headers ?? {}, context);
  return lowered && headers && { ...lowered, headers };
}

/** Headers that the engine, the sender or the token own. */
const reserved = new Set([
  'accept',
  'authorization',
  'connection',
  'content-length',
  'content-type',
  'cookie',
  'host',
  'if-none-match',
  'odata-maxversion',
  'odata-version',
  'prefer',
  'transfer-encoding',
]);

function compileHeaders(
  headers: Readonly<Record<string, string>>,
  { site, scope }: Place,
): RequestTemplate['headers'] | undefined {
  return complete(
    Object.entries(headers).map(([name, value]) => {
      const at = site.at('headers', name);
      if (reserved.has(name.toLowerCase())) {
        at.error('M109', `the header ${name} belongs to the engine`, { key: true, fix: 'leave it out' });
        return undefined;
      }
      const template = compileTemplate(value, { locate: 'header', needed: true }, { site: at, scope });
      return template && ([name, template] as const);
    }),
  );
}
