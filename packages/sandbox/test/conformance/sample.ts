/** One documented request with its answer, as the corpus holds it. */
export interface Sample {
  readonly id: string;
  readonly doc: string;
  readonly request: {
    readonly method: string;
    readonly url: string;
    readonly headers: Readonly<Record<string, string>>;
    readonly body?: string | null;
  };
  readonly response: {
    readonly status: number | null;
    readonly headers: Readonly<Record<string, string>>;
    readonly body?: string | null;
    readonly json?: Json | null;
  } | null;
}

export type Json = Readonly<Record<string, unknown>>;

/** Where the replayed organization is. */
export const origin = 'http://org.test';

/** The documentation writes its organization in many ways; all of them become the replayed one. */
export function useLocalOrigin(text: string): string {
  return text
    .replace(/(?:https?:\/\/)?\[(?:Organization|Token-CRM-Org)[^\]]*\](?:\/[\w-]+(?=\/api\/))?/gi, origin)
    .replace(/https?:\/\/[\w.-]+\.dynamics\.com/gi, origin)
    .replace(/http:\/\/org\.test\/data\/v/g, `${origin}/api/data/v`);
}

/** Placeholders such as `<accountid>` become an id, always the same for the same name. */
export function fillPlaceholders(text: string): string {
  return text.replace(/<(accountid|file id|guid)>/g, (_, name: string) =>
    name === 'accountid' ? '0000000a-0000-4000-8000-000000000001' : '0000000a-0000-4000-8000-000000000002',
  );
}
