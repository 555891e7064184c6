import { SaxesParser } from 'saxes';
import type { Span } from '../../model/span.ts';
import type { QueryDiagnostic } from '../check/query-diagnostic.ts';

/** An attribute of an element; the span is that of its value, without the quotes. */
export interface XmlAttribute extends Span {
  readonly value: string;
  /** Where its name stands. */
  readonly name: Span;
}

/** An element; the span is that of its opening tag's name. */
export interface XmlElement extends Span {
  readonly name: string;
  readonly attributes: Readonly<Record<string, XmlAttribute>>;
  readonly children: readonly XmlElement[];
  readonly text: string;
  /** Where its text stands. */
  readonly textSpan: Span;
}

interface OpenElement extends XmlElement {
  readonly attributes: Record<string, XmlAttribute>;
  readonly children: XmlElement[];
  text: string;
  textSpan: Span;
}

/** Reads XML with the place of every name and value; undefined with a fault where it is not well-formed. */
export function readXml(text: string): {
  readonly root?: XmlElement;
  readonly diagnostics: readonly QueryDiagnostic[];
} {
  const parser = new SaxesParser({ position: true });
  const diagnostics: QueryDiagnostic[] = [];
  const open: OpenElement[] = [];
  let root: XmlElement | undefined;
  parser.on(
    'error',
    (error) =>
      diagnostics.length > 0 || diagnostics.push(notWellFormed(error.message, parser.position, text)),
  );
  parser.on('doctype', () =>
    diagnostics.push(notWellFormed('A document type has no place in FetchXML.', parser.position, text)),
  );
  parser.on('opentagstart', ({ name }) => {
    const start = text.lastIndexOf('<', parser.position - 1) + 1;
    const element = {
      name,
      start,
      end: start + name.length,
      attributes: {},
      children: [],
      text: '',
      textSpan: { start, end: start },
    };
    open.at(-1)?.children.push(element);
    root ??= element;
    open.push(element);
  });
  parser.on('attribute', ({ name, value }) => {
    const element = open.at(-1);
    // A value without quotes has no place to be found; its fault has been noted.
    if (element === undefined || diagnostics.length > 0) return;
    element.attributes[name] = { value, ...findAttributeSpans(text, name, parser.position) };
  });
  parser.on('text', (piece) => {
    const element = open.at(-1);
    if (element === undefined) return;
    const start = text.lastIndexOf('>', parser.position - 2) + 1;
    element.text += piece;
    element.textSpan = { start, end: start + piece.trimEnd().length };
  });
  parser.on('closetag', () => open.pop());
  parser.write(text).close();
  return diagnostics.length > 0 || root === undefined ? { diagnostics } : { root, diagnostics };
}

/** The parser stands behind the closing quote; that quote does not occur in between. */
function findAttributeSpans(
  text: string,
  name: string,
  position: number,
): Pick<XmlAttribute, 'start' | 'end' | 'name'> {
  let end = position - 1;
  while (text[end] !== '"' && text[end] !== "'") end--;
  const start = text.lastIndexOf(text[end]!, end - 1) + 1;
  const nameStart = text.lastIndexOf(name, start - 2);
  return { start, end, name: { start: nameStart, end: nameStart + name.length } };
}

function notWellFormed(message: string, position: number, text: string): QueryDiagnostic {
  // The parser's own words come with a line and column before them.
  const cleaned = message.replace(/^\d+:\d+: /, '').replace(/\.?$/, '.');
  const end = Math.min(Math.max(position, 1), text.length);
  const sentence = `${cleaned[0]!.toUpperCase()}${cleaned.slice(1)}`;
  return { severity: 'error', code: 'Q170', message: sentence, start: end - 1, end };
}
