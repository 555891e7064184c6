import { guidSource, isGuid } from '../../model/guid.ts';
import { isJsonArray, isJsonObject, type Json, type JsonObject, type JsonSchema } from '../../model/json.ts';
import { ownValue } from '../../model/own-value.ts';
import { etagMember, formattedValueAnnotation, lookupTableAnnotation } from '../../odata/row-annotations.ts';
import { testOrigin } from '../contract/fixture.ts';

/**
 * Replaces what is personal or secret in recorded data: every text that a schema does not list, every id, and dates
 * without a time (a birthday). The same value always becomes the same one, so that what belongs together still does.
 * Numbers, yes or no, times, labels of choices and names of tables stay.
 */
export class Scrubber {
  readonly #replacements = new Map<string, string>();
  readonly #counts = new Map<string, number>();

  /** How many values were replaced. */
  get count(): number {
    return this.#replacements.size;
  }

  /** Lets an id stand for another one from now on. */
  rename(id: string, replacement: string): void {
    for (const [original, known] of this.#replacements)
      if (known === id) this.#replacements.set(original, replacement);
  }

  /** An input: its schema says which texts are labels. */
  input(value: Json, schema: JsonSchema, name = ''): Json {
    if (isJsonArray(value))
      return value.map((item) => this.input(item, (schema.items ?? {}) as JsonSchema, name));
    if (isJsonObject(value)) {
      const members = Object.entries(value).map(([key, member]) => {
        return [key, this.input(member, memberOf(schema, key), key)] as const;
      });
      return Object.fromEntries(members);
    }
    if (typeof value !== 'string' || isListed(schema, value) || name === 'table') return value;
    return schema.format === 'odata-filter' ? this.#filter(value) : this.text(value);
  }

  /** The body of a response. */
  body(value: Json): Json {
    if (isJsonArray(value)) return value.map((item) => this.body(item));
    if (!isJsonObject(value)) return typeof value === 'string' ? this.text(value) : value;
    const entries = Object.entries(value).filter(([key]) => key !== '@odata.context' || 'reason' in value);
    return Object.fromEntries(entries.map(([key, member]) => [key, this.#member(key, member, value)]));
  }

  #member(key: string, value: Json, row: JsonObject): Json {
    if (typeof value !== 'string') return this.body(value);
    const [base = '', annotation] = key.split('@');
    if (annotation === lookupTableAnnotation || key === etagMember || key === 'versionnumber') return value;
    // The display text of a number is a label of a choice, an amount or a date in the user's form.
    if (annotation === formattedValueAnnotation && typeof row[base] !== 'string') return value;
    return key.startsWith('@odata.') ? this.url(value) : this.text(value);
  }

  /** A URL of the organization: its host, ids and values are replaced. */
  url(text: string): string {
    const path = text.replace(/^https?:\/\/[^/]+/, '');
    const scrubbed = path.replace(new RegExp(guidSource, 'g'), (id) => this.text(id));
    const [before = '', query] = scrubbed.split('?');
    const isLink = query !== undefined && /skiptoken|deltatoken/.test(query);
    return `${path === text ? '' : testOrigin}${before}${isLink ? `?$skiptoken=${this.#next('page')}` : ''}`;
  }

  /** One text. */
  text(value: string): string {
    if (value === '' || isTime(value)) return value;
    const known = this.#replacements.get(value.toLowerCase());
    if (known !== undefined) return known;
    const replacement = this.#replace(value);
    this.#replacements.set(value.toLowerCase(), replacement);
    return replacement;
  }

  #filter(text: string): string {
    return text.replace(/'((?:[^']|'')*)'/g, (_, quoted: string) => `'${this.text(quoted)}'`);
  }

  #replace(value: string): string {
    if (isGuid(value)) return `a0000000-0000-4000-8000-${String(this.#next('id')).padStart(12, '0')}`;
    if (/^\d{4}-\d\d-\d\d$/.test(value))
      return `2000-01-${String((this.#next('date') % 28) + 1).padStart(2, '0')}`;
    if (/^[^\s@]+@[^\s@.]+(?:\.[^\s@.]+)+$/.test(value)) return `person${this.#next('email')}@example.com`;
    if (/^https?:/.test(value)) return `https://example.com/${this.#next('url')}`;
    if (/^[+\d][\d ()/.-]*$/.test(value)) return digitsLike(value, this.#next('digits'));
    const text = `text ${this.#next('text')}`;
    // A text that is shorter than ours may have to be short.
    return value.length >= text.length ? text : text.replace(/\D/g, '').slice(-value.length);
  }

  #next(kind: string): number {
    const count = (this.#counts.get(kind) ?? 0) + 1;
    this.#counts.set(kind, count);
    return count;
  }
}

/** Other digits in the same form: a telephone number, an amount. */
function digitsLike(value: string, seed: number): string {
  const length = value.replace(/\D/g, '').length;
  const digits = String(seed).padStart(length, '5').slice(-length);
  let at = 0;
  return value.replace(/\d/g, () => digits.charAt(at++));
}

function isTime(value: string): boolean {
  return /^\d{4}-\d\d-\d\dT[\d:.]+(?:Z|[+-]\d\d:\d\d)?$/.test(value);
}

function isListed(schema: JsonSchema, value: string): boolean {
  const branches = [schema, ...((schema.anyOf ?? []) as readonly JsonSchema[])];
  return branches.some((one) => Array.isArray(one.enum) && one.enum.includes(value));
}

function memberOf(schema: JsonSchema, name: string): JsonSchema {
  const branches = [schema, ...((schema.anyOf ?? []) as readonly JsonSchema[])];
  const found = branches.map(({ properties }) => ownValue((properties ?? {}) as JsonObject, name));
  return (found.find((one) => one !== undefined) ?? {}) as JsonSchema;
}
