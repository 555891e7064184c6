import { SaxesParser } from 'saxes';
import type { Span } from '../../model/span.ts';
import type { QueryDiagnostic } from '../check/query-diagnostic.ts';
import { escapeXml } from './escape-xml.ts';

/** The positions of an attribute: its name, and its value without the quotes. */
export interface XmlAttributeSpans {
  readonly name: Span;
  readonly value: Span;
}

/** An element. Its span is that of the name in the opening tag. */
export interface XmlElement extends Span {
  readonly name: string;
  readonly attributes: Readonly<Record<string, string>>;
  readonly attributeSpans: Readonly<Record<string, XmlAttributeSpans>>;
  readonly children: readonly XmlElement[];
  readonly text: string;
  /** The span of the text. */
  readonly textSpan: Span;
}

interface OpenElement extends XmlElement {
  readonly attributes: Record<string, string>;
  readonly attributeSpans: Record<string, XmlAttributeSpans>;
  readonly children: XmlElement[];
  text: string;
  textSpan: Span;
}

/** Deeper elements are not read: no query needs them, and readers of the tree call themselves for each level. */
const maxDepth = 100;

/** Reads XML, with the span of each name and value. If it is not well-formed, there is no root but a diagnostic. */
export function readXml(text: string): {
  readonly root?: XmlElement;
  readonly diagnostics: readonly QueryDiagnostic[];
} {
  const unescaped = findUnescapedAmpersands(text);
  if (unescaped.length > 0) return { diagnostics: unescaped };
  const reader = new XmlReader(text);
  const { root, diagnostics } = reader;
  return diagnostics.length > 0 || root === undefined ? { diagnostics } : { root, diagnostics };
}

const ampersand = escapeXml('&');

/**
 * Finds each `&` that does not begin a reference. The parser reports it only where it gives up, which can be many
 * characters later.
 */
function findUnescapedAmpersands(text: string): readonly QueryDiagnostic[] {
  // Comments and CDATA sections contain any "&".
  const visible = hideParts(hideParts(text, '<!--', '-->'), '<![CDATA[', ']]>');
  const found = visible.matchAll(/&(?!(?:amp|lt|gt|quot|apos|#\d{1,7}|#x[\da-fA-F]{1,6});)/g);
  return [...found].map(({ index: start }) => ({
    severity: 'error',
    code: 'Q170',
    message: `In XML the character “&” is written ${ampersand}.`,
    fix: `Write ${ampersand}.`,
    start,
    end: start + 1,
    edit: { start, end: start + 1, text: ampersand },
  }));
}

/** The text with spaces in the place of all parts between two marks, which have no end if the second one is missing. */
function hideParts(text: string, begin: string, close: string): string {
  const pieces: string[] = [];
  let from = 0;
  for (;;) {
    const start = text.indexOf(begin, from);
    const end = start < 0 ? -1 : text.indexOf(close, start + begin.length);
    if (end < 0) return pieces.join('') + text.slice(from);
    pieces.push(text.slice(from, start), ' '.repeat(end + close.length - start));
    from = end + close.length;
  }
}

/** Builds the tree of elements from the events of the parser. */
class XmlReader {
  readonly diagnostics: QueryDiagnostic[] = [];
  root: XmlElement | undefined;
  readonly #text: string;
  readonly #parser = new SaxesParser({ position: true });
  readonly #open: OpenElement[] = [];

  constructor(text: string) {
    this.#text = text;
    // Errors after the first one follow from it.
    this.#parser.on('error', ({ message }) => this.diagnostics.length > 0 || this.#report(message));
    this.#parser.on('doctype', () => this.#report('FetchXML must not have a document type.'));
    this.#parser.on('opentagstart', ({ name }) => this.#openElement(name));
    this.#parser.on('attribute', ({ name, value }) => this.#addAttribute(name, value));
    this.#parser.on('text', (piece) => this.#addText(piece));
    this.#parser.on('cdata', (piece) => this.#addText(piece));
    this.#parser.on('closetag', () => this.#open.pop());
    this.#parser.write(text).close();
  }

  #report(message: string): void {
    this.diagnostics.push(notWellFormed(message, this.#parser.position, this.#text));
  }

  #openElement(name: string): void {
    const start = this.#text.lastIndexOf('<', this.#parser.position - 1) + 1;
    const textSpan = { start, end: start };
    const end = start + name.length;
    const element = {
      name,
      start,
      end,
      attributes: {},
      attributeSpans: {},
      children: [],
      text: '',
      textSpan,
    };
    if (this.#open.length === maxDepth && this.diagnostics.length === 0)
      this.#report('It is nested too deeply.');
    if (this.#open.length < maxDepth) this.#open.at(-1)?.children.push(element);
    this.root ??= element;
    this.#open.push(element);
  }

  #addAttribute(name: string, value: string): void {
    const element = this.#open.at(-1);
    // A value without quotes has no span; it has been reported.
    if (element === undefined || this.diagnostics.length > 0) return;
    element.attributes[name] = value;
    element.attributeSpans[name] = findAttributeSpans(this.#text, name, this.#parser.position);
  }

  #addText(piece: string): void {
    const element = this.#open.at(-1);
    if (element === undefined) return;
    const start = this.#text.lastIndexOf('>', this.#parser.position - 2) + 1;
    element.text += piece;
    element.textSpan = { start, end: start + piece.trimEnd().length };
  }
}

/** The spans of the attribute that ends before a position. The parser is after the closing quote. */
function findAttributeSpans(text: string, name: string, position: number): XmlAttributeSpans {
  let end = position - 1;
  while (text[end] !== '"' && text[end] !== "'") end--;
  const start = text.lastIndexOf(text.charAt(end), end - 1) + 1;
  const nameStart = text.lastIndexOf(name, start - 2);
  return { name: { start: nameStart, end: nameStart + name.length }, value: { start, end } };
}

function notWellFormed(message: string, position: number, text: string): QueryDiagnostic {
  // The message of the parser begins with the line and column.
  const cleaned = message.replace(/^\d+:\d+: /, '').replace(/\.?$/, '.');
  const end = Math.min(Math.max(position, 1), text.length);
  const sentence = `${cleaned.charAt(0).toUpperCase()}${cleaned.slice(1)}`;
  return { severity: 'error', code: 'Q170', message: sentence, start: end - 1, end };
}
