import { type Json, withoutNameOf } from 'dynamics365-connector/host';

/** The stored item of another row without the name of a row that it refers to. A text that is no JSON is returned as it is. */
export function forgetInItem(text: string, rowId: string): string {
  try {
    return JSON.stringify(withoutNameOf(JSON.parse(text) as Json, rowId));
  } catch {
    return text;
  }
}
