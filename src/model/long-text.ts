import { joinBytes } from './join-bytes.ts';
import { maxTextBytes } from './max-text-bytes.ts';

/** A part of a long text, and where it begins. */
interface Piece {
  readonly text: string;
  readonly start: number;
}

/**
 * A text that is kept in pieces: V8 gives each text of more than 128 KB memory of its own, which takes longer than reading
 * the text. Its members are those of a string, for places inside of the text.
 */
export class LongText {
  readonly length: number;
  readonly #pieces: readonly Piece[];
  /** The piece of the last place: the next place is usually in it too. */
  #last = 0;

  /** @param texts none of them ends inside of a character */
  constructor(texts: readonly string[]) {
    let length = 0;
    this.#pieces = texts.map((text) => {
      const start = length;
      length += text.length;
      return { text, start };
    });
    this.length = length;
  }

  /** A text that is composed of short ones, with fewer pieces. */
  static join(texts: readonly string[]): LongText {
    const pieces: string[] = [];
    let from = 0;
    let length = 0;
    for (const [at, text] of texts.entries()) {
      length += text.length;
      if (length <= maxPieceBytes) continue;
      pieces.push(texts.slice(from, at).join(''));
      from = at;
      length = text.length;
    }
    pieces.push(texts.slice(from).join(''));
    return new LongText(pieces);
  }

  /** Decodes UTF-8 that has arrived in parts. */
  static decode(parts: readonly Uint8Array[]): LongText {
    const texts: string[] = [];
    const bytes = new Uint8Array(maxPieceBytes);
    let end = 0;
    const decodeUntil = (cut: number) => {
      const decoder = texts.length === 0 ? startDecoder : restDecoder;
      texts.push(decoder.decode(bytes.subarray(0, cut)));
      bytes.copyWithin(0, cut, end);
      end -= cut;
    };
    for (const part of parts) {
      for (let at = 0; at < part.byteLength; ) {
        const taken = part.subarray(at, at + bytes.length - end);
        bytes.set(taken, end);
        at += taken.byteLength;
        end += taken.byteLength;
        if (end === bytes.length) decodeUntil(findCut(bytes));
      }
    }
    decodeUntil(end);
    return new LongText(texts);
  }

  /** The body of a request: a long one is not one string. */
  toBody(): string | Uint8Array {
    return this.length > maxTextBytes ? this.encode() : this.toString();
  }

  /** The text in UTF-8. */
  encode(): Uint8Array {
    return joinBytes(this.#pieces.map(({ text }) => encoder.encode(text)));
  }

  toString(): string {
    return this.#pieces.map(({ text }) => text).join('');
  }

  charAt(at: number): string {
    return this.slice(at, at + 1);
  }

  slice(start: number, end: number): string {
    let text = '';
    for (let index = this.#indexAt(start); start + text.length < end; index++) {
      const piece = this.#pieces[index];
      if (piece === undefined) break;
      text += piece.text.slice(Math.max(start - piece.start, 0), end - piece.start);
    }
    return text;
  }

  indexOf(searched: string, from: number): number {
    const before = searched.length - 1;
    for (let index = this.#indexAt(from); ; index++) {
      const piece = this.#pieces[index];
      if (piece === undefined) return -1;
      const found = piece.text.indexOf(searched, from - piece.start);
      if (found >= 0) return piece.start + found;
      // It may begin in this piece and end in a later one.
      const pieceEnd = piece.start + piece.text.length;
      const borderStart = Math.max(pieceEnd - before, from);
      const inBorder = this.slice(borderStart, pieceEnd + before).indexOf(searched);
      if (inBorder >= 0) return borderStart + inBorder;
    }
  }

  /** The index of the piece with this place. */
  #indexAt(at: number): number {
    const startOf = (index: number) => this.#pieces[index]?.start ?? Number.POSITIVE_INFINITY;
    while (this.#last > 0 && startOf(this.#last) > at) this.#last--;
    while (startOf(this.#last + 1) <= at) this.#last++;
    return this.#last;
  }
}

/** A text can have two bytes for each of these. */
const maxPieceBytes = maxTextBytes / 2;

const encoder = new TextEncoder();
const startDecoder = new TextDecoder();
/** Inside of a text, a byte order mark is a character. */
const restDecoder = new TextDecoder('utf-8', { ignoreBOM: true });

/** The end of the last complete character. After three bytes that continue a character, the next one begins a new one. */
function findCut(bytes: Uint8Array): number {
  for (let at = bytes.length - 1; at >= bytes.length - 3; at--) {
    const byte = bytes[at] ?? 0;
    if (byte >= 0xc0) return at;
    if (byte < 0x80) break;
  }
  return bytes.length;
}
